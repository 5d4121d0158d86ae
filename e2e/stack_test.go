package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// stackOf is a line of a trace with the frames behind it.
type stackOf struct {
	line   string
	frames []string
}

var frameLine = regexp.MustCompile(`^ > `)

// stacks reads a trace of one process with -k, from its last execve on.
func stacks(log string) (all []stackOf) {
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case frameLine.MatchString(line):
			if n := len(all); n > 0 {
				all[n-1].frames = append(all[n-1].frames, line)
			}
		case strings.HasPrefix(line, "execve("):
			all = all[:0]
		case !strings.HasPrefix(line, "+++"):
			all = append(all, stackOf{line: normal(line)})
		}
	}
	return all
}

// TestStacksSameAsStrace compares the stacks of -k with those of strace, whose
// unwinder is libunwind: frame by frame, with files, symbols and offsets.
func TestStacksSameAsStrace(t *testing.T) {
	need(t, "strace", "gcc")
	needMachine(t, "ptrace")
	if out, _ := exec.Command("strace", "-V").CombinedOutput(); !strings.Contains(string(out), "stack-trace=libunwind") {
		t.Skip("this strace was built without libunwind")
	}
	program := filepath.Join(t.TempDir(), "stack_frames")
	if out, err := exec.Command("gcc", "-O1", "-fomit-frame-pointer", "-o", program, "testdata/stack_frames.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := "execve,getppid,getdents64,newfstatat,statx,kill,tgkill,vfork,wait4,rt_sigreturn,read,mprotect,getcwd,dup2"
	for _, c := range []struct {
		name, needs, script string
		frames              int // at least so many are compared
	}{
		{"frames", "gcc", "exec " + program, 500},
		{"ls", "ls", "exec ls -l /", 200},
		{"bash", "bash", "exec bash -c 'trap \"echo trapped\" USR1; cd /; kill -USR1 $$; pwd -P'", 200},
		{"perl", "perl", "PERL_HASH_SEED=0 exec perl -e 'use POSIX; opendir D,q(/etc); readdir D; getppid'", 50},
		{"python", "/usr/bin/python3", "exec /usr/bin/python3 -S -c 'import os; os.getppid(); list(os.scandir(\"/\"))'", 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.needs)
			want := stacks(traceOf(t, c.script, "strace", "-k", "-e", calls, "-e", "signal=!chld", "-o", "LOG"))
			got := stacks(traceOf(t, c.script, tracerCommand(t), "-k", "-e", calls, "-e", "signal=!chld", "-o", "LOG"))
			// The start is ld.so's, before we are there.
			for len(want) > len(got) {
				want = want[1:]
			}
			if len(want) == 0 || len(got) > len(want) {
				t.Fatalf("strace printed %d lines, we printed %d", len(want), len(got))
			}
			frames := 0
			for i := range want {
				if nameOf(want[i].line) != nameOf(got[i].line) {
					t.Fatalf("strace: %s\nours: %s", want[i].line, got[i].line)
				}
				w, g := want[i].frames, got[i].frames
				if n := len(w); n > 0 && strings.Contains(w[n-1], "unexpected_backtracing_error") && len(g) > n {
					w, g = w[:n-1], g[:n-1] // strace gives up where there are no tables
				}
				frames += len(w)
				if strings.Join(w, "\n") != strings.Join(g, "\n") {
					t.Errorf("%s\nstrace:\n%s\nours:\n%s", want[i].line, strings.Join(w, "\n"), strings.Join(g, "\n"))
				}
			}
			if frames < c.frames {
				t.Errorf("%d frames compared, %d expected", frames, c.frames)
			}
			t.Logf("%d stacks, %d frames", len(want), frames)
		})
	}
}

// stackJIT calls getppid from code without a file, which keeps frame pointers, and
// then with a stack and a frame pointer that lead nowhere.
const stackJIT = `#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
// push %rbp; mov %rsp,%rbp; call *%rdi; pop %rbp; ret
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
int __attribute__((noinline)) called(void) { return getppid() > 0; }
int __attribute__((noinline)) made(void *p) { return ((int (*)(int (*)(void)))p)(called) + 1; }
static long lost(long fp) {
	long r;
	// getppid with RSP in the middle of nothing.
	__asm__ volatile("push %%rbp; mov %%rsp,%%r12; mov %1,%%rbp; mov %1,%%rsp; mov $110,%%eax; syscall; mov %%r12,%%rsp; pop %%rbp"
		: "=a"(r) : "r"(fp) : "rcx", "r11", "r12", "memory");
	return r > 0;
}
int main(void) {
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(p, code, sizeof code);
	printf("%d\n", made(p));
	char *bad = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(bad, 0xff, 1 << 16);
	printf("%ld\n", lost((long)bad + (1 << 16)));
	printf("%ld\n", lost((long)bad + (1 << 15)));
	return 0;
}
`

// TestStackWithoutTables: -k passes through code that a program has made, and ends
// quietly where there is no stack.
func TestStackWithoutTables(t *testing.T) {
	need(t, "gcc")
	dir := t.TempDir()
	source, program, log := filepath.Join(dir, "j.c"), filepath.Join(dir, "j"), filepath.Join(dir, "log")
	if err := os.WriteFile(source, []byte(stackJIT), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-fno-optimize-sibling-calls", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command("timeout", "240", tracerCommand(t), "-k", "-e", "getppid", "-o", log, program).CombinedOutput()
	if err != nil || string(out) != "2\n1\n1\n" {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	got := stacks(string(text))
	if len(got) != 3 {
		t.Fatalf("%d calls, want 3:\n%s", len(got), text)
	}
	for i, want := range []string{`/libc[^ ]*\(getppid\+`, `\(called\+`, `^ > unexpected_backtracing_error \[0x[0-9a-f]+\]$`, `\(made\+`, `\(main\+`} {
		if i >= len(got[0].frames) || !regexp.MustCompile(want).MatchString(got[0].frames[i]) {
			t.Errorf("frame %d is not %s in\n%s", i, want, text)
		}
	}
	for _, s := range got[1:] {
		if len(s.frames) == 0 || !strings.Contains(s.frames[0], "(main+") && !strings.Contains(s.frames[0], "(lost+") {
			t.Errorf("no frame of lost in\n%s", text)
		}
	}
}
