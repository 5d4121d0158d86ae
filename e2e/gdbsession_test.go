package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// sessions are what users do in gdb. Each is typed natively and with the program traced, and gdb must show the same.
var sessions = []struct {
	name     string
	commands []string
}{
	{"next", []string{"break main", "run", "next", "next", "next", "next", "next", "next", "info line", "next", "continue"}},
	{"step", []string{"break main", "run", "step", "step", "step", "step", "step", "step", "step", "step", "step", "bt", "continue"}},
	{"next in a function", []string{"break site", "break inlined", "run", "next", "next", "next", "next", "next", "delete", "continue"}},
	{"finish", []string{"break site", "run", "break positive", "continue", "finish", "continue"}},
	{"until", []string{"break main", "run", "until", "until", "until", "advance positive", "until", "until", "until", "continue"}},
	{"stepi", []string{"break *&site_here", "run", "x/i $pc", "stepi", "x/i $pc", "stepi", "p $rax > 0", "stepi", "delete", "continue"}},
	{"stepi N", []string{"break site", "run", "stepi 4", "x/i $pc", "stepi 2", "nexti 3", "x/i $pc", "delete", "continue"}},
	{"nexti", []string{"break *&site_here", "run", "nexti", "x/i $pc", "p $rax > 0", "nexti", "continue", "nexti 2", "continue"}},
	{"a breakpoint on a call", []string{"break *&site_here", "run", "bt", "continue", "info breakpoints", "continue"}},
	{"a breakpoint behind a call", []string{"break *&site_behind", "run", "bt", "p $rax > 0", "p $rcx == $pc", "continue", "continue"}},
	{"breakpoints on and behind", []string{"break *&site_here", "break *&site_behind", "run", "continue", "continue", "stepi", "x/i $pc", "continue", "continue"}},
	{"stepi to a breakpoint", []string{"break *&site_here", "break *&site_behind", "run", "stepi", "x/i $pc", "stepi", "x/i $pc", "delete", "continue"}},
	{"displaced stepping", []string{"set displaced-stepping on", "break *&site_here", "run", "stepi", "x/i $pc", "continue", "nexti", "x/i $pc", "continue"}},
	{"stepping in line", []string{"set displaced-stepping off", "break *&site_here", "run", "stepi", "x/i $pc", "continue", "nexti", "x/i $pc", "continue"}},
	{"disassemble", []string{"break site", "run", "disassemble site", "x/2i &site_here", "x/2xb &site_here", "continue", "delete", "continue"}},
	{"call", []string{"break transfer", "run transfer", "call positive(5)", "p getppid() > 0", "p site(39) > 0", "next", "next", "p buffer", "continue"}},
	{"watch", []string{"break transfer", "run transfer", "watch total", "rwatch buffer", "continue", "delete", "watch buffer[0]", "continue", "delete", "continue"}},
	{"watch in software", []string{"set can-use-hw-watchpoints 0", "break *&site_here", "run", "delete", "watch total", "continue", "continue", "delete", "continue"}},
	{"tbreak and jump", []string{"tbreak site", "run", "info registers rip", "tbreak positive", "continue", "return 7", "next", "continue"}},
	{"record", []string{"break site", "run", "record full", "next", "next", "next", "reverse-next", "reverse-stepi", "reverse-stepi", "reverse-continue", "next", "record stop", "delete", "continue"}},
	{"handler", []string{"break handler", "run handler", "bt", "next", "next", "continue", "bt", "finish", "continue"}},
	{"handler passed", []string{"handle SIGUSR1 nostop noprint pass", "break handler", "run handler", "bt", "next", "next", "next", "finish", "continue"}},
	{"out of a handler", []string{"handle SIGUSR1 nostop noprint pass", "break handler", "run handler", "delete", "finish", "stepi", "stepi", "x/i $pc", "stepi", "nexti", "bt", "continue"}},
	{"raise", []string{"run handler", "bt", "signal 0"}},
	{"abort", []string{"run abort", "bt", "info program", "continue"}},
	{"genuine ud2", []string{"run ud2", "bt", "x/i $pc", "p $_siginfo.si_signo", "continue", "info program"}},
	{"faults handled", []string{"run faults", "x/i $pc", "bt", "continue", "x/i $pc", "continue", "bt", "continue", "bt", "continue"}},
	{"threads", []string{"break thread", "run thread", "next", "next", "next", "bt 1", "break positive", "continue", "finish", "delete", "p total"}},
	{"fork, parent", []string{"break child", "run child", "next", "next", "next", "next", "finish", "continue"}},
	{"fork, child", []string{"set follow-fork-mode child", "break child", "run child", "next", "next", "next", "continue"}},
	{"twice", []string{"break site", "run", "next", "run", "next", "stepi", "delete", "continue"}},
}

