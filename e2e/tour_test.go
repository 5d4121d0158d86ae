package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTour: what examples/tour says is so.
func TestTour(t *testing.T) {
	need(t, "gdb", "gcc")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	cmd := exec.Command("timeout", "240", "../examples/tour/tour")
	cmd.Env = append(os.Environ(), "LIB="+filepath.Join(filepath.Dir(tracerCommand(t)), "trace-syscalls.so"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"<call+3>:\t0f 05", "<call+3>:\t0x0f\t0x0b", "received signal SIGILL", "at the trap: 1", "libsystrap/internal/core.trapEntry",
		"rax the number 1, rip the trap 1, rsp as before 1", "rax the result 1, rcx behind the call 1, rsp as before 1", "exited normally",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the tour does not show %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
