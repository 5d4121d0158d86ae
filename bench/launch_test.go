package bench

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var launchOnce sync.Once

// BenchmarkLaunch is what it costs to have programs traced from their first instruction: one, and fifty static ones that a shell starts.
func BenchmarkLaunch(b *testing.B) {
	launchOnce.Do(func() { measureLaunch(b) })
	b.ReportMetric(0, "ns/op")
}

func measureLaunch(b *testing.B) {
	const group = "launch by systrap trace (medians of rounds)"
	systrap, err := filepath.Abs("../build/systrap")
	if err == nil {
		_, err = os.Stat(systrap)
	}
	if err != nil || !haveStrace() {
		addRow(group, "launch", "skipped", "", "no build/systrap (make), or strace is not installed")
		return
	}
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	out := filepath.Join(dir, "launch.out")
	measure := func(name string, n, processes int, native command, straceBar, nativeBar float64) {
		ours := native
		ours.args = append([]string{systrap, "trace", "-f", "-o", out}, native.args...)
		wall, cpu := interleave(b, rounds(n), native, ours, native.strace("-o", out+".strace"))
		checkLaunched(b, out, processes)
		r, toNative := median(ratios(wall[1], wall[2])), median(ratios(wall[1], wall[0]))
		addRow(group, name, millis(median(wall[0])), "", "native")
		note := "against native; processor time " + millis(median(cpu[1]))
		if nativeBar != 0 {
			note += "; " + verdict(toNative, nativeBar)
		}
		addRow(group, name+", systrap trace -f -o FILE", millis(median(wall[1])), times(toNative), note)
		addRow(group, name+", strace -f -o FILE", millis(median(wall[2])), times(median(ratios(wall[2], wall[0]))), "processor time "+millis(median(cpu[2])))
		addRow(group, name+", systrap / strace", "", times(r), "processor time "+times(median(ratios(cpu[1], cpu[2])))+"; "+verdict(r, straceBar))
	}
	measure("true", 40, 1, command{args: []string{"true"}}, 1, 0)
	hello := filepath.Join(dir, "hello")
	source := filepath.Join(dir, "hello.c")
	if err := os.WriteFile(source, []byte("#include <stdio.h>\nint main(void) { puts(\"hello\"); }\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	if err := exec.Command("gcc", "-O1", "-static", "-o", hello, source).Run(); err != nil {
		addRow(group, "50 static programs", "skipped", "", "gcc -static: "+err.Error())
		return
	}
	loop := "i=0; while [ $i -lt 50 ]; do " + hello + "; i=$((i+1)); done"
	measure("50 static programs from a shell", 9, 51, command{args: []string{"sh", "-c", loop}}, 1.5, 3)
}

// checkLaunched sees that the trace is of that many programs, each from its first instruction, as strace's is: one that was not traced costs nothing.
func checkLaunched(b *testing.B, trace string, processes int) {
	b.Helper()
	ours, err := os.ReadFile(trace)
	if err != nil {
		b.Fatal(err)
	}
	theirs, err := os.ReadFile(trace + ".strace")
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range []string{"+++ exited with 0 +++", "brk(NULL"} { // of an unfinished one, too
		if n, m := bytes.Count(ours, []byte(line)), bytes.Count(theirs, []byte(line)); n != m || n < processes {
			b.Fatalf("%d times %q of %d programs, and %d in strace's", n, line, processes, m)
		}
	}
}
