package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var programsOnce sync.Once

// BenchmarkPrograms runs whole programs natively, under the no-op tool, under
// the tracer with its output in a file or counting (-c), and under strace
// likewise.
func BenchmarkPrograms(b *testing.B) {
	programsOnce.Do(func() { measurePrograms(b) })
	b.ReportMetric(0, "ns/op")
}

func measurePrograms(b *testing.B) {
	for _, p := range []struct {
		name   string
		args   []string
		dir    string
		rounds int
	}{
		{"find /usr", []string{"find", "/usr"}, "", 7},
		{"git status", []string{"git", "status"}, repository(b), 11},
		{"node, a compiled loop", []string{"node", "testdata/loop.js"}, "", 5},
		{"java, a compiled loop", []string{"java", "-cp", classes(b), "Loop"}, "", 5},
		{"dd bs=1 count=20000", []string{"dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=20000", "status=none"}, "", 7},
	} {
		if _, err := exec.LookPath(p.args[0]); err != nil {
			addRow(p.name, p.name, "skipped", "", "not installed")
			continue
		}
		measureProgram(b, p.name, command{args: p.args, dir: p.dir}, rounds(p.rounds), command.run)
	}
	if _, err := exec.LookPath("redis-benchmark"); err != nil {
		addRow("redis", "redis", "skipped", "", "redis-benchmark is not installed")
		return
	}
	measureProgram(b, "redis-benchmark, of the server", redisServer(b), rounds(5), benchmarkRedis)
}

// measureProgram measures one program under each tracer; run runs it once.
func measureProgram(b *testing.B, name string, native command, n int, run runner) {
	group := "whole program: " + name
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	out := filepath.Join(dir, "trace.out")
	lib := library(b, traceTool)
	commands := []command{
		native, native.under(library(b, noopTool)),
		native.under(lib, "SYSTRAP_OPTIONS=-o "+out), native.under(lib, "SYSTRAP_OPTIONS=-c -w -o "+out),
	}
	names := []string{"native", "no-op tool", "trace-syscalls -o FILE", "trace-syscalls -c -w"}
	const log, counts = 2, 3
	if haveStrace() {
		commands = append(commands, native.strace("-o", out), native.strace("-c", "-w", "-o", out))
		names = append(names, "strace -f -o FILE", "strace -f -c -w")
	}
	wall, cpu := interleaveWith(b, n, run, commands...)
	for i, what := range names {
		ratio, note := "", ""
		if i > 0 {
			ratio = times(median(ratios(wall[i], wall[0])))
			note = "against native; processor time " + times(median(ratios(cpu[i], cpu[0])))
		}
		addRow(group, what, millis(median(wall[i])), ratio, note)
	}
	if !haveStrace() {
		return
	}
	for _, v := range []struct {
		ours int
		row  string
		unit string
	}{{log, "strace / trace-syscalls", "-strace/ours"}, {counts, "strace / trace-syscalls, -c -w", "-strace/ours-c"}} {
		r := median(ratios(wall[v.ours+2], wall[v.ours]))
		addRow(group, v.row, "", times(r), "processor time "+times(median(ratios(cpu[v.ours+2], cpu[v.ours]))))
		b.ReportMetric(r, native.args[0]+v.unit)
	}
}

// repository makes a git repository of 2000 files.
func repository(b *testing.B) string {
	root, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	dir := filepath.Join(root, "repository")
	for i := range 2000 {
		p := filepath.Join(dir, fmt.Sprint("d", i%40), fmt.Sprint("f", i))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(p, fmt.Append(nil, i), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if err := cmd.Run(); err != nil {
			return dir // without git the row is skipped anyway
		}
	}
	return dir
}

// classes compiles testdata/Loop.java and returns the folder of its classes. With
// no compiler there is nothing in it: the row is then of java's error.
func classes(b *testing.B) string {
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := exec.LookPath("javac"); err == nil {
		if out, err := exec.Command("javac", "-d", dir, "testdata/Loop.java").CombinedOutput(); err != nil {
			b.Fatalf("javac: %v\n%s", err, out)
		}
	}
	return dir
}
