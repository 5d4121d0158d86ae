package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
)

// callBar is the most that a trapped call may cost, against the smallest SIGILL
// handler in the same run.
const callBar = 1.05

// perCall runs the loop fixture and returns nanoseconds per call, of processor
// time and of real time.
func perCall(b *testing.B, n int, env []string, args ...string) (cpu, wall float64) {
	b.Helper()
	cmd := exec.Command(args[0], append(args[1:], strconv.Itoa(n))...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%q: %v", args, err)
	}
	if _, err := fmt.Sscan(string(out), &cpu, &wall); err != nil {
		b.Fatal(err)
	}
	return cpu, wall
}

var callOnce sync.Once

// BenchmarkCall is the price of one getppid: alone, trapped by a tool that does
// nothing, trapped by the smallest handler, and under strace.
func BenchmarkCall(b *testing.B) {
	callOnce.Do(func() { measureCall(b) })
	b.ReportMetric(0, "ns/op")
}

func measureCall(b *testing.B) {
	const group = "one getppid (loop of calls, processor time, median of rounds)"
	loop := fixture(b, "loop")
	lib := []string{"LD_PRELOAD=" + library(b, noopTool), "SYSTRAP_DOOR=trap"}
	others := [...]string{"int3", "hlt"}
	var other [len(others)][]float64
	var bare, ours, least, bareWall []float64
	for range rounds(25) {
		x, wall := perCall(b, 100000, nil, loop, "bare")
		bare, bareWall = append(bare, x), append(bareWall, wall)
		x, _ = perCall(b, 10000, nil, loop, "ud2")
		least = append(least, x)
		x, _ = perCall(b, 10000, lib, loop, "bare")
		ours = append(ours, x)
		for i, kind := range others {
			x, _ = perCall(b, 10000, append([]string{"SYSTRAP_TRAP=" + kind}, lib...), loop, "bare")
			other[i] = append(other[i], x)
		}
	}
	ratio := median(ratios(ours, least))
	b.ReportMetric(ratio, "ours/least")
	verdict := "bar 1.05: met"
	if ratio > callBar {
		verdict = "bar 1.05: MISSED"
	}
	ns := func(v []float64) string { return fmt.Sprintf("%.0f ns", median(v)) }
	addRow(group, "bare", ns(bare), "", "")
	addRow(group, "smallest ud2 handler", ns(least), times(median(ratios(least, bare))), "against bare")
	addRow(group, "no-op tool", ns(ours), times(median(ratios(ours, bare))), "against bare")
	addRow(group, "no-op tool", ns(ours), times(ratio), "against the smallest handler; "+verdict)
	for i, kind := range others {
		addRow(group, "no-op tool, SYSTRAP_TRAP="+kind, ns(other[i]), times(median(ratios(other[i], bare))), "against bare")
	}
	if !haveStrace() {
		addRow(group, "strace -f", "skipped", "", "no strace here")
		return
	}
	var straced []float64
	for range rounds(7) {
		_, wall := perCall(b, 2000, nil, "strace", "-f", "-o", "/dev/null", loop, "bare")
		straced = append(straced, wall)
	}
	addRow(group, "strace -f -o /dev/null, real time", ns(straced), times(median(straced)/median(bareWall)), "against bare")
}
