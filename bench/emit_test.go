package bench

import (
	"fmt"
	"sync"
	"testing"
)

var emitOnce sync.Once

// BenchmarkEmitted is the price of machine code that the program makes: one call
// in it, found by Syscall User Dispatch, against a call that was patched; and a
// round of writing and running it.
func BenchmarkEmitted(b *testing.B) {
	emitOnce.Do(func() { measureEmitted(b) })
	b.ReportMetric(0, "ns/op")
}

func measureEmitted(b *testing.B) {
	const group = "machine code made by the program (processor time, median of rounds)"
	emit, loop := fixture(b, "emit"), fixture(b, "loop")
	lib := []string{"LD_PRELOAD=" + library(b, noopTool)}
	off := append([]string{"SYSTRAP_DISCOVER=0"}, lib...)
	var patched, call, callBare, round, roundWall, plain, roundOurs, plainOurs, roundOff []float64
	for range rounds(25) {
		measure := func(to *[]float64, n int, env []string, args ...string) (wall float64) {
			cpu, wall := perCall(b, n, env, args...)
			*to = append(*to, cpu)
			return wall
		}
		measure(&patched, 10000, lib, loop, "bare")
		measure(&call, 10000, lib, emit, "call")
		measure(&callBare, 100000, nil, emit, "call")
		roundWall = append(roundWall, measure(&round, 20000, nil, emit, "round"))
		measure(&plain, 20000, nil, emit, "plain")
		measure(&roundOurs, 4000, lib, emit, "round")
		measure(&plainOurs, 4000, lib, emit, "plain")
		measure(&roundOff, 4000, off, emit, "round")
	}
	ns := func(v []float64) string { return fmt.Sprintf("%.0f ns", median(v)) }
	addRow(group, "one emitted call, native", ns(callBare), "", "")
	addRow(group, "one emitted call, no-op tool", ns(call), times(median(ratios(call, callBare))), "against native")
	addRow(group, "one patched call, no-op tool", ns(patched), times(median(ratios(patched, callBare))), "against native")
	found := median(ratios(call, patched))
	addRow(group, "emitted / patched", "", times(found), "SIGSYS against ud2")
	b.ReportMetric(found, "emitted/patched")
	addRow(group, "write-protect-run, native", ns(round), "", "two mprotect, one call")
	addRow(group, "write-protect-run, no-op tool", ns(roundOurs), times(median(ratios(roundOurs, round))), "against native")
	addRow(group, "the same calls without code", ns(plainOurs), times(median(ratios(plainOurs, plain))), "no-op tool, against native")
	addRow(group, "write-protect-run, patched", ns(roundOff), times(median(ratios(roundOff, round))), "no-op tool, SYSTRAP_DISCOVER=0")
	if !haveStrace() {
		addRow(group, "strace -f", "skipped", "", "no strace here")
		return
	}
	var straced []float64
	for range rounds(7) {
		_, wall := perCall(b, 1000, nil, "strace", "-f", "-o", "/dev/null", emit, "round")
		straced = append(straced, wall)
	}
	ratio := median(straced) / median(roundWall)
	addRow(group, "write-protect-run, strace -f", ns(straced), times(ratio), "real time, against native")
	b.ReportMetric(ratio, "round-strace/native")
}
