package bench

import (
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const linesTool = "libsystrap/bench/lines"

var linesOnce sync.Once

// BenchmarkLines is what printing a call costs by itself, with the line in a file: in the traced
// process, without the trap and the call.
func BenchmarkLines(b *testing.B) {
	linesOnce.Do(func() { measureLines(b) })
	b.ReportMetric(0, "ns/op")
}

func measureLines(b *testing.B) {
	lib := library(b, linesTool)
	for _, options := range []string{"", "-c", "-c -w", "-tt -T"} {
		group := strings.TrimSpace("the text of a call without the call (the fastest of 25 turns) " + options)
		best := map[string]string{}
		var order []string
		cmd := exec.Command("echo")
		cmd.Env = []string{"LD_PRELOAD=" + lib, "SYSTRAP_OPTIONS=-o " + filepath.Join(b.TempDir(), "log") + " " + options}
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if call, ns, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
				order = append(order, call)
				best[call] = ns
			}
		}
		if len(order) == 0 {
			b.Fatalf("nothing was measured: %q", out)
		}
		if options != "" {
			order = []string{"getppid", "read-1", "write-1"}
		}
		for _, call := range order {
			addRow(group, call, best[call]+" ns", "", "")
		}
	}
}
