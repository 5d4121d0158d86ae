package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

const source = `#include <fcntl.h>
#include <stdio.h>
int direct(const char *p) { return open(p, O_RDONLY) + 1; }
int by_stdio(const char *p) { return fopen(p, "r") ? 1 : 2; }
int main(int argc, char **argv) { return direct(argv[1]) == 0 || by_stdio(argv[1]) != 1; }
`

// TestWhoOpens wants the program's own functions, the C library's left out, and
// nothing of what could not be opened.
func TestWhoOpens(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc to compile the program (Debian package gcc)")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	src, exe := filepath.Join(dir, "p.c"), filepath.Join(dir, "p")
	if err := os.WriteFile(src, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-o", exe, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tool := exampletest.Build(t)
	r := tool.Run(t, "", exe, src)
	for _, want := range []string{"whoopens: " + src + ", by direct in " + exe + "\n", "whoopens: " + src + ", by by_stdio in " + exe + "\n"} {
		if !strings.Contains(r.Stderr, want) {
			t.Errorf("no %q in %+v", want, r)
		}
	}
	if r.Status != 0 {
		t.Errorf("%+v", r)
	}
	// A relative path, and a link, are shown as what they lead to.
	link := filepath.Join(dir, "link")
	if err := os.Symlink("p.c", link); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, path := range []string{"./p.c", "link"} {
		if r := tool.Run(t, "", exe, path); !strings.Contains(r.Stderr, "whoopens: "+src+", by direct in "+exe+"\n") {
			t.Errorf("%s: %+v", path, r)
		}
	}
	if r := tool.Run(t, "", exe, "/nonexistent"); strings.Contains(r.Stderr, "nonexistent") || r.Status != 1 {
		t.Errorf("%+v", r)
	}
}
