package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTwoTools loads two libraries into one process, which ended in a SIGSEGV: the one
// that ld.so starts second says in one line, in the first image, which is there, and
// stays out.
func TestTwoTools(t *testing.T) {
	dir := t.TempDir()
	copied := filepath.Join(dir, "copy.so")
	b, err := os.ReadFile(silentLib)
	if err == nil {
		err = os.WriteFile(copied, b, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile("^(\\S+): the tool (\\S+) is in this process already: (\\S+) stays out; .*\n$")
	// Which is first is ld.so's affair (DF_1_INITFIRST).
	for _, c := range []struct {
		preload, discover string
		more              int
	}{
		{lookerLib + ":" + silentLib, "", 1},
		{silentLib + " " + lookerLib, "", 1},
		{silentLib + ":" + copied, "", 1},
		{silentLib + ":" + silentLib, "", 0}, // one library
		{lookerLib + ":" + silentLib, "only", 1},
		{lookerLib + ":" + silentLib, "0", 1},
		{silentLib + ":" + traceLib, "", 1},
		{traceLib + ":" + silentLib + ":" + lookerLib, "", 2},
	} {
		log, report := filepath.Join(dir, "log"), filepath.Join(dir, "report")
		os.Remove(report)
		cmd := exec.Command("sh", "-c", "/bin/echo child; (exit 3); exec sh -c 'echo exec; exit 5'")
		cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+c.preload, "SYSTRAP_DISCOVER="+c.discover,
			"SYSTRAP_OPTIONS=-o "+log, "SYSTRAP_REPORT="+report)
		var out, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &stderr
		cmd.Run()
		if out.String() != "child\nexec\n" || cmd.ProcessState.ExitCode() != 5 {
			t.Errorf("%+v: %s, %q", c, cmd.ProcessState, out.String())
		}
		said := strings.SplitAfter(stderr.String(), "\n")
		said = said[:len(said)-1]
		if len(said) != c.more {
			t.Errorf("%+v: %q", c, said)
		}
		first := ""
		for _, s := range said {
			m := line.FindStringSubmatch(s)
			if m == nil || m[1] != m[3] || first != "" && m[2] != first {
				t.Errorf("%+v: %q", c, said)
				break
			}
			first = m[2]
		}
		if text, err := os.ReadFile(report); err != nil || strings.Count(string(text), "\n") != 3 {
			t.Errorf("%+v: reports %s, %v", c, text, err)
		}
	}
	// systrap trace in an environment that has a tool.
	cmd := exec.Command(tracerCommand(t), "-f", "-o", filepath.Join(dir, "log2"), "sh", "-c", "exit 6")
	cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+silentLib)
	out, _ := cmd.CombinedOutput()
	if want := "strace: " + silentLib + " (LD_PRELOAD) is a tool, and there can be one: the command runs with it, without a trace\n"; cmd.ProcessState.ExitCode() != 6 || tracerIs.ReplaceAllString(string(out), "strace: ") != want {
		t.Errorf("%s, %q", cmd.ProcessState, out)
	}
}

// TestToolBehindInjected has ld.so load a library into a process that another one was put into before: it had seen none of the images,
// and both were at work.
func TestToolBehindInjected(t *testing.T) {
	needMachine(t, "ptrace")
	dir := t.TempDir()
	libc := filepath.Join(dir, "libc.so")
	if err := rewriteFile("/lib/x86_64-linux-gnu/libc.so.6", libc, lookerLib); err != nil {
		t.Fatal(err)
	}
	for _, second := range []string{silentLib, traceLib, libc} {
		log, report := filepath.Join(dir, "log"), filepath.Join(dir, "report")
		os.Remove(report)
		cmd := exec.Command(tracerCommand(t), "--inject", "-f", "-o", log, "env", "LD_PRELOAD="+second, "SYSTRAP_REPORT="+report,
			"/bin/sh", "-c", "/bin/echo child; exit 6")
		cmd.Env = fixedEnv(dir)
		var out, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &stderr
		cmd.Run()
		if out.String() != "child\n" || cmd.ProcessState.ExitCode() != 6 {
			t.Errorf("%s: %s, %q", second, cmd.ProcessState, out.String())
		}
		said := regexp.MustCompile(`^(\S+: another tool is in this process already: \S+ stays out; .*\n){2}$`)
		if !said.MatchString(stderr.String()) {
			t.Errorf("%s: %q", second, stderr.String())
		}
		text, err := os.ReadFile(log)
		if err != nil || strings.Contains(string(text), "SIGILL") || !strings.Contains(string(text), "+++ exited with 6 +++\n") {
			t.Errorf("%s: %v\n%s", second, err, text)
		}
		if text, err := os.ReadFile(report); err != nil || strings.Count(string(text), "\n") != 2 {
			t.Errorf("%s: reports %s, %v", second, text, err)
		}
	}
}
