package bench

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

var logOnce sync.Once

// BenchmarkLog is the price of one line of -o: through a mapping of the file, by
// write(2) (-A), and under strace.
func BenchmarkLog(b *testing.B) {
	logOnce.Do(func() { measureLog(b) })
	b.ReportMetric(0, "ns/op")
}

func measureLog(b *testing.B) {
	const group = "one getppid with its line in a file (processor time, median of rounds)"
	const n = 50000
	loop := fixture(b, "loop")
	log := filepath.Join(b.TempDir(), "log")
	with := func(options string) []string {
		return []string{"LD_PRELOAD=" + library(b, traceTool), "SYSTRAP_OPTIONS=-o " + log + " " + options}
	}
	var unprinted, mapped, mappedWall, written, writtenWall []float64
	for range rounds(25) {
		measure := func(options string) (cpu, wall float64) { return perCall(b, n, with(options), loop, "bare") }
		x, _ := measure("-e trace=none")
		unprinted = append(unprinted, x)
		x, wall := measure("")
		mapped, mappedWall = append(mapped, x), append(mappedWall, wall)
		x, wall = measure("-A")
		written, writtenWall = append(written, x), append(writtenWall, wall)
	}
	ns := func(v []float64) string { return fmt.Sprintf("%.0f ns", median(v)) }
	addRow(group, "no line (-e trace=none)", ns(unprinted), "", "")
	addRow(group, "-o by write(2) per line (-A)", ns(written), times(median(ratios(written, unprinted))), "against no line")
	addRow(group, "-o by mapping", ns(mapped), times(median(ratios(mapped, unprinted))), "against no line")
	ratio := median(ratios(mapped, written))
	addRow(group, "mapping / write(2)", "", times(ratio), "")
	b.ReportMetric(ratio, "mapped/written")
	if !haveStrace() {
		addRow(group, "strace -f -o", "skipped", "", "no strace here")
		return
	}
	var straced []float64
	for range rounds(7) {
		_, wall := perCall(b, 2000, nil, "strace", "-f", "-o", log, loop, "bare")
		straced = append(straced, wall)
	}
	addRow(group, "strace -f -o, real time", ns(straced), times(median(straced)/median(mappedWall)), "against the mapping's real time")
	b.ReportMetric(median(straced)/median(mappedWall), "strace/mapped")
	b.ReportMetric(median(straced)/median(writtenWall), "strace/written")
}
