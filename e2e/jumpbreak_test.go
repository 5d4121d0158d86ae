package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestJumpBreakpoints: a debugger that knows nothing of us attaches, and sets a breakpoint at the instruction before a call, at it, or behind
// it: where a jump is, and in the bytes that the jump has in common with them. All is as natively, but at the call itself: where the jump
// is a long one nobody comes there; else gdb stops once, as it takes the signal by which the call is made for one that comes back to it.
func TestJumpBreakpoints(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	need(t, "gdb")
	bin := buildJump(t, "unwind")
	for _, call := range []string{"getpid_here", "brief_here", "three_here", "four_here"} {
		for _, place := range []string{"insn", "site", "behind"} {
			for _, mode := range []string{"loop", "threads"} {
				t.Run(call+"_"+place+"_"+mode, func(t *testing.T) {
					session := func(cmd *exec.Cmd) string {
						if err := cmd.Start(); err != nil {
							t.Fatal(err)
						}
						defer func() { cmd.Process.Kill(); cmd.Wait() }()
						awaitPause(t, cmd.Process.Pid)
						// SIGSEGV: that of a jump which leads astray is ours.
						args := []string{"120", "gdb", "-nx", "-q", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off", "-p", fmt.Sprint(cmd.Process.Pid),
							"-ex", "handle SIGUSR1 SIGILL SIGSEGV nostop noprint pass", "-ex", "set language c", "-ex", `echo MARK\n`, "-ex", "break *(char *)&" + call + "_" + place, "-ex", "signal SIGUSR1"}
						if mode == "loop" {
							for range 2 {
								args = append(args, "-ex", "bt 2", "-ex", "p $rbx", "-ex", "continue")
							}
							args = append(args, "-ex", "delete")
						} else {
							args = append(args, "-ex", "continue", "-ex", "continue", "-ex", "delete")
						}
						out, err := exec.Command("timeout", append(args, "-ex", "continue")...).CombinedOutput()
						if err != nil && !strings.Contains(string(out), "exited normally") { // it is not 0 where there is nothing to continue
							t.Fatalf("gdb: %v\n%s", err, out)
						}
						_, shown, _ := strings.Cut(string(out), "MARK\n")
						return sessionLibrary.ReplaceAllString(normalSession(shown), "")
					}
					plain := exec.Command(bin, mode)
					plain.Dir = t.TempDir() // for cores
					native := session(plain)
					cmd := jumpCommand(t, silentLib, bin, mode)
					cmd.Env = append(cmd.Env, "SYSTRAP_TRAP=ud2")
					traced := session(cmd)
					if mode == "threads" || place == "site" { // which thread comes first is not said
						if met := strings.Contains(traced, "Breakpoint 1,"); mode == "loop" && met == (call == "getpid_here") {
							t.Errorf("the breakpoint at the call: met is %v", met)
						}
						if !strings.Contains(native, "exited normally") || !strings.Contains(traced, "exited normally") {
							t.Errorf("natively:\n%s\ntraced:\n%s", native, traced)
						}
						return
					}
					if native != traced || !strings.Contains(native, "Breakpoint 1,") {
						t.Errorf("natively:\n%s\ntraced:\n%s", native, traced)
					}
				})
			}
		}
	}
}

// sessionLibrary is where gdb says what library a function is in.
var sessionLibrary = regexp.MustCompile(` from \S+/libunwind\.so`)

// TestJumpDebugged: under a debugger that was there first no jump stands before a call, whatever SYSTRAP_DOOR says.
func TestJumpDebugged(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	needMachine(t, "dispatch")
	need(t, "gdb")
	bin := buildJump(t, "unwind")
	for _, way := range []struct{ command, jumped string }{{"gdb", `"jumped":0[,}]`}, {"env", `"jumped":[1-9]`}} {
		cmd := jumpCommand(t, silentLib, bin)
		report := filepath.Join(cmd.Dir, "report")
		env := append(cmd.Env, "SYSTRAP_REPORT="+report)
		args := append([]string{"240", "env"}, append(env, bin)...)
		if way.command == "gdb" {
			args = []string{"240", "gdb", "-nx", "-q", "-batch", "-iex", "set debuginfod enabled off", "-ex", "handle SIGSYS SIGILL nostop noprint pass",
				"-ex", "set exec-wrapper env " + strings.Join(env, " "), "-ex", "run", bin}
		}
		out, err := exec.Command("timeout", args...).CombinedOutput()
		b, _ := os.ReadFile(report)
		if err != nil || !regexp.MustCompile(way.jumped).Match(b) {
			t.Errorf("%s: %v\n%s\nreport, which is to have %s:\n%s", way.command, err, out, way.jumped, b)
		}
	}
}
