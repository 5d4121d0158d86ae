package bench

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var stackOnce sync.Once

// BenchmarkStack is the price of -k, a stack behind every line: a program with
// deep stacks natively, under the tracer and under strace.
func BenchmarkStack(b *testing.B) {
	stackOnce.Do(func() { measureStack(b) })
	b.ReportMetric(0, "ns/op")
}

func measureStack(b *testing.B) {
	const group = "whole program with -k: perl, which loads modules"
	if _, err := exec.LookPath("perl"); err != nil {
		addRow(group, "perl", "skipped", "", "not installed")
		return
	}
	out := filepath.Join(b.TempDir(), "log")
	native := command{args: []string{"perl", "-MPOSIX", "-MSocket", "-MData::Dumper", "-e", "1"}}
	commands := []command{native, native.under(library(b, traceTool), "SYSTRAP_OPTIONS=-k -o "+out)}
	names := []string{"native", "trace-syscalls -k -o FILE"}
	if haveStrace() {
		commands = append(commands, native.strace("-k", "-o", out))
		names = append(names, "strace -f -k -o FILE")
	}
	wall, _ := interleave(b, rounds(5), commands...)
	for i, what := range names {
		ratio := ""
		if i > 0 {
			ratio = times(median(ratios(wall[i], wall[0])))
		}
		addRow(group, what, millis(median(wall[i])), ratio, "")
	}
	if haveStrace() {
		r := median(ratios(wall[2], wall[1]))
		addRow(group, "strace / trace-syscalls", "", times(r), "")
		b.ReportMetric(r, "strace/ours")
	}
}
