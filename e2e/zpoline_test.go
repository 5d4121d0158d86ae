package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// hookLibrary builds a hook library of testdata/lib, or of a text.
func hookLibrary(t *testing.T, cc, source string, flags ...string) string {
	t.Helper()
	need(t, cc)
	out := filepath.Join(t.TempDir(), "hook.so")
	args := append([]string{"-O1", "-g", "-Wall", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", out, source}, flags...)
	if text, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", source, err, text)
	}
	return out
}

// underZpoline runs a command under libzpoline, and returns its standard output, standard error and status, or minus the
// signal, and how many calls were trapped.
func underZpoline(t *testing.T, hook string, env []string, command ...string) (out, errs string, status, trapped int) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report")
	lib, err := library("./cmd/libzpoline", "E2E_ZPOLINE")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(fixedEnv(cmd.Dir), env...)
	if hook != "native" {
		cmd.Env = append(cmd.Env, "LD_PRELOAD="+lib, "SYSTRAP_REPORT="+report)
		if hook != "" {
			cmd.Env = append(cmd.Env, "LIBZPHOOK="+hook)
		}
	}
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	cmd.Run()
	lines, _ := readReport(report)
	for _, l := range lines {
		trapped += l.Trapped
	}
	return o.String(), e.String(), endOf(cmd.ProcessState), trapped
}

// TestZpolineHook: programs are as natively with a hook that uses libc at each call, and has a thread of its own.
func TestZpolineHook(t *testing.T) {
	hook := hookLibrary(t, "gcc", "testdata/lib/zphook.c")
	for _, name := range []string{"signal_basic", "vfork_exec", "thread_many", "thread_spawn", "clone_clone3", "fork_threads", "exec_spawn", "jmp_handlers", "signal_eintr", "signal_other_thread", "clone_shared_tls"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := readFixture("testdata/" + name + ".c")
			if err != nil {
				t.Fatal(err)
			}
			s := f.build(t, name)
			want, _, wantStatus, _ := underZpoline(t, "native", s.env, s.args...)
			for _, env := range [][]string{nil, {"ZPHOOK_THREAD=20"}, {"ZPHOOK_THREAD=100000"}, {"SYSTRAP_DOOR=trap"}} {
				out, errs, status, trapped := underZpoline(t, hook, append(env, s.env...), s.args...)
				if out != want || status != wantStatus || trapped == 0 || strings.Contains(errs, "libzpoline") {
					t.Errorf("%v: %q, status %d, %d calls, %q; natively %q, status %d", env, out, status, trapped, errs, want, wantStatus)
				}
			}
		})
	}
}

// TestZpolineResult: the hook sees the calls and their arguments, its result is the program's, and what it prints is not lost.
func TestZpolineResult(t *testing.T) {
	hook := hookLibrary(t, "gcc", "testdata/lib/zphook.c")
	program := compileText(t, `
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
	printf("%ld\n", syscall(SYS_getppid, 77));
	fflush(stdout);
	if (fork() == 0)
		return 0;
	wait(0);
	return syscall(SYS_getppid, 78) == 4711;
}`)
	out, errs, status, _ := underZpoline(t, hook, []string{"ZPHOOK_TELL=1"}, program)
	if out != "4711\nhooked\nhooked\n" || errs != "" || status != 0 {
		t.Errorf("%q, %q, status %d", out, errs, status)
	}
	out, _, _, _ = underZpoline(t, hook, []string{"ZPHOOK_PRINT=1"}, program)
	for nr, n := range map[string]int{"110": 2, "231": 2, "61": 1} { // getppid, exit_group, wait4
		if got := strings.Count(out, "hook: "+nr+"\n"); got != n {
			t.Errorf("call %s was hooked %d times, want %d:\n%s", nr, got, n, out)
		}
	}
}

