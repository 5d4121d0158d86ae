package bench

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Against trace-syscalls, both with -o: what a call without pointers may cost under trace-sysfoot, and a program that does
// little but calls with pointers.
const (
	sysfootBar     = 1.05
	sysfootFindBar = 1.3
)

var sysfootOnce sync.Once

// BenchmarkSysfoot is the price of the footprints below the lines.
func BenchmarkSysfoot(b *testing.B) {
	sysfootOnce.Do(func() { measureSysfoot(b) })
	b.ReportMetric(0, "ns/op")
}

func measureSysfoot(b *testing.B) {
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	out := "SYSTRAP_OPTIONS=-o " + filepath.Join(dir, "trace.out")
	group := "one getppid, traced with footprints (processor time, median of rounds)"
	loop := fixture(b, "loop")
	trace, foot := library(b, traceTool), library(b, sysfootTool)
	var without, with []float64
	for range rounds(25) {
		x, _ := perCall(b, 10000, []string{"LD_PRELOAD=" + trace, out}, loop, "bare")
		without = append(without, x)
		x, _ = perCall(b, 10000, []string{"LD_PRELOAD=" + foot, out}, loop, "bare")
		with = append(with, x)
	}
	ratio := median(ratios(with, without))
	b.ReportMetric(ratio, "sysfoot/trace")
	addRow(group, "trace-syscalls -o FILE", fmt.Sprintf("%.0f ns", median(without)), "", "")
	addRow(group, "trace-sysfoot -o FILE", fmt.Sprintf("%.0f ns", median(with)), times(ratio), "against trace-syscalls; "+verdict(ratio, sysfootBar))

	group = "whole program with footprints: find /usr"
	if _, err := exec.LookPath("find"); err != nil {
		addRow(group, "find", "skipped", "", "not installed")
		return
	}
	find := command{args: []string{"find", "/usr"}}
	wall, cpu := interleave(b, rounds(7), find.under(trace, out), find.under(foot, out))
	ratio = median(ratios(cpu[1], cpu[0]))
	b.ReportMetric(ratio, "find-sysfoot/trace")
	addRow(group, "trace-syscalls -o FILE, processor time", millis(median(cpu[0])), "", "")
	addRow(group, "trace-sysfoot -o FILE, the same", millis(median(cpu[1])), times(ratio),
		"against trace-syscalls; real time "+times(median(ratios(wall[1], wall[0])))+"; "+verdict(ratio, sysfootFindBar))
}

// verdict says whether a ratio is within its bar.
func verdict(ratio, bar float64) string {
	if ratio > bar {
		return fmt.Sprintf("bar %g: MISSED", bar)
	}
	return fmt.Sprintf("bar %g: met", bar)
}

// footBar is the most that the footprint of a call without pointers may cost, against a call of a tool whose functions do
// nothing: less than 5 % of a call that is also traced, then.
const footBar = 1.05

var footOnce sync.Once

// BenchmarkFootprint is the price of one getppid whose footprint is asked for before and after.
func BenchmarkFootprint(b *testing.B) {
	footOnce.Do(func() { measureFootprint(b) })
	b.ReportMetric(0, "ns/op")
}

func measureFootprint(b *testing.B) {
	const group = "one getppid, its footprint asked for (processor time, median of rounds)"
	loop := fixture(b, "loop")
	noop := []string{"LD_PRELOAD=" + library(b, hooksTool)}
	foot := []string{"LD_PRELOAD=" + library(b, footTool)}
	var without, with []float64
	for range rounds(25) {
		x, _ := perCall(b, 10000, noop, loop, "bare")
		without = append(without, x)
		x, _ = perCall(b, 10000, foot, loop, "bare")
		with = append(with, x)
	}
	ratio := median(ratios(with, without))
	b.ReportMetric(ratio, "foot/noop")
	addRow(group, "Enter and Exit that do nothing", fmt.Sprintf("%.0f ns", median(without)), "", "")
	addRow(group, "footprints", fmt.Sprintf("%.0f ns", median(with)), times(ratio), "against those; "+verdict(ratio, footBar))
}
