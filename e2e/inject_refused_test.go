package e2e

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// tellTracer prints what a program can see of us.
const tellTracer = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
char there[4096] __attribute__((section(".there"), used)) = {1};
int main(void) {
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");
	while (fgets(line, sizeof line, f))
		if (!strncmp(line, "TracerPid:", 10))
			fputs(line, stdout);
	fclose(f);
	for (int i = 3; i < 256; i++) {
		char link[64], to[256] = "";
		snprintf(link, sizeof link, "/proc/self/fd/%d", i);
		if (readlink(link, to, sizeof to - 1) > 0 && (strstr(to, ".so") || strstr(to, "systrap")))
			printf("%d is open: %s\n", i, to);
	}
	char *p = getenv("LD_PRELOAD"), *o = getenv("SYSTRAP_OPTIONS"), *s = getenv("SYSTRAP_STATE");
	printf("%s %s %s\n", p ? p : "-", o ? o : "-", s ? s : "-");
	syscall(SYS_gettid);
	return 5;
}
`

const toldTracer = "TracerPid:\t0\n- - -\n"

// compileText compiles a program with gcc.
func compileText(t *testing.T, text string, flags ...string) string {
	t.Helper()
	need(t, "gcc")
	dir := t.TempDir()
	src, exe := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(src, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", append([]string{"-O1", "-D_GNU_SOURCE", "-o", exe, src}, flags...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// TestInjectionRefused: where the library cannot be put into the program, nothing has been changed, one line says why, and the
// program goes on with LD_PRELOAD; one that is linked statically is not started.
func TestInjectionRefused(t *testing.T) {
	// Where the library is relocated for.
	const there = "-Wl,--section-start=.there=0x7ea000001000"
	for _, c := range []struct {
		name, why string
		flags     []string
		command   func(t *testing.T, cmd *exec.Cmd)
	}{
		{"taken", "room for the library: file exists", []string{"-no-pie", there}, nil},
		{"ptrace", "PTRACE_SEIZE: operation not permitted", nil, forbidPtrace},
		{"traced", "PTRACE_SEIZE: operation not permitted", nil, underStrace},
		{"old", "the library is of another build: make it again", nil, otherBuild},
	} {
		t.Run(c.name, func(t *testing.T) {
			exe := compileText(t, tellTracer, c.flags...)
			log := filepath.Join(t.TempDir(), "log")
			stdout, stderr, status := runRefused(t, c.command, "--inject", "-o", log, exe)
			line := regexp.MustCompile(`^strace: cannot inject: ` + regexp.QuoteMeta(c.why) + `; goes on with LD_PRELOAD\n`)
			if !line.MatchString(stderr) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("its line is %q, want %v", stderr, line)
			}
			if want := toldTracer; c.name != "traced" && stdout != want {
				t.Errorf("the program says %q, want %q", stdout, want)
			}
			text, _ := os.ReadFile(log)
			if status != 5 || !bytes.Contains(text, []byte("gettid()")) {
				t.Errorf("it ended with %d, its trace is %.300q", status, text)
			}
		})
		t.Run(c.name+"-static", func(t *testing.T) {
			flags := []string{"-static"}
			if len(c.flags) > 0 {
				flags = append(flags, there)
			}
			exe := compileText(t, tellTracer, flags...)
			stdout, stderr, status := runRefused(t, c.command, "--inject", "-o", os.DevNull, exe)
			line := regexp.MustCompile(`^strace: cannot inject: ` + regexp.QuoteMeta(c.why) + `; .*: statically linked, cannot be traced.*\n$`)
			if !line.MatchString(stderr) || stdout != "" || status != 1 {
				t.Errorf("%q, %q, status %d; want %v", stdout, stderr, status, line)
			}
		})
	}
}

// runRefused runs systrap trace in the way of prepare, which may change the command, and returns what it wrote and its status.
func runRefused(t *testing.T, prepare func(t *testing.T, cmd *exec.Cmd), args ...string) (stdout, stderr string, status int) {
	cmd := exec.Command(tracerCommand(t), args...)
	cmd.Env = fixedEnv(t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if prepare != nil {
		prepare(t, cmd)
	}
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), tracerIs.ReplaceAllString(errs.String(), "strace: "), cmd.ProcessState.ExitCode()
}

// forbidPtrace puts this thread, which will be the command's parent, behind a filter that lets nobody trace.
func forbidPtrace(t *testing.T, _ *exec.Cmd) {
	runtime.LockOSThread() // for good: the thread ends with the test
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_PTRACE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		t.Skip("PR_SET_NO_NEW_PRIVS: ", err)
	}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0); err != nil {
		t.Skip("no seccomp filters: ", err)
	}
}

// underStrace has somebody else trace the command and what it starts.
func underStrace(t *testing.T, cmd *exec.Cmd) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed (e2e/packages.txt)")
	}
	cmd.Args = append([]string{strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=none", "-e", "signal=none", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = strace
}

// otherBuild gives the command a library that does not say that it can be injected.
func otherBuild(t *testing.T, cmd *exec.Cmd) {
	b, err := os.ReadFile(traceLib)
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && f.Entry >= p.Vaddr && f.Entry < p.Vaddr+p.Filesz {
			clear(b[p.Off+f.Entry-p.Vaddr+32:][:8]) // Presence.Version
		}
	}
	lib := filepath.Join(t.TempDir(), filepath.Base(traceLib))
	if err := os.WriteFile(lib, b, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "SYSTRAP_LIB="+lib)
}

// TestInjectionLimited: the limits that systrap trace raises for itself are those of before in the program.
func TestInjectionLimited(t *testing.T) {
	need(t, "prlimit")
	const limits = "ulimit -v; ulimit -n; ulimit -Hn"
	native, err := exec.Command("prlimit", "--as=1000000000", "--nofile=700:900", "sh", "-c", limits).Output()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := runRefused(t, func(t *testing.T, cmd *exec.Cmd) {
		cmd.Args = append([]string{"prlimit", "--as=1000000000:unlimited", "--nofile=700:900", cmd.Path}, cmd.Args[1:]...)
		cmd.Path, _ = exec.LookPath("prlimit")
	}, "--inject", "-o", os.DevNull, "sh", "-c", limits)
	if stdout != string(native) || stderr != "" || status != 0 {
		t.Errorf("%q, %q, status %d; natively %q", stdout, stderr, status, native)
	}
}
