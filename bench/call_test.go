package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// callBar is the most that a trapped call may cost, against the smallest SIGILL
// handler in the same run.
const callBar = 1.05

// perCall runs the loop fixture and returns nanoseconds per call.
func perCall(b *testing.B, n int, env []string, args ...string) float64 {
	b.Helper()
	cmd := exec.Command(args[0], append(args[1:], strconv.Itoa(n))...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%q: %v", args, err)
	}
	ns, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return ns
}

var callOnce sync.Once

// BenchmarkCall is the price of one getppid: alone, trapped by a tool that does
// nothing, trapped by the smallest handler, and under strace.
func BenchmarkCall(b *testing.B) {
	callOnce.Do(func() { measureCall(b) })
	b.ReportMetric(0, "ns/op")
}

func measureCall(b *testing.B) {
	const group = "one getppid (loop of calls, median of rounds)"
	loop := fixture(b, "loop")
	lib := []string{"LD_PRELOAD=" + library(b, noopTool)}
	var bare, ours, least []float64
	for range rounds(25) {
		bare = append(bare, perCall(b, 100000, nil, loop, "bare"))
		least = append(least, perCall(b, 10000, nil, loop, "ud2"))
		ours = append(ours, perCall(b, 10000, lib, loop, "bare"))
	}
	ourRatio := median(ratios(ours, least))
	bareRatio := median(ratios(ours, bare))
	b.ReportMetric(ourRatio, "ours/least")
	verdict := "bar 1.05: met"
	if ourRatio > callBar {
		verdict = "bar 1.05: MISSED"
	}
	ns := func(v []float64) string { return fmt.Sprintf("%.0f ns", median(v)) }
	addRow(group, "bare", ns(bare), "", "")
	addRow(group, "smallest ud2 handler", ns(least), times(median(ratios(least, bare))), "against bare")
	addRow(group, "no-op tool", ns(ours), times(bareRatio), "against bare")
	addRow(group, "no-op tool", ns(ours), times(ourRatio), "against the smallest handler; "+verdict)
	if !haveStrace() {
		addRow(group, "strace -f", "skipped", "", "no strace here")
		return
	}
	var straced []float64
	for range rounds(5) {
		straced = append(straced, perCall(b, 2000, nil, "strace", "-f", "-o", "/dev/null", loop, "bare"))
	}
	addRow(group, "strace -f -o /dev/null", ns(straced), times(median(straced)/median(bare)), "against bare")
}
