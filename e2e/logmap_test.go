package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/e2e/tracelog"
)

// A log in a file is written through a mapping, with -A by write(2).

// logmapProgram is testdata/lib/logmap.c.
var logmapProgram = sync.OnceValues(func() (string, error) {
	exe := filepath.Join(workRoot, "logmap")
	out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", exe, "testdata/lib/logmap.c").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("gcc: %v\n%s", err, out)
	}
	return exe, nil
})

// logRun is one run of that program.
type logRun struct {
	log    string
	stderr string
	status int
}

// runLog runs the program under systrap trace, or with the library alone.
func runLog(t *testing.T, alone bool, options, log string, words ...string) *logRun {
	t.Helper()
	need(t, "gcc")
	ours := tracerCommand(t)
	program, err := logmapProgram()
	if err != nil {
		t.Fatal(err)
	}
	options += " -o " + log
	args := append([]string{"-s", "ABRT", "240"}, ours)
	args = append(args, strings.Fields(options)...)
	if alone {
		args = append(args[:3], "env", "LD_PRELOAD="+filepath.Join(filepath.Dir(ours), "trace-syscalls.so"), "SYSTRAP_OPTIONS="+options)
	}
	cmd := exec.Command("timeout", append(append(args, program), words...)...)
	cmd.Env = fixedEnv(workRoot)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.Run()
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return &logRun{string(b), stderr.String(), cmd.ProcessState.ExitCode()}
}

// eachWay runs a test under systrap trace and with the library alone.
func eachWay(t *testing.T, test func(t *testing.T, alone bool)) {
	t.Run("trace", func(t *testing.T) { test(t, false) })
	t.Run("library", func(t *testing.T) { test(t, true) })
}

// TestMappedLog wants what write(2) leaves, line for line.
func TestMappedLog(t *testing.T) {
	pids := regexp.MustCompile(`(?m)^\d+ +|(fork\(\) +=|wait4\(|strace: Process|"si_pid"|si_pid=|\) += )\d+|0x[0-9a-f]{6,}|si_[us]time=\d+`)
	for _, words := range []string{"plain 3000", "blocked 300", "families 500", "space 20000", "filtered 1000"} {
		t.Run(words, func(t *testing.T) {
			eachWay(t, func(t *testing.T, alone bool) {
				log := filepath.Join(t.TempDir(), "log")
				const options = "-f -e trace=getpriority,exit_group"
				want := runLog(t, alone, options+" -A", log, strings.Fields(words)...)
				os.Remove(log)
				got := runLog(t, alone, options, log, strings.Fields(words)...)
				if want.status != 7 || got.status != 7 || want.stderr != got.stderr {
					t.Errorf("write: %d, %q; mapped: %d, %q", want.status, want.stderr, got.status, got.stderr)
				}
				if d := diffText("log", pids.ReplaceAllString(want.log, "ID"), pids.ReplaceAllString(got.log, "ID")); len(d) > 0 {
					t.Errorf("-native: by write(2), +trapped: mapped: %.3000s", strings.Join(d, "\n"))
				}
			})
		})
	}
}

// wholeLog wants a log of whole lines, which make sense.
func wholeLog(t *testing.T, log string) {
	t.Helper()
	if i := strings.IndexByte(log, 0); i >= 0 {
		t.Errorf("a NUL at byte %d of %d", i, len(log))
		return
	}
	if _, err := tracelog.Read(strings.NewReader(log)); err != nil {
		t.Error(err)
	}
}

// killCall is the line of a call that has succeeded, or its second part.
var killCall = regexp.MustCompile(`(?m)(kill\(\d+, SIGKILL\)|kill resumed>\)) += 0$`)

// TestMappedLogKilled kills processes in the middle of their lines.
func TestMappedLogKilled(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	eachWay(t, func(t *testing.T, alone bool) {
		r := runLog(t, alone, "-f", log, "killed", "40")
		wholeLog(t, r.log)
		if n := len(killCall.FindAllString(r.log, -1)); r.status != 7 || n != 40 {
			t.Errorf("status %d, %d kill calls", r.status, n)
		}
	})
	t.Run("all", func(t *testing.T) {
		r := runLog(t, false, "-f", log, "killed", "5", log)
		wholeLog(t, r.log)
		if !strings.HasSuffix(r.log, "+++ killed by SIGKILL +++\n") {
			t.Errorf("the end: %q", r.log[max(0, len(r.log)-200):])
		}
	})
	t.Run("all, library", func(t *testing.T) {
		// Nobody is left to cut the file: lines, and NULs behind them.
		r := runLog(t, true, "-e trace=getpriority,kill", log, "killed", "0", log)
		text := strings.TrimRight(r.log, "\x00")
		wholeLog(t, text)
		if !strings.HasSuffix(text, "\n") && !strings.HasPrefix(text, "kill(") || len(r.log) > 64<<10 {
			t.Errorf("%d bytes, the end: %q", len(r.log), text[max(0, len(text)-200):])
		}
	})
}

