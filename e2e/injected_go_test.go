package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestInjectedGo runs programs of Go's without a C library, which ld.so loads nothing into, under systrap trace: as they are linked
// by default, position independent, and without the notes that tell them.
func TestInjectedGo(t *testing.T) {
	for name, flags := range map[string][]string{
		"exe": nil, "pie": {"-buildmode=pie"}, "bare": {"-ldflags=-s -w -buildid="}, "unoptimised": {"-gcflags=all=-N -l"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exe := filepath.Join(t.TempDir(), "gostatic")
			build := exec.Command("go", append(append([]string{"build", "-o", exe}, flags...), "./testdata/gostatic")...)
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			s := spec{name: "go static " + name, args: []string{exe}, exes: []string{"gostatic"}, launched: true, injected: true}
			for _, env := range [][]string{nil, {"SYSTRAP_DOOR=trap"}, {"SYSTRAP_DISCOVER=1"}, {"SYSTRAP_DISCOVER=only"}} {
				if len(env) > 0 && (os.Getenv("E2E_STATIC") == "" || env[0] == "SYSTRAP_DISCOVER=only" && needs["dispatch"]() != "") {
					continue
				}
				s.env = env
				compareWith(t, s, traceLib)
			}
		})
	}
}
