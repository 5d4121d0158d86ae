package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hookFolder has libsyscall_intercept.so, as `make` builds it, and what the tests compile with it.
func hookFolder(t *testing.T) string {
	t.Helper()
	need(t, "gcc")
	lib, err := library("./cmd/libsyscall_intercept", "E2E_SYSCALL_INTERCEPT")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"libsyscall_intercept.so", "silent.so"} { // it knows itself by the name it was built with
		if err := os.Symlink(lib, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compileHook compiles a hook of testdata/hooks, or elsewhere, in dir.
func compileHook(t *testing.T, dir, source string, flags ...string) string {
	t.Helper()
	out := filepath.Join(dir, strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))+".so")
	args := append([]string{"-O1", "-g", "-shared", "-fPIC", "-I../cmd/libsyscall_intercept", "-o", out, source,
		"-L" + dir, "-lsyscall_intercept", "-Wl,-rpath," + dir, "-ldl", "-pthread"}, flags...)
	if text, err := exec.Command(compilerOf(source), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// hookedFixtures are those whose programs are run with a hook in C at each of their calls: what they say does not depend on
// the calls being the only ones.
var hookedFixtures = []string{
	"signal_basic", "signal_child_fork", "signal_onstack", "vfork_exec", "fork_threads", "clone_clone3", "clone_small_stack", "thread_many", "jmp_handlers",
	"flags_registers", "flags_mxcsr", "flags_avx512", "redzone_leaf", "stack_small", "return_registers", "altstack_state",
	"sigill_genuine", "mem_page_zero", "seccomp_threads", "site_prefixes",
}

// TestHooksKeep runs programs with a hook that uses all that compiled code may use.
func TestHooksKeep(t *testing.T) { keeps(t, &dropins[0], "testdata/hooks/busy.c", hookedFixtures) }

// TestHooksTake: with one that makes each call itself, also those that come back twice, or on another stack.
func TestHooksTake(t *testing.T) {
	keeps(t, &dropins[0], "testdata/hooks/takes.c", append(slices.Clone(hookedFixtures), "exec_spawn"))
}

// TestSystrapKeeps is TestHooksKeep for libsystrap.
func TestSystrapKeeps(t *testing.T) { keeps(t, &dropins[2], "testdata/hooks/busy.c", hookedFixtures) }

// keeps runs fixtures with a hook by both doors.
func keeps(t *testing.T, d *dropin, source string, fixtures []string) {
	dir := d.folder(t)
	hook := d.compile(t, dir, source)
	wanted := map[string]bool{}
	for _, name := range fixtures {
		wanted[name] = true
	}
	eachFixture(t, func(f *fixture, t *testing.T, name string) {
		if !wanted[name] {
			t.SkipNow() // most say what calls they make, or how many
		}
		s := f.build(t, name)
		s.ownLines = append(s.ownLines, f.preloadedLines...)
		s.counters = nil
		compareWith(t, s, hook)
		if door := doorAsked(s.env); door == "" && !t.Failed() {
			s.env = append(append([]string{}, s.env...), "SYSTRAP_DOOR=trap")
			compareWith(t, s, hook)
		}
	})
}

// things is what the program of testdata/hooks says with the hook of things.c.
const things = `arguments 1
malloc 1 errno 5
from the hook: 1 text 2.50
printf 27
thread 42
dlopen 3
fork 5
spawn 9
registers 1
longjmp 3, hooked behind it 1
handler in the hook: its calls hooked 0
handler behind it: 1
on its stack: in the hook 0, behind it 1
siglongjmp out of the hook, hooked behind it 1
pthread_exit 4
threads right
new threads: in them 5, in their makers 5
behind calls 1
from the hook: 2 text 2.50
small stack 7
vfork 3
`

// hookProgram compiles the program of testdata/hooks.
func hookProgram(t *testing.T, dir string) string {
	t.Helper()
	program := filepath.Join(dir, "program")
	if text, err := exec.Command("gcc", "-O1", "-g", "-o", program, "testdata/hooks/program.c", "-ldl", "-pthread").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return program
}

// hooked runs a program with a hook, and returns its output and standard error.
func hooked(t *testing.T, hook string, env []string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = t.TempDir() // a core goes there
	cmd.Env = append(append(fixedEnv(t.TempDir()), "LD_PRELOAD="+hook), env...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// TestHooksDo has a hook do what a hook may do, by both doors.
func TestHooksDo(t *testing.T) {
	dir := hookFolder(t)
	hook, program := compileHook(t, dir, "testdata/hooks/things.c"), hookProgram(t, dir)
	for _, env := range []string{"SYSTRAP_DOOR=jump", "SYSTRAP_DOOR=trap", "SYSTRAP_DISCOVER=1", "SYSTRAP_DISCOVER=only", "SYSTRAP_TRAP=int3"} {
		stdout, stderr, err := hooked(t, hook, []string{env}, program)
		if stdout != things || err != nil {
			t.Errorf("%s: %v\n%s%s", env, err, strings.Join(diffText("standard output", things, stdout), "\n"), stderr)
		}
	}
}

// TestHooksCrash looks at the line of a hook that crashes, and at how its program ends.
func TestHooksCrash(t *testing.T) {
	dir := hookFolder(t)
	hook, program := compileHook(t, dir, "testdata/hooks/things.c"), hookProgram(t, dir)
	_, stderr, err := hooked(t, hook, nil, program, "crash")
	if err == nil || !strings.HasPrefix(err.Error(), "signal: segmentation fault") ||
		!strings.HasPrefix(stderr, "libsyscall_intercept: a function in C, called at a system call, has crashed at 0x") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%v, %q", err, stderr)
	}
	throws := filepath.Join(dir, "throws.cc")
	if err := os.WriteFile(throws, []byte(`#include <libsyscall_intercept_hook_point.h>
#include <stdexcept>
static int hook(long nr, long, long, long, long, long, long, long *) { if (nr == 5011) throw std::runtime_error("mine"); return 1; }
static __attribute__((constructor)) void begin() { intercept_hook_point = hook; }
`), 0o644); err != nil {
		t.Fatal(err)
	}
	need(t, "g++")
	_, stderr, err = hooked(t, compileHook(t, dir, throws), nil, program, "crash")
	if err == nil || !strings.HasPrefix(err.Error(), "signal: aborted") || !strings.Contains(stderr, "std::runtime_error") {
		t.Errorf("%v, %q", err, stderr)
	}
}

// TestHooksFilter: a program that is not the one of the filter, and one that only libc's calls are hooked in.
func TestHooksFilter(t *testing.T) {
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/things.c")
	source := filepath.Join(dir, "count.c")
	if err := os.WriteFile(source, []byte(`#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int syscall_hook_in_process_allowed(void);
long syscall_no_intercept(long, ...);
static long own(void) { long r; __asm__ volatile("syscall" : "=a"(r) : "0"(SYS_getuid) : "rcx", "r11", "memory"); return r; }
int main(void) {
	getppid(); own();
	long l = syscall(5012, SYS_getppid), o = syscall(5012, SYS_getuid);
	printf("%d %ld %ld %d\n", syscall_hook_in_process_allowed(), l, o, syscall_no_intercept(SYS_getpid) == getpid());
}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "count")
	if text, err := exec.Command("gcc", "-o", program, source, "-L"+dir, "-lsyscall_intercept", "-Wl,-rpath,"+dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for env, want := range map[string]string{
		"A=": "1 1 1 1\n", "INTERCEPT_HOOK_CMDLINE_FILTER=count": "1 1 1 1\n", "INTERCEPT_HOOK_CMDLINE_FILTER=coun": "0 -1 -1 1\n",
		"INTERCEPT_HOOK_CMDLINE_FILTER=xcount": "0 -1 -1 1\n", "INTERCEPT_ALL_OBJS=0": "1 1 0 1\n", "INTERCEPT_ALL_OBJS=1": "1 1 1 1\n",
	} {
		if stdout, stderr, err := hooked(t, hook, []string{env}, program); stdout != want || stderr != "" || err != nil {
			t.Errorf("%s: %v, %q, %q, want %q", env, err, stdout, stderr, want)
		}
	}
}
