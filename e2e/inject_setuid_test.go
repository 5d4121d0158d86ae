package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestInjectionLeavesSetuid: a set-user-ID program that an ordinary user's traced program executes has its privileges, which it has not
// behind a tracer: it runs untraced, with the line that says so, however it is linked.
func TestInjectionLeavesSetuid(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root")
	}
	const ids = "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d %d\\n\", getuid(), geteuid()); return 3; }"
	for _, flags := range [][]string{nil, {"-static"}, {"-static-pie", "-fPIE"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			dir, err := os.MkdirTemp("/var/tmp", "setuid") // where an ordinary user may go, and no mount has nosuid
			if err != nil {
				t.Skip(err)
			}
			defer os.RemoveAll(dir)
			os.Chmod(dir, 0o777)
			program, log := filepath.Join(dir, "p"), filepath.Join(dir, "log")
			copyFile(t, compileText(t, ids, flags...), program)
			if err := os.Chmod(program, 0o755|os.ModeSetuid); err != nil {
				t.Fatal(err)
			}
			run := func(words ...string) (string, int) {
				cmd := exec.Command(words[0], words[1:]...)
				cmd.Env, cmd.Dir = fixedEnv(dir), dir
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
				out, err := cmd.CombinedOutput()
				if cmd.ProcessState == nil {
					t.Skip(err)
				}
				return string(out), cmd.ProcessState.ExitCode()
			}
			native, status := run("/bin/sh", "-c", program+"; exit $?")
			if native != "65534 0\n" || status != 3 {
				t.Skipf("natively it has no privileges: %q, status %d", native, status)
			}
			got, ended := run(tracerCommand(t), "-f", "-o", log, "/bin/sh", "-c", program+"; exit $?")
			if got != native || ended != status {
				t.Errorf("%q, status %d; natively %q, %d", got, ended, native, status)
			}
			text, _ := os.ReadFile(log)
			if !strings.Contains(string(text), program+": set-user-ID or set-group-ID, runs untraced\n") || !strings.Contains(string(text), "+++ exited with 3 +++") {
				t.Errorf("no line that says so, or the shell was not traced: %.1000s", text)
			}
		})
	}
}
