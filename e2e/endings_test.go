package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// crashProgram ends by the signal that it is given, or by the fault that it is named.
const crashProgram = `
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <linux/seccomp.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *how = argv[1];
	if (!strcmp(how, "null"))
		*(volatile int *)0 = 1;
	else if (!strcmp(how, "ud2"))
		asm volatile("ud2");
	else if (!strcmp(how, "int3"))
		asm volatile("int3");
	else if (!strcmp(how, "divide")) {
		volatile int zero = 0;
		zero = 1 / zero;
	} else if (!strcmp(how, "bus"))
		*(volatile char *)mmap(0, 4096, PROT_WRITE, MAP_SHARED, memfd_create("x", 0), 0) = 1;
	else if (!strcmp(how, "abort"))
		abort();
	else if (!strcmp(how, "strict")) {
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		syscall(SYS_getppid);
	} else if (!strcmp(how, "thread-directed"))
		syscall(SYS_tgkill, getpid(), getpid(), SIGUSR2);
	else
		syscall(SYS_kill, getpid(), atoi(how));
	return 3;
}
`

// ending is how a tracer ended, and what it left.
type ending struct {
	status, stderr string
	files          string // what is in the directory besides the log
}

// TestEndsAsCommand compares, for everything that can end a command, how strace and
// systrap trace end: by the same signal, without a core of their own, silently. With -f,
// -c and -o the command line is a parent of the command, whose runtime printed the stacks
// of its goroutines.
func TestEndsAsCommand(t *testing.T) {
	need(t, "strace", "gcc")
	ours := tracerCommand(t)
	dir := t.TempDir()
	crash := filepath.Join(dir, "crash")
	cc := exec.Command("gcc", "-w", "-D_GNU_SOURCE", "-o", crash, "-x", "c", "-")
	cc.Stdin = strings.NewReader(crashProgram)
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ways := []string{"null", "ud2", "int3", "divide", "bus", "abort", "strict", "thread-directed"}
	for sig := 1; sig <= 64; sig++ {
		switch syscall.Signal(sig) {
		case syscall.SIGSTOP, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU:
			continue
		}
		ways = append(ways, fmt.Sprint(sig))
	}
	run := func(tracer, options, before, way string) ending {
		work := filepath.Join(dir, "work")
		os.RemoveAll(work)
		os.Mkdir(work, 0o755)
		ctx, cancel := context.WithTimeout(context.Background(), defaultPatience)
		defer cancel()
		cmd := exec.CommandContext(ctx, "sh", "-c", before+` exec "$@"`, "sh", tracer)
		cmd.Args = append(cmd.Args, strings.Fields(options)...)
		cmd.Args = append(cmd.Args, crash, way)
		cmd.Dir = work
		cmd.Env = fixedEnv(work)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		cmd.Run()
		var e ending
		e.status = statusText(cmd.ProcessState.Sys().(syscall.WaitStatus))
		e.stderr = volatile(tracerIs.ReplaceAllString(stderr.String(), "strace: "))
		entries, _ := os.ReadDir(work)
		for _, f := range entries {
			if f.Name() != "log" {
				st, _ := f.Info()
				e.files += fmt.Sprintln(f.Name(), st.Size() > 0)
			}
		}
		return e
	}
	for _, way := range ways {
		options := []string{"-f -o log"}
		switch way {
		case "null", "divide", "11", "6", "15", "13", "34":
			options = append(options, "-f -e trace=none", "-o log", "-c -o log", "-C -e trace=none -o log", "-ff -o log", "-o |cat>log")
		}
		for _, o := range options {
			want, got := run("strace", o, "", way), run(ours, o, "", way)
			if strings.HasPrefix(o, "-o |") || strings.HasPrefix(o, "-ff") {
				want.files, got.files = "", ""
			}
			if way == "32" || way == "33" {
				// strace asks signal(3) for the default action, which keeps these two for
				// the C library, and exits with 128+n instead. Whoever started us may have
				// blocked or ignored them.
				want.status = run("env", "", "", way).status
			}
			if want != got && !(o == "-o log" && strings.TrimSuffix(got.status, ", core dumped") == want.status && got.stderr == want.stderr) {
				t.Errorf("%s %s:\nstrace %+v\nours   %+v", o, way, want, got)
			}
		}
	}
	// What was blocked or ignored before, and is the command's to be ended by.
	for _, c := range []struct{ before, way string }{
		{"trap '' USR1;", "9"}, {"trap '' INT;", "2"}, {"trap '' PIPE;", "13"}, {"trap '' QUIT HUP;", "3"},
		{"ulimit -c 0;", "11"}, {"trap '' SEGV;", "null"}, {"trap '' ILL;", "4"},
	} {
		want, got := run("strace", "-f -o log", c.before, c.way), run(ours, "-f -o log", c.before, c.way)
		if want != got {
			t.Errorf("%s %s:\nstrace %+v\nours   %+v", c.before, c.way, want, got)
		}
	}
}
