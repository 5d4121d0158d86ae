package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// cloneParent makes a child of its parent's, and waits until it is gone.
const cloneParent = `#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
	pid_t p = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (!p)
		_exit(3);
	for (int i = 0; i < 10000; i++) {
		if (kill(p, 0) && errno == ESRCH) {
			puts("gone");
			return 0;
		}
		usleep(1000);
	}
	puts("still there");
	return 1;
}
`

// TestTraceReapsChildrenMadeItsOwn: a child by CLONE_PARENT is that of systrap trace,
// where it stays as the parent; the program spun for ever, waiting for it to be
// waited for (strace's clone_parent).
func TestTraceReapsChildrenMadeItsOwn(t *testing.T) {
	need(t, "gcc")
	dir := t.TempDir()
	src, exe := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(src, []byte(cloneParent), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-o", exe, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct{ options, want string }{
		{"", `^(strace: Exit of unknown pid \d+ ignored\ngone|gone\nstrace: Exit of unknown pid \d+ ignored)\n$`},
		{"-qq", `^gone\n$`},
		{"-f", `^gone\n$`},
	} {
		args := []string{"240", tracerCommand(t), "-o", filepath.Join(dir, "log")}
		if c.options != "" {
			args = append(args, c.options)
		}
		out, err := exec.Command("timeout", append(args, exe)...).CombinedOutput()
		text := tracerIs.ReplaceAllString(string(out), "strace: ")
		if err != nil || !regexp.MustCompile(c.want).MatchString(text) {
			t.Errorf("%q: %v, %q", c.options, err, text)
		}
	}
}