// TestMappedLogForeign has the program itself cut its log, or add to it.
func TestMappedLogForeign(t *testing.T) {
	eachWay(t, func(t *testing.T, alone bool) {
		log := filepath.Join(t.TempDir(), "log")
		r := runLog(t, alone, "-e trace=getpriority", log, "added", "3000", log)
		wholeLog(t, strings.Replace(r.log, "a line of its own\n", "", 1))
		for i := range 6000 {
			if !strings.Contains(r.log, fmt.Sprintf("getpriority(0x5eed /* PRIO_??? */, %d)", i)) {
				t.Errorf("call %d is lost", i)
				break
			}
		}
		if r.status != 7 || strings.Count(r.log, "a line of its own\n") != 1 {
			t.Errorf("status %d, %d bytes", r.status, len(r.log))
		}
		for _, what := range []string{"truncated", "blocked"} {
			r = runLog(t, alone, "-e trace=getpriority", log, what, "3000", log)
			wholeLog(t, r.log)
			n := strings.Count(r.log, "\n")
			if r.status != 7 || n < 2900 || n > 3100 || !strings.HasSuffix(r.log, "+++ exited with 7 +++\n") {
				t.Errorf("%s: status %d, %d lines, stderr %q", what, r.status, n, r.stderr)
			}
		}
	})
}

// TestMappedLogLimited has the program limit the size of its files: the log is none of
// them, and it gets no signal for our lines.
func TestMappedLogLimited(t *testing.T) {
	eachWay(t, func(t *testing.T, alone bool) {
		log := filepath.Join(t.TempDir(), "log")
		r := runLog(t, alone, "-e trace=getpriority", log, "limited", "3000")
		if n := strings.Count(r.log, "getpriority("); r.status != 7 || n != 6000 || r.stderr != "" {
			t.Errorf("status %d, %d calls, stderr %q", r.status, n, r.stderr)
		}
		wholeLog(t, r.log)
	})
}

// TestStrictSeccomp: the end of a program in seccomp's strict mode had no line, and
// with options that take calls of our own it was killed.
func TestStrictSeccomp(t *testing.T) {
	eachWay(t, func(t *testing.T, alone bool) {
		for _, options := range []string{"", "-A", "-f -tt -T -yy", "-r", "-C -w"} {
			r := runLog(t, alone, options+" -e trace=getpriority,write,exit,prctl", filepath.Join(t.TempDir(), "log"), "strict", "5")
			if r.status != 7 || strings.Count(r.log, "write(99") != 5 || strings.Count(r.log, "+++ exited with 7 +++\n") != 1 {
				t.Errorf("%s: status %d, %q", options, r.status, r.log)
			}
		}
	})
}

// TestMappedLogFull fills a file system.
func TestMappedLogFull(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=300k"); err != nil {
		t.Skipf("cannot mount a tmpfs: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	eachWay(t, func(t *testing.T, alone bool) {
		log := filepath.Join(dir, "log")
		r := runLog(t, alone, "-f -e trace=getpriority", log, "families", "2000")
		want := ": " + log + ": No space left on device\n"
		if alone {
			want = "cannot write the trace: no space left on device; the program goes on, lines are lost\n"
		}
		if r.status != 7 || !strings.HasSuffix(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("status %d, stderr %q", r.status, r.stderr)
		}
		if len(r.log) < 290<<10 {
			t.Errorf("only %d bytes", len(r.log))
		}
		wholeLog(t, r.log[:strings.LastIndexByte(r.log, '\n')+1])
	})
}

// TestMappedLogUnmapped has the log on a file system without fallocate(2).
func TestMappedLogUnmapped(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "ramfs", 0, ""); err != nil {
		t.Skipf("cannot mount a ramfs: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	log := filepath.Join(dir, "log")
	eachWay(t, func(t *testing.T, alone bool) {
		r := runLog(t, alone, "-f -e trace=getpriority,exit_group", log, "families", "300")
		wholeLog(t, r.log)
		if n := strings.Count(r.log, "getpriority("); r.status != 7 || r.stderr != "" || n != 10*300 {
			t.Errorf("status %d, %d calls, stderr %q", r.status, n, r.stderr)
		}
	})
}

// TestMappedLogCalls counts system calls as the kernel does: none is made for a
// line.
func TestMappedLogCalls(t *testing.T) {
	need(t, "gcc")
	ours := tracerCommand(t)
	writes := func(options string) (n int) {
		cmd := exec.Command(ours, append(strings.Fields(options), "-o", filepath.Join(t.TempDir(), "log"), "/usr/bin/python3", "-S", "-c",
			"import os\nfor i in range(10000): os.umask(0)\nprint(open('/proc/self/io').read())")...)
		cmd.Env = fixedEnv(workRoot)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := bytes.Cut(out, []byte("syscw: "))
		if _, err := fmt.Sscan(string(rest), &n); err != nil {
			t.Fatalf("%v: %q", err, out)
		}
		return n
	}
	need(t, "/usr/bin/python3")
	if n := writes("-A"); n < 10000 {
		t.Errorf("-A: %d write calls", n)
	}
	if n := writes(""); n > 1000 {
		t.Errorf("mapped: %d write calls", n)
	}
}
