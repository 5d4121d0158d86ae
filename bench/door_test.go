package bench

import (
	"fmt"
	"sync"
	"testing"
)

// doorBar is the most that a call by the jump door may cost under the no-op tool, against a native one in the same run.
const doorBar = 1.15

var doorOnce sync.Once

// BenchmarkDoor is the price of single calls that come by the jump door: native, with the no-op tool, which wants to know
// of none, with one whose Enter and Exit are called, and by the trap.
func BenchmarkDoor(b *testing.B) {
	doorOnce.Do(func() { measureDoor(b) })
	b.ReportMetric(0, "ns/op")
}

func measureDoor(b *testing.B) {
	const group = "one call by the jump door (loop of calls, processor time, median of rounds)"
	loop := fixture(b, "loop")
	noop, hooks := "LD_PRELOAD="+library(b, noopTool), "LD_PRELOAD="+library(b, hooksTool)
	for _, name := range []string{"getppid", "read", "write"} {
		ways := []struct {
			what string
			n    int
			env  []string
		}{
			{"native", 1000000, nil},
			{"no-op tool", 1000000, []string{noop, "SYSTRAP_DOOR=jump"}},
			{"Enter and Exit that do nothing", 1000000, []string{hooks, "SYSTRAP_DOOR=jump"}},
			{"no-op tool, SYSTRAP_DOOR=trap", 20000, []string{noop, "SYSTRAP_DOOR=trap"}},
		}
		took := make([][]float64, len(ways))
		for range rounds(9) {
			for i, w := range ways {
				ns, _ := perCall(b, w.n, w.env, loop, name)
				took[i] = append(took[i], ns)
			}
		}
		for i, w := range ways {
			ratio, note := "", ""
			if i > 0 {
				r := median(ratios(took[i], took[0]))
				ratio, note = times(r), "against native"
				switch {
				case i > 1:
				case r <= doorBar:
					note += fmt.Sprintf("; bar %v: met", doorBar)
				default:
					note += fmt.Sprintf("; bar %v: MISSED", doorBar)
				}
				if i == 1 {
					b.ReportMetric(r, name+"-door")
				}
			}
			addRow(group, name+", "+w.what, fmt.Sprintf("%.0f ns", median(took[i])), ratio, note)
		}
	}
}
