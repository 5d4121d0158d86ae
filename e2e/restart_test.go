package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRestartCodes interrupts every call that a signal can end, and compares what
// the kernel made of each with what strace saw: `? ERESTARTSYS` and the others, or a
// genuine EINTR.
func TestRestartCodes(t *testing.T) {
	need(t, "strace")
	need(t, "gcc")
	bin := filepath.Join(t.TempDir(), "restart_codes")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-Itestdata", "-o", bin, "testdata/restart_codes.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	want := interruptions(t, bin, "strace", "-o", "LOG")
	got := interruptions(t, bin, tracerCommand(t), "-o", "LOG")
	if strings.Count(want, "? ERESTART") < 60 {
		t.Fatalf("strace saw few calls interrupted:\n%s", want)
	}
	for _, d := range diffText("calls that a signal ended", want, got) {
		t.Error(d)
	}
}

var (
	argumentText = regexp.MustCompile(`\(.*\) += `)
	signalText   = regexp.MustCompile(`^--- (SIG\w+) .*`)
)

// interruptions returns, of the trace that a tracer makes of program, the calls that
// a signal ended, without their arguments, and the signals.
func interruptions(t *testing.T, program string, tracer ...string) string {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	for i := range tracer {
		tracer[i] = strings.ReplaceAll(tracer[i], "LOG", log)
	}
	cmd := exec.Command("timeout", append(append([]string{"240"}, tracer...), program)...)
	cmd.Dir = dir
	cmd.Env = fixedEnv(dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", tracer, err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		// What is ignored is not seen; what the program writes is about EINTR.
		if strings.HasPrefix(line, "--- SIGCHLD") || strings.HasPrefix(line, `write(1, "`) {
			continue
		}
		if strings.Contains(line, "= ? E") || strings.Contains(line, "= -1 EINTR") || strings.HasPrefix(line, "---") {
			line = signalText.ReplaceAllString(line, "--- $1")
			b.WriteString(argumentText.ReplaceAllString(line, "() = "))
		}
	}
	return b.String()
}
