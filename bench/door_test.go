package bench

import (
	"fmt"
	"sync"
	"testing"
)

// doorBar is the most that a call by the jump door may cost under the no-op tool, against a native one in the same run.
const doorBar = 1.15

// hookBar is the most that a hook in C that does nothing may cost more than a Go tool whose Enter and Exit do nothing, in ns.
const hookBar = 25

var doorOnce sync.Once

// BenchmarkDoor is the price of single calls that come by the jump door: native, with the no-op tool, which wants to know
// of none, with one whose Enter and Exit are called, with a hook in C (libsyscall_intercept), and by the trap.
func BenchmarkDoor(b *testing.B) {
	doorOnce.Do(func() { measureDoor(b) })
	b.ReportMetric(0, "ns/op")
}

func measureDoor(b *testing.B) {
	const group = "one call by the jump door (loop of calls, processor time, median of rounds)"
	loop := fixture(b, "loop")
	noop, hooks := "LD_PRELOAD="+library(b, noopTool), "LD_PRELOAD="+library(b, hooksTool)
	hook := "LD_PRELOAD=" + cHook(b)
	for _, name := range []string{"getppid", "read", "write"} {
		ways := []struct {
			what string
			n    int
			env  []string
		}{
			{"native", 1000000, nil},
			{"no-op tool", 1000000, []string{noop, "SYSTRAP_DOOR=jump"}},
			{"Enter and Exit that do nothing", 1000000, []string{hooks, "SYSTRAP_DOOR=jump"}},
			{"hook in C that does nothing", 1000000, []string{hook, "SYSTRAP_DOOR=jump"}},
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
				case i == wayHook:
					note += againstGo(b, name, took[wayHook], took[wayHook-1])
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

// wayHook is the hook in C among the ways, behind the Go tool that it is compared with.
const wayHook = 3

// againstGo says what a hook in C costs more than a Go tool.
func againstGo(b *testing.B, name string, hook, tool []float64) string {
	more := make([]float64, len(hook))
	for i := range more {
		more[i] = hook[i] - tool[i]
	}
	ns := median(more)
	b.ReportMetric(ns, name+"-hook-ns")
	verdict := "met"
	if ns > hookBar {
		verdict = "MISSED"
	}
	return fmt.Sprintf("; %+.0f ns to Enter and Exit, bar %d: %s", ns, hookBar, verdict)
}
