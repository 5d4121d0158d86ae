package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// goBuild builds Go with cgo.
func goBuild(t *testing.T, out string, args ...string) {
	t.Helper()
	need(t, "gcc")
	build := exec.Command("go", append([]string{"build", "-o", out}, args...)...)
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// TestCgo runs a Go program that ld.so loads, with and without the notes that tell
// it. Its calls are made on goroutine stacks, where no signal frame has room
// (internal/core/altstack.go).
func TestCgo(t *testing.T) {
	exe := filepath.Join(workRoot, "goprogram")
	goBuild(t, exe, "./testdata/cgo")
	compare(t, spec{name: "cgo", args: []string{exe}, exes: []string{"goprogram", "echo"}})
	bare := filepath.Join(workRoot, "gobare")
	goBuild(t, bare, "-ldflags=-s -w -buildid=", "./testdata/cgo")
	compare(t, spec{name: "cgo without a build id", args: []string{bare}, exes: []string{"gobare", "echo"}})
}

// TestCgoLibrary runs a C program that loads a Go library.
func TestCgoLibrary(t *testing.T) {
	lib, exe := filepath.Join(workRoot, "golib.so"), filepath.Join(workRoot, "usesgo")
	goBuild(t, lib, "-buildmode=c-shared", "./testdata/cgolib")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", exe, "testdata/lib/cgolib.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compare(t, spec{name: "cgo library", args: []string{exe, lib}, exes: []string{"usesgo"}})
	compareWith(t, spec{name: "cgo library traced", args: []string{exe, lib}, exes: []string{"usesgo"}, trace: true}, traceLib)
}
