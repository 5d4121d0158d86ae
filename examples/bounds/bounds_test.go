package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

// source has buffers that end at a guard page, as long as they are said to be, and longer.
const source = `#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
	char *m = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *end = m + 8192;
	mprotect(end, 4096, PROT_NONE);
	int fd = open("/dev/zero", O_RDONLY);
	int fits = read(fd, end - 5000, 5000), none = read(fd, end, 1), bad = errno;
	int cut = read(fd, end - 96, 200);
	struct iovec v = {end - 7, 8};
	int vec = readv(fd, &v, 1);
	printf("%d %d %d %d %d\n", fits, none, bad, cut, vec);
	return 0;
}
`

func build(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc to compile the program (Debian package gcc)")
	}
	dir := t.TempDir()
	src, exe := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(src, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-o", exe, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// TestBounds wants the two buffers that are too short, nothing of others, and the program's output as natively.
func TestBounds(t *testing.T) {
	exe := build(t)
	native := exampletest.Native(t, exe)
	tool := exampletest.Build(t)
	r := tool.Run(t, "", exe)
	if r.Stdout != native.Stdout || r.Status != 0 {
		t.Errorf("%+v, natively %+v", r, native)
	}
	lines := regexp.MustCompile(`0x[0-9a-f]+`).ReplaceAllString(r.Stderr, "ADDR")
	want := "bounds: read may write 200 bytes at ADDR, where there are 96\n" +
		"bounds: readv may write 8 bytes at ADDR, where there are 7 (it may change)\n"
	if lines != want {
		t.Errorf("%q, want %q", lines, want)
	}
}

// TestStop wants these calls to fail, and no others.
func TestStop(t *testing.T) {
	r := exampletest.Build(t).Run(t, "stop", build(t))
	if want := fmt.Sprintln("5000 -1 14 -1 -1"); r.Stdout != want || strings.Count(r.Stderr, "\n") != 2 {
		t.Errorf("%+v, want %q", r, want)
	}
}

// TestNothing: an ordinary program has no such call.
func TestNothing(t *testing.T) {
	if r := exampletest.Build(t).Run(t, "", "ls", "-lR", "."); r.Stderr != "" || r.Status != 0 {
		t.Errorf("%+v", r)
	}
}

func TestOptions(t *testing.T) {
	r := exampletest.Build(t).Untraced(t, "go", "true")
	if !strings.Contains(r.Stderr, "the only option is: stop") {
		t.Errorf("%+v", r)
	}
}