// TestZpolineSharedStorage: what has another's thread-local storage while that goes on has no hook; the other has, and so has a process that
// it forks, whose storage is its own.
func TestZpolineSharedStorage(t *testing.T) {
	program := compileText(t, `
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static char stack[65536];
static volatile long shared, forked;
static long call(long nr, long a)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(nr), "D"(a), "S"(0), "d"(0) : "rcx", "r10", "r11", "memory");
	return r;
}
static int child(void *p)
{
	shared = call(SYS_getppid, 77);
	long pid = call(SYS_fork, 0);
	if (pid == 0)
		call(SYS_exit_group, call(SYS_getppid, 77) == 4711);
	int status = 0;
	register long r10 __asm__("r10") = 0;
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(SYS_wait4), "D"(pid), "S"(&status), "d"(0), "r"(r10) : "rcx", "r11", "memory");
	forked = WEXITSTATUS(status);
	return 0;
}
int main(void)
{
	int status;
	pid_t pid = clone(child, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
	long own = call(SYS_getppid, 77);
	waitpid(pid, &status, 0);
	printf("here %ld, shared %d, forked there %ld, status %d\n", own, shared == getpid(), forked, status);
}`)
	out, errs, status, _ := underZpoline(t, hookLibrary(t, "gcc", "testdata/lib/zphook.c"), nil, program)
	if out != "here 4711, shared 1, forked there 1, status 0\n" || errs != "" || status != 0 {
		t.Errorf("%q, %q, status %d", out, errs, status)
	}
}

// TestZpolineBadHook: a hook library that is none is a line, and the program runs without.
func TestZpolineBadHook(t *testing.T) {
	need(t, "sh")
	dir := t.TempDir()
	text := func(name, source string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	alien := text("alien.so", "\x7fELF\x01\x01\x01"+strings.Repeat("\x00", 100))
	lacks := hookLibrary(t, "gcc", text("lacks.c", "int x;"))
	fails := hookLibrary(t, "gcc", text("fails.c", "int __hook_init(long a, void *b) { return 7; }"))
	sets := hookLibrary(t, "gcc", text("sets.c", "int __hook_init(long a, void *b) { return 0; }"))
	throws := hookLibrary(t, "g++", text("throws.cc", `extern "C" int __hook_init(long, void *) { throw 5; }`))
	late := hookLibrary(t, "g++", text("late.cc", `static long hook(long, long, long, long, long, long, long) { throw 5; }
extern "C" int __hook_init(long, void *p) { *(void **)p = (void *)hook; return 0; }`))
	for _, c := range []struct{ name, hook, line string }{
		{"unset", "", `libzpoline: LIBZPHOOK is not set: .*`},
		{"not found", dir + "/none.so", `libzpoline: the hook library cannot be loaded: .*/none.so: cannot open shared object file: No such file or directory; .*`},
		{"another architecture", alien, `libzpoline: the hook library cannot be loaded: .*/alien.so: wrong ELF class: ELFCLASS32; .*`},
		{"no __hook_init", lacks, `libzpoline: .*/hook.so has no function __hook_init.*; .*`},
		{"refuses", fails, `libzpoline: __hook_init of .*/hook.so returned 7; .*`},
		{"no hook", sets, `libzpoline: __hook_init of .*/hook.so has set no hook; .*`},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, status, _ := underZpoline(t, c.hook, nil, "sh", "-c", "echo runs; exit 3")
			if out != "runs\n" || status != 3 || !regexp.MustCompile(`^`+c.line+`\n$`).MatchString(errs) {
				t.Errorf("%q, %q, status %d", out, errs, status)
			}
		})
	}
	const thrown = "terminate called after throwing an instance of 'int'\n"
	for name, c := range map[string]struct{ hook, lines string }{
		"throws": {throws, thrown}, "throws in the hook": {late, thrown + "libzpoline: a function in C, called at a system call, has aborted\n"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, status, _ := underZpoline(t, c.hook, nil, "sh", "-c", "echo runs; exit 3")
			if out != "" || status != -6 || errs != c.lines {
				t.Errorf("%q, %q, status %d", out, errs, status)
			}
		})
	}
}

// endOf is the exit status of a process, or minus the signal that it died of.
func endOf(s *os.ProcessState) int {
	if ws := s.Sys().(syscall.WaitStatus); ws.Signaled() {
		return -int(ws.Signal())
	}
	return s.ExitCode()
}
