package bench

import (
	"fmt"
	"sync"
	"testing"
)

// footBar is the most that the footprint of a call without pointers may cost, against a call of the tool that does
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
	noop := []string{"LD_PRELOAD=" + library(b, noopTool)}
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
	verdict := "bar 1.05: met"
	if ratio > footBar {
		verdict = "bar 1.05: MISSED"
	}
	addRow(group, "no-op tool", fmt.Sprintf("%.0f ns", median(without)), "", "")
	addRow(group, "footprints", fmt.Sprintf("%.0f ns", median(with)), times(ratio), "against the no-op tool; "+verdict)
}
