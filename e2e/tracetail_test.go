package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What was wrong with a traced program shows in its trace, which is gone when the test has ended: of each thread that a signal ended, or
// a fault's came to, or that we have said something of, the last lines before that are part of what a test says.

var (
	traceFate = regexp.MustCompile(`^(?:\d+ +)?(?:--- SIG(?:SEGV|BUS|ILL|TRAP|FPE|ABRT) |\+\+\+ killed by |(?:trace-syscalls|strace): )`)
	ownFate   = regexp.MustCompile(`process (\d+)`)
)

// fateLines and fates are how many lines are shown before each such event, and how many events at most.
const fateLines, fates = 12, 8

// traceTail returns those lines of a trace; several may belong to the same thread.
func traceTail(name string) (tail []string) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	last := map[string][]string{}
	events := 0
	for line := range strings.Lines(strings.TrimRight(string(b), "\x00")) {
		line = fmt.Sprintf("%.300s", strings.TrimSuffix(line, "\n"))
		owner := ""
		if m := logLine.FindStringSubmatch(line); m != nil {
			owner = m[1]
		} else if m := ownFate.FindStringSubmatch(line); m != nil {
			owner = m[1]
		}
		if traceFate.MatchString(line) && events < fates {
			events++
			tail = append(tail, slices.Concat([]string{"in the trace:"}, last[owner], []string{line})...)
			last[owner] = nil
			continue
		}
		if l := append(last[owner], line); len(l) > fateLines {
			last[owner] = slices.Clone(l[1:])
		} else {
			last[owner] = l
		}
	}
	return tail
}

// TestTraceTail: what led to a thread's end is shown, other threads' lines are not.
func TestTraceTail(t *testing.T) {
	name := t.TempDir() + "/log"
	log := "7  getpid() = 7\n8  getppid() = 7\n7  read(0, \"\", 1) = 0\n7  --- SIGSEGV {si_signo=SIGSEGV} ---\n8  close(0) = 0\n" +
		"7  write(1, \"x\", 1) = 1\n7  +++ killed by SIGSEGV +++\ntrace-syscalls: process 8 is attached to by process 9, goes on untraced\n"
	if err := os.WriteFile(name, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"in the trace:", "7  getpid() = 7", "7  read(0, \"\", 1) = 0", "7  --- SIGSEGV {si_signo=SIGSEGV} ---",
		"in the trace:", "7  write(1, \"x\", 1) = 1", "7  +++ killed by SIGSEGV +++",
		"in the trace:", "8  getppid() = 7", "8  close(0) = 0", "trace-syscalls: process 8 is attached to by process 9, goes on untraced",
	}
	if got := traceTail(name); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
