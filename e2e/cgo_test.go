package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCgo runs a Go program that ld.so loads. Its calls are made on goroutine
// stacks, where no signal frame has room (systrap/altstack.go).
func TestCgo(t *testing.T) {
	need(t, "gcc")
	exe := filepath.Join(workRoot, "goprogram")
	build := exec.Command("go", "build", "-o", exe, "./testdata/cgo")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compare(t, spec{name: "cgo", args: []string{exe}, exes: []string{"goprogram", "echo"}})
}
