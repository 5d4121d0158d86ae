package bench

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// startups are programs that do little but start, and by how much a no-op tool
// may delay them; 0 is no bar.
var startups = []struct {
	name   string
	args   []string
	rounds int
	bar    time.Duration
}{
	{"true", []string{"true"}, 60, 0},
	{"ls /", []string{"ls", "/"}, 60, time.Millisecond},
	{"node -e 0", []string{"node", "-e", "0"}, 20, 8 * time.Millisecond},
	{"java -version", []string{"java", "-version"}, 20, 0},
}

var startupOnce sync.Once

// BenchmarkStartup is what the tool adds to programs that only start.
func BenchmarkStartup(b *testing.B) {
	startupOnce.Do(func() { measureStartup(b) })
	b.ReportMetric(0, "ns/op")
}

func measureStartup(b *testing.B) {
	const group = "start-up (no-op tool; tracer with its output in a file; median of rounds)"
	lib := library(b, noopTool)
	tracer := library(b, traceTool)
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	toFile := "SYSTRAP_OPTIONS=-o " + filepath.Join(dir, "trace.out")
	for _, s := range startups {
		if _, err := exec.LookPath(s.args[0]); err != nil {
			addRow(group, s.name, "skipped", "", "not installed")
			continue
		}
		native := command{args: s.args}
		wall, cpu := interleave(b, rounds(s.rounds), native, native.under(lib), native.under(tracer, toFile))
		was, is := median(wall[0]), median(wall[1])
		cpuWas, cpuIs := median(cpu[0]), median(cpu[1])
		note := ""
		switch {
		case s.bar == 0:
		case is-was <= s.bar:
			note = "bar +" + s.bar.String() + ": met"
		case cpuIs-cpuWas <= s.bar:
			note = "bar +" + s.bar.String() + ": met in processor time only, the machine is busy"
		default:
			note = "bar +" + s.bar.String() + ": MISSED"
		}
		addRow(group, s.name, millis(was), "", "native")
		addRow(group, s.name+" trapped", millis(is), "+"+millis(is-was), note)
		addRow(group, s.name+" processor time", millis(cpuIs), "+"+millis(cpuIs-cpuWas), "against native")
		addRow(group, s.name+" traced", millis(median(wall[2])), "+"+millis(median(wall[2])-was), "trace-syscalls -o FILE")
		b.ReportMetric(float64((is-was).Microseconds())/1e3, s.args[0]+"-ms")
	}
}
