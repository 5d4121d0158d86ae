package bench

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
)

// row is one line of the final table.
type row struct{ group, what, value, ratio, note string }

var rows []row

// addRow adds a line, and prints it, as the table comes minutes later; note says what
// the ratio is against, or the bar.
func addRow(group, what, value, ratio, note string) {
	r := row{group, what, value, ratio, note}
	if len(rows) == 0 || rows[len(rows)-1].group != group {
		fmt.Fprintf(os.Stderr, "\n%s\n", group)
	}
	fmt.Fprint(os.Stderr, r.String())
	rows = append(rows, r)
}

func (r row) String() string {
	return fmt.Sprintf("  %-34s %14s %10s  %s\n", r.what, r.value, r.ratio, r.note)
}

// printTable prints the rows under the names of their groups.
func printTable() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\n%d processors, load averages (1, 5, 15 minutes) %s", runtime.NumCPU(), load)
	group := ""
	for _, r := range rows {
		if r.group != group {
			group = r.group
			fmt.Printf("\n%s\n", group)
		}
		fmt.Print(r.String())
	}
}

func TestMain(m *testing.M) {
	status := m.Run()
	if len(rows) > 0 {
		printTable()
	}
	removeTools()
	os.Exit(status)
}

// rounds is n times $BENCH_ROUNDS.
func rounds(n int) int {
	if k, err := strconv.Atoi(os.Getenv("BENCH_ROUNDS")); err == nil && k > 0 {
		return n * k
	}
	return n
}

// median returns the middle of v. A single slow round does not move it.
func median[T float64 | time.Duration](v []T) T {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// ratios divides a by b round by round, so that a slow second counts against
// both.
func ratios[T float64 | time.Duration](a, b []T) []float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = float64(a[i]) / float64(b[i])
	}
	return r
}

func times(x float64) string { return fmt.Sprintf("%.3g x", x) }

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1e3) }

func micros(d time.Duration) string { return fmt.Sprintf("%.0f us", float64(d.Nanoseconds())/1e3) }

func plural(n int, what string) string {
	if n != 1 && what != "KiB" {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// clock returns how long f takes.
func clock(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
