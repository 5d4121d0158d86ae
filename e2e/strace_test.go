package e2e

import (
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSameAsStrace runs programs under strace and under trace-syscalls and
// compares the logs, thread by thread: the same calls in the same order, and
// the same text once addresses and ids are taken out. strace also shows what
// ld.so does before the library is there, so after each exec ours is the end of
// strace's.
//
// The programs have no signal handlers: one that runs as a call returns makes
// its own calls before that call's line is written.
func TestSameAsStrace(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	lib := traceLib
	for _, c := range []struct{ name, needs, script string }{
		{"cat", "cat", "exec cat /etc/passwd /etc/services /nonexistent"},
		{"ls", "ls", "exec ls -la /usr/bin"},
		{"find", "find", "exec find /usr/share/doc -maxdepth 2 -name '*.gz' -newer /etc/passwd"},
		{"tar", "tar", "exec tar cf out.tar -C /usr/share/perl5 Debconf"},
		{"python", "/usr/bin/python3", "exec /usr/bin/python3 -S -c 'import socket,json; s=socket.socketpair(); s[0].send(b\"x\"); print(s[1].recv(9))'"},
		{"python-spawn", "/usr/bin/python3", "exec /usr/bin/python3 -S -c 'import subprocess as s; print(s.run([\"/bin/echo\", \"x\"]).returncode, s.run([\"/bin/false\"]).returncode)'"},
		{"perl-fork", "perl", "PERL_HASH_SEED=0 exec perl -e 'opendir D,q(/etc); utime 1,2,q(nofile); kill 0,$$; system qw(/bin/echo x); exit 3 if !fork; wait; print $?'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.needs)
			want := traceOf(t, c.script, "strace", "-f", "-o", "LOG")
			got := traceOf(t, c.script, "env", "LD_PRELOAD="+lib, "SYSTRAP_OPTIONS=-f -o LOG")
			compareTraces(t, want, got)
		})
	}
}

// traceOf runs a script under a tracer in a fresh directory of a fixed name and
// returns its log.
func traceOf(t *testing.T, script string, tracer ...string) string {
	t.Helper()
	dir := filepath.Join(workRoot, "strace")
	log := filepath.Join(workRoot, "strace.log")
	os.RemoveAll(dir)
	os.Remove(log)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range tracer {
		tracer[i] = strings.ReplaceAll(tracer[i], "LOG", log)
	}
	cmd := exec.Command("timeout", append([]string{"240"}, append(tracer, "sh", "-c", script)...)...)
	cmd.Dir = dir
	cmd.Env = fixedEnv(dir)
	out, err := cmd.CombinedOutput()
	text, readErr := os.ReadFile(log)
	if readErr != nil || len(text) == 0 {
		t.Fatalf("%v wrote no log (%v): %v\n%s", tracer, err, readErr, out)
	}
	return string(text)
}

var (
	logLine   = regexp.MustCompile(`^(\d+) +(.*)$`)
	resumed   = regexp.MustCompile(`^<\.\.\. \w+ resumed>(.*)$`)
	addresses = regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`)
	ids       = regexp.MustCompile(`\b\d{4,}\b`)
	// Process ids are small numbers again when they have wrapped.
	pids    = regexp.MustCompile(`^((?:clone3?|v?fork|wait4|waitid|getpid|getppid|gettid|set_tid_address)\(.*\) = )[1-9]\d*|^((?:kill|tgkill|wait4)\()[1-9]\d*`)
	padding = regexp.MustCompile(`\) += `)
	// What programs and the machine make anew each time: random numbers, free
	// space.
	randoms = regexp.MustCompile(`^getrandom\("(?:[^"\\]|\\.)*"|/\* \d+ vars \*/|^read\(3, "(?:[^"\\]|\\.)*", 4\) = 4$|\b(f_bfree|f_bavail|f_ffree|freeram|bufferram|sharedram|procs)=\d+`)
)

// wholeLines are the lines of a trace, each with its thread's number, and those of calls that others interrupted put together.
func wholeLines(log string) iter.Seq2[string, string] {
	return func(yield func(id, text string) bool) {
		pending := map[string]string{}
		for line := range strings.Lines(log) {
			m := logLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if m == nil {
				continue
			}
			id, text := m[1], m[2]
			if head, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
				pending[id] = head
				continue
			}
			if r := resumed.FindStringSubmatch(text); r != nil {
				text = pending[id] + r[1]
			}
			if !yield(id, text) {
				return
			}
		}
	}
}

// threads returns each thread's calls in order of first appearance, cut after
// each successful exec.
func threads(log string) [][][]string {
	index := map[string]int{}
	var all [][][]string
	for id, text := range wholeLines(log) {
		if strings.HasPrefix(text, "+++") || strings.HasPrefix(text, "---") {
			continue
		}
		k, ok := index[id]
		if !ok {
			k = len(all)
			index[id] = k
			all = append(all, [][]string{nil})
		}
		parts := all[k]
		parts[len(parts)-1] = append(parts[len(parts)-1], normal(text))
		if strings.HasPrefix(text, "exec") && strings.HasSuffix(text, " = 0") {
			all[k] = append(parts, nil)
		}
	}
	return all
}

// normal takes out what differs from run to run.
func normal(s string) string {
	s = padding.ReplaceAllString(s, ") = ")
	s = pids.ReplaceAllString(s, "${1}${2}ID")
	s = pids.ReplaceAllString(s, "${1}${2}ID") // the result behind the argument
	s = addresses.ReplaceAllString(s, "ADDR")
	s = randoms.ReplaceAllString(s, "RANDOM")
	s = strings.ReplaceAll(s, ",  ", ", ")
	return ids.ReplaceAllString(s, "ID")
}

func nameOf(call string) string { return call[:max(strings.IndexByte(call, '('), 0)] }

func compareTraces(t *testing.T, wantLog, gotLog string) {
	want, got := threads(wantLog), threads(gotLog)
	if len(want) != len(got) {
		t.Fatalf("strace saw %d threads, we saw %d\n%s", len(want), len(got), gotLog)
	}
	calls, different := 0, 0
	for k := range want {
		// strace's first part is the exec by which it starts the program; ours
		// begins in that program.
		w := want[k]
		g := got[k]
		if len(w) == len(g)+1 && k == 0 {
			w = w[1:]
		}
		if len(w) != len(g) {
			t.Errorf("thread %d: strace saw %d program images, we saw %d", k, len(w), len(g))
			continue
		}
		for i := range w {
			a, b := w[i], g[i]
			if len(b) > len(a) {
				t.Errorf("thread %d image %d: %d calls, strace has %d", k, i, len(b), len(a))
				continue
			}
			a = a[len(a)-len(b):]
			for n := range b {
				calls++
				if nameOf(a[n]) != nameOf(b[n]) {
					t.Fatalf("thread %d image %d call %d:\n  strace %s\n  we     %s", k, i, n, a[n], b[n])
				}
				if a[n] != b[n] {
					different++
					t.Logf("text:\n  strace %s\n  we     %s", a[n], b[n])
				}
			}
		}
	}
	if calls == 0 {
		t.Error("no calls to compare")
	}
	if different > 0 {
		t.Error(fmt.Sprintf("%d of %d lines differ", different, calls))
	}
}