// sessionVolatile is what differs between two native runs, and what gdb says of a file it reads.
var sessionVolatile = []struct {
	expr *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`total \d+\n`), ""}, // the program's, at any time, also within a line of gdb's
	{regexp.MustCompile(`0x0*7[0-9a-f]{11}\b`), "STACK"},
	{regexp.MustCompile(`(process|LWP|Thread) (0x)?[0-9a-f]+`), "$1 N"},
	{regexp.MustCompile(`~?"?/proc/[0-9]+`), "/proc/N"},
	{regexp.MustCompile(`(?m)^Reading symbols from .*\n`), ""},
	{regexp.MustCompile(`(?m)^libsystrap: calls are not traced while gdb records\n`), ""},
	{regexp.MustCompile(`\(s=-?[0-9]+\)`), "(s=N)"}, // at a function's first instruction
}

func normalSession(s string) string {
	for _, v := range sessionVolatile {
		s = v.expr.ReplaceAllString(s, v.with)
	}
	return s
}

// TestGdbSessions: whatever gdb's user does, gdb shows what it shows natively; and the program is traced.
func TestGdbSessions(t *testing.T) {
	need(t, "gdb", "gcc")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	needMachine(t, "dispatch")
	dir := t.TempDir()
	program := filepath.Join(dir, "calls")
	if out, err := exec.Command("gcc", "-g", "-O1", "-w", "-pthread", "-o", program, "testdata/debugger/calls.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	for _, s := range sessions {
		t.Run(strings.ReplaceAll(s.name, " ", "_"), func(t *testing.T) {
			log := filepath.Join(dir, "log")
			os.Remove(log)
			args := []string{"-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set pagination off"}
			for _, c := range s.commands {
				args = append(args, "-ex", c)
			}
			native := session(t, nil, append(append([]string{"gdb"}, args...), "--args", program))
			traced := session(t, []string{"SYSTRAP_OPTIONS=-o " + log},
				append(append([]string{systrap, "gdb"}, args...), "--", program))
			if strings.Contains(native, "hangs:") {
				t.Fatalf("a session that hangs natively:\n%s", native)
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

// TestGdbAttach: gdb attaches to a program whose text has our traps, and all is as natively; then it lets the program go,
// which is traced on.
func TestGdbAttach(t *testing.T) {
	need(t, "gdb", "gcc")
	needMachine(t, "ptrace")
	needMachine(t, "dispatch")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	dir := t.TempDir()
	program, log := filepath.Join(dir, "calls"), filepath.Join(dir, "log")
	if out, err := exec.Command("gcc", "-no-pie", "-g", "-O1", "-w", "-pthread", "-o", program, "testdata/debugger/calls.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	lib := filepath.Join(filepath.Dir(tracerCommand(t)), "trace-syscalls.so")
	script, err := os.ReadFile("../debug/gdb.py")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(lib+"-gdb.py", script, 0o644); err != nil {
		t.Fatal(err)
	}
	attach := func(env ...string) (string, *exec.Cmd) {
		cmd := exec.Command(program, "loop")
		cmd.Env = append(os.Environ(), env...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		awaitCall(t, cmd.Process.Pid, "230 ", "35 ") // it is in its loop
		args := []string{"gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set pagination off",
			"-iex", "add-auto-load-safe-path " + lib + "-gdb.py", "-p", fmt.Sprint(cmd.Process.Pid)}
		for _, c := range []string{`echo MARK\n`, "break positive", "continue", "next", "next", "stepi", "finish", "delete",
			"call positive(7)", "break getppid", "continue", "stepi", "x/2i $pc", "stepi", "x/i $pc", "stepi", "bt", "delete", "detach"} {
			args = append(args, "-ex", c)
		}
		_, shown, _ := strings.Cut(session(t, nil, args), "MARK\n")
		return shown, cmd
	}
	native, cmd := attach()
	cmd.Process.Kill()
	cmd.Wait()
	for _, trap := range []string{"ud2", "int3", "hlt"} {
		t.Run(trap, func(t *testing.T) {
			traced, cmd := attach("LD_PRELOAD="+lib, "SYSTRAP_TRAP="+trap, "SYSTRAP_OPTIONS=-A -o "+log)
			defer cmd.Wait()
			defer cmd.Process.Kill()
			if native != traced || !strings.Contains(native, "$1 = 9") {
				t.Errorf("natively:\n%s\ntraced:\n%s", native, traced)
			}
			size := func() int64 {
				st, err := os.Stat(log)
				if err != nil {
					t.Fatal(err)
				}
				return st.Size()
			}
			for before, end := size(), time.Now().Add(time.Minute); size() == before; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("nothing is traced after gdb has let the program go")
				}
			}
		})
	}
}

// session runs gdb and returns what it showed.
func session(t *testing.T, env, args []string) string {
	t.Helper()
	cmd := exec.Command("timeout", append([]string{"600"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Dir = t.TempDir() // for cores
	out, err := cmd.CombinedOutput()
	if e, ok := err.(*exec.ExitError); ok && e.ExitCode() == 124 {
		return fmt.Sprintf("hangs:\n%s", out)
	}
	return normalSession(string(out))
}
