package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lldbSessions are what users do in lldb.
var lldbSessions = [][]string{
	{"b main", "run", "next", "next", "next", "next", "step", "next", "step", "register read rip", "continue"},
	{"b site", "run", "si", "si", "si", "si", "next", "finish", "expr (int)getppid() > 0", "continue", "continue"},
	{"b site_here", "run", "ni", "register read rip", "p $rax > 0", "ni", "continue", "si", "register read rip", "continue"},
	{"b site_here", "b site_behind", "run", "continue", "continue", "si", "continue", "continue"},
	{"b transfer", "run transfer", "next", "next", "p buffer", "watchpoint set variable buffer[0]", "watchpoint set variable total", "continue", "continue"},
	{"b handler", "run handler", "bt", "continue", "bt", "finish", "next", "finish", "bt", "si", "ni", "si", "continue"},
	{"run faults", "bt", "continue", "continue", "continue", "continue", "continue"},
	{"run ud2", "bt", "register read rip", "continue"},
	{"run abort", "bt", "continue"},
	{"b thread", "run thread", "next", "next", "finish", "continue"},
	{"b child", "run child", "next", "continue"}, // lldb 14 waits for ever behind a step over fork(2), natively, too
}

// lldbOwn is what is only said because we are there: of breakpoints of ours, which have numbers, and of their language.
var lldbOwn = []struct {
	expr *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?m)^.*(has no plugin for the language|command script import|settings append target).*\n`), ""},
	{regexp.MustCompile(`(?i)(breakpoint) [0-9]+`), "$1 N"},
	{regexp.MustCompile(`(?i)(process) [0-9]+`), "$1 N"},
	{regexp.MustCompile(`tid = [0-9]+`), "tid = N"},
	{regexp.MustCompile(`0x0*7[0-9a-f]{11}\b`), "STACK"},
	{regexp.MustCompile(`total \d+\n`), ""},
}

// TestLldbSessions is TestGdbSessions for lldb.
func TestLldbSessions(t *testing.T) {
	need(t, "lldb", "gcc")
	needMachine(t, "dispatch")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	dir := t.TempDir()
	program, log := filepath.Join(dir, "calls"), filepath.Join(dir, "log")
	if out, err := exec.Command("gcc", "-g", "-O1", "-w", "-pthread", "-o", program, "testdata/debugger/calls.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	cache := "XDG_CACHE_HOME=" + dir
	if out := session(t, []string{cache}, []string{systrap, "lldb", "-x", "-b", "-o", "script print(6*7)"}); !strings.Contains(out, "\n42") {
		t.Skipf("this lldb has no Python:\n%s", out)
	}
	for _, commands := range lldbSessions {
		t.Run(strings.ReplaceAll(strings.Join(commands[:2], "_"), " ", "_"), func(t *testing.T) {
			os.Remove(log)
			args := []string{"-x", "-b", "-o", "settings set use-color false", "-o", "settings set stop-disassembly-display never"}
			for _, c := range commands {
				args = append(args, "-o", c)
			}
			native := session(t, nil, append(append([]string{"lldb"}, args...), "--", program))
			traced := session(t, []string{cache, "SYSTRAP_OPTIONS=-o " + log}, append(append([]string{systrap, "lldb"}, args...), "--", program))
			if strings.Contains(native, "hangs:") {
				t.Fatalf("a session that hangs natively:\n%s", native)
			}
			for _, v := range lldbOwn {
				native, traced = v.expr.ReplaceAllString(native, v.with), v.expr.ReplaceAllString(traced, v.with)
			}
			if i := strings.Index(native, "Traceback"); i >= 0 {
				native = regexp.MustCompile(`(?m)^(Traceback|  File "<string>"|\w+Error:).*\n`).ReplaceAllString(native, "")
			}
			if native != traced {
				t.Errorf("natively:\n%s\ntraced:\n%s", native, traced)
			}
			text, _ := os.ReadFile(log)
			if !strings.Contains(string(text), "getppid()") {
				t.Errorf("nothing was traced:\n%s", text)
			}
		})
	}
}
