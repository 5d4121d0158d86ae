package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

// folder makes a folder with a file and a script, and returns the option that
// lets /nowhere/etc be it.
func folder(t *testing.T) (dir, option string) {
	dir = t.TempDir()
	if err := os.WriteFile(dir+"/hostname", []byte("other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/tool", []byte("#!/bin/sh\necho tool \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, "/nowhere/etc=" + dir
}

func TestRewrite(t *testing.T) {
	tool := exampletest.Build(t)
	dir, option := folder(t)
	tests := []struct{ script, want string }{
		{"cat /nowhere/etc/hostname", "other\n"},
		{"cat </nowhere/etc/hostname", "other\n"},
		{"test -r /nowhere/etc/hostname && test -d /nowhere/etc/ && ls /nowhere/etc", "hostname\ntool\n"},
		{"/nowhere/etc/tool 1; (exec /nowhere/etc/tool 2)", "tool 1\ntool 2\n"},
		{"cp /nowhere/etc/hostname /nowhere/etc/new && mv /nowhere/etc/new /nowhere/etc/moved && cat " + dir + "/moved && rm /nowhere/etc/moved", "other\n"},
		{"cd /nowhere/etc && pwd -P", dir + "\n"},
		{"mkdir /nowhere/etc/d && ln -s /nowhere/etc/x /nowhere/etc/d/l && readlink /nowhere/etc/d/l && rm -r /nowhere/etc/d", "/nowhere/etc/x\n"},
		{"ls /nowhere/etcetera 2>/dev/null || echo none", "none\n"},
		{"ls /nowhere 2>/dev/null || echo none", "none\n"},
	}
	for _, test := range tests {
		r := tool.Run(t, option, "sh", "-c", test.script)
		if r.Stdout != test.want || r.Stderr != "" {
			t.Errorf("%s: %+v, want %q", test.script, r, test.want)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

// TestRewriteErrors checks what the kernel would say of the new path.
func TestRewriteErrors(t *testing.T) {
	_, option := folder(t)
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	const script = `
import os
for p in "/nowhere/etc/none", "/nowhere/etc/" + "a/" * 2036, "/nowhere/etc/" + "b" * 5000:
    try: os.stat(p)
    except OSError as e: print(e.errno)
`
	r := exampletest.Build(t).Run(t, option, "/usr/bin/python3", "-c", script)
	if r.Stdout != "2\n36\n36\n" { // ENOENT, ENAMETOOLONG, ENAMETOOLONG
		t.Errorf("%+v", r)
	}
}

// TestRewriteManyExecs makes more exec calls from vfork children than there are
// slots, several at a time, and failing ones.
func TestRewriteManyExecs(t *testing.T) {
	_, option := folder(t)
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	const script = `
import subprocess, threading, os
def work():
    for i in range(40):
        if subprocess.check_output(["/nowhere/etc/tool", str(i)]) != b"tool %d\n" % i: print("wrong")
        try: subprocess.run(["/nowhere/etc/none"]); print("ran")
        except FileNotFoundError: pass
all = [threading.Thread(target=work) for i in range(4)]
for t in all: t.start()
for t in all: t.join()
for i in range(40):
    try: os.execv("/nowhere/etc/none", ["x"])
    except FileNotFoundError: pass
pid = os.posix_spawn("/nowhere/etc/tool", ["x"], os.environ)
os.waitpid(pid, 0)
print("done")
`
	r := exampletest.Build(t).Run(t, option, "/usr/bin/python3", "-c", script)
	if !strings.HasSuffix(r.Stdout, "done\n") || strings.Contains(r.Stdout, "wrong") || strings.Contains(r.Stdout, "ran") || r.Stderr != "" {
		t.Errorf("%+v", r)
	}
}

// TestRewriteRoot has a prefix that is replaced by the root.
func TestRewriteRoot(t *testing.T) {
	r := exampletest.Build(t).Run(t, "/nowhere=/", "sh", "-c", "cd /nowhere && pwd -P && cat /nowhere/"+filepath.Join("proc", "self", "comm"))
	if r.Stdout != "/\ncat\n" || r.Stderr != "" {
		t.Errorf("%+v", r)
	}
}

func TestRewriteBadOptions(t *testing.T) {
	tool := exampletest.Build(t)
	for _, options := range []string{"", "/a", "a=/b", "/a=", "="} {
		r := tool.Untraced(t, options, "true")
		if r.Stderr != "rewritepath: SYSTRAP_OPTIONS must be /from=/to; the program runs untraced\n" || r.Status != 0 {
			t.Errorf("%q: %+v", options, r)
		}
	}
}

// interrupted opens the FIFO argv[1] with a timer that ends the call, in four ways.
const interrupted = `
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static sigjmp_buf out;
static const char *fifo, *file;
static volatile int handled, writer;

static void note(int s)
{
	int fd = open(file, O_RDONLY); // a call of its own, with a path that is changed
	char c = 0;
	handled += read(fd, &c, 1) == 1 && c == 'o';
	close(fd);
	if (handled == 3 && writer)
		open(fifo, O_RDWR); // lets the reader in
}
static void jump(int s) { note(s); siglongjmp(out, 1); }

static void timer(void (*h)(int), int flags, int again)
{
	struct sigaction a = {.sa_handler = h, .sa_flags = flags};
	struct itimerval t = {.it_value = {0, 50000}, .it_interval = {0, again}};
	sigaction(SIGALRM, &a, 0);
	setitimer(ITIMER_REAL, &t, 0);
}

int main(int argc, char **argv)
{
	int fd;
	fifo = argv[1], file = argv[2];
	timer(note, 0, 50000); // again and again: one may come before the call waits
	fd = open(fifo, O_RDONLY);
	int interrupted = errno == EINTR;
	setitimer(ITIMER_REAL, &(struct itimerval){0}, 0);
	printf("%d EINTR %d handled %d\n", fd, interrupted, handled > 0);
	handled = 0;
	for (volatile int i = 0; i < 20; i++) {
		if (!sigsetjmp(out, 1)) {
			timer(jump, SA_RESTART, 0);
			printf("open: %d\n", open(fifo, O_RDONLY));
		}
	}
	printf("jumped, handled %d\n", handled);
	handled = 0, writer = 1;
	timer(note, SA_RESTART, 50000);
	fd = open(fifo, O_RDONLY);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, 0);
	printf("%d, handled 3 or more: %d\n", fd >= 0, handled >= 3);
	// The mask is the program's: what is blocked stays so.
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, 0);
	handled = 0;
	timer(note, 0, 0);
	fd = open(file, O_RDONLY);
	usleep(100000);
	printf("%d, blocked %d\n", fd >= 0, handled);
	return 0;
}
`

// TestRewriteInterrupted: a blocking open that the tool makes held the program's handlers
// back for ever.
func TestRewriteInterrupted(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip(err)
	}
	dir, option := folder(t)
	bin := filepath.Join(t.TempDir(), "interrupted")
	cc := exec.Command("gcc", "-w", "-O1", "-D_GNU_SOURCE", "-o", bin, "-x", "c", "-")
	cc.Stdin = strings.NewReader(interrupted)
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := syscall.Mkfifo(dir+"/fifo", 0o600); err != nil {
		t.Fatal(err)
	}
	want := exampletest.Native(t, bin, dir+"/fifo", dir+"/hostname")
	if !strings.Contains(want.Stdout, "1, handled 3 or more: 1\n1, blocked 0\n") {
		t.Fatalf("natively: %+v", want)
	}
	got := exampletest.Build(t).Run(t, option, bin, "/nowhere/etc/fifo", "/nowhere/etc/hostname")
	if got.Stdout != want.Stdout || got.Stderr != "" || got.Status != want.Status {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
