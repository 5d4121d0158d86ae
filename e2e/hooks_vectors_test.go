package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestHooksVectors: each component of the vector state is kept for a program that has it in use or not, whatever a hook
// does with each, by each way to save it and by both doors.
func TestHooksVectors(t *testing.T) {
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/clobber.c", "-Itestdata/hooks")
	program := filepath.Join(dir, "vectors")
	if text, err := exec.Command("gcc", "-O1", "-g", "-Wall", "-o", program, "testdata/hooks/vectors.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if exec.Command(program, "0xff").Run() != nil {
		t.Skip("no XSAVE")
	}
	for ways, components := range map[string]string{
		"plain": "0xff", "compact": "0xff", "whole": "0xff", "legacy": "3", // FXSAVE knows of x87 and SSE only
	} {
		for _, door := range []string{"jump", "trap"} {
			stdout, stderr, err := hooked(t, hook, []string{"SYSTRAP_VECTORS=" + ways, "SYSTRAP_DOOR=" + door}, program, components)
			if want := "lost 0, hooked 1\n"; stdout != want || stderr != "" || err != nil {
				t.Errorf("%s, %s: %v\n%s%s", ways, door, err, stdout, stderr)
			}
		}
	}
}
