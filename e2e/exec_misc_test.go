package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// registerFormat has the kernel run files by an interpreter (binfmt_misc), until the test ends.
func registerFormat(t *testing.T, name, rule string) {
	t.Helper()
	const folder = "/proc/sys/fs/binfmt_misc"
	if _, err := os.Stat(folder + "/register"); err != nil {
		if out, err := exec.Command("mount", "-t", "binfmt_misc", "none", folder).CombinedOutput(); err != nil {
			t.Skipf("no binfmt_misc: %s", out)
		}
		t.Cleanup(func() { exec.Command("umount", folder).Run() })
	}
	if err := os.WriteFile(folder+"/register", []byte(":"+name+":"+rule), 0); err != nil {
		t.Skipf("binfmt_misc: %v", err)
	}
	t.Cleanup(func() { os.WriteFile(filepath.Join(folder, name), []byte("-1"), 0) })
}

// TestExecMisc: what runs by a registered format is followed, and has strace's lines.
func TestExecMisc(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	needMachine(t, "root")
	ids := buildFixture(t, "lib/ids.c", "misc-interpreter")
	registerFormat(t, "systrap-magic", `M:2:TRAP\x00:\xff\xff\xff\xff\x00:`+ids+":")
	registerFormat(t, "systrap-extension", "E::systrapped::"+ids+":")
	script := `printf 'xxTRAPz' >by-magic; printf 'xxTRAqz' >neither; echo : >by.systrapped; echo : >by.systrappe; chmod 755 *
		./by-magic; ./by.systrapped; env ./neither; env ./by.systrappe; env ./by-magic`
	want := execsOf(traceOf(t, script, "strace", "-f", "-o", "LOG"))
	log := traceOf(t, script, tracerCommand(t), "-f", "-o", "LOG")
	if d := cmp.Diff(want, execsOf(log)); d != "" {
		t.Errorf("(-strace +ours):\n%s", d)
	}
	if n := strings.Count(log, " write(1, "); n < 3 {
		t.Errorf("%d writes of interpreters in the trace, want 3 and more:\n%s", n, log)
	}
	begun := regexp.MustCompile(`(?m) execve\(.* <unfinished \.\.\.>$`).FindAllString(log, -1)
	if strings.Contains(log, "untraced") || strings.Count(log, " execve resumed") > len(begun) {
		t.Errorf("%s", log)
	}
}
