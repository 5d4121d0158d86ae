package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// buildJump makes the program of a library in testdata/jump and returns its path.
func buildJump(t *testing.T, name string) string {
	t.Helper()
	need(t, "gcc")
	dir := t.TempDir()
	for _, args := range [][]string{
		{"-O1", "-g", "-Wall", "-D_GNU_SOURCE", "-fPIC", "-shared", "-fvisibility=hidden", "-o", filepath.Join(dir, "lib"+name+".so"), "testdata/jump/" + name + ".c"},
		{"-o", filepath.Join(dir, name), "testdata/jump/main.c", "-L" + dir, "-l" + name, "-Wl,-rpath," + dir},
	} {
		if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
			t.Fatalf("gcc %v: %v\n%s", args, err, out)
		}
	}
	return filepath.Join(dir, name)
}

// jumpCommand is a command whose calls come by the jump door, under a library.
func jumpCommand(t *testing.T, lib string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(fixedEnv(cmd.Dir), "LD_PRELOAD="+lib, "SYSTRAP_DOOR=jump", "SYSTRAP_DISCOVER=1")
	if allTraps != "" {
		cmd.Env = append(cmd.Env, "SYSTRAP_TRAP="+allTraps)
	}
	return cmd
}

// inProgram is the backtrace of a call of testdata/jump/unwind.c.
const inProgram = `pause_here[^#]*(#\d+ +[^#]*inner[^#]*){4}#\d+ +[^#]*steps[^#]*#\d+ +[^#]*main`

// TestJumpUnwinding: a debugger that is attached to a program which waits in a call finds the program behind the door, with its
// registers: where the door makes the call as it stands, and where it goes through a tool.
func TestJumpUnwinding(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	need(t, "gdb")
	bin := buildJump(t, "unwind")
	noop, err := noopLib()
	if err != nil {
		t.Fatal(err)
	}
	for name, lib := range map[string]string{"tool": silentLib, "direct": noop, "trace": traceLib} {
		t.Run(name, func(t *testing.T) {
			cmd := jumpCommand(t, lib, bin, "wait")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { cmd.Process.Kill(); cmd.Wait() }()
			awaitPause(t, cmd.Process.Pid)
			out, err := exec.Command("gdb", "-nx", "-q", "-batch", "-p", fmt.Sprint(cmd.Process.Pid),
				"-ex", "backtrace", "-ex", "up", "-ex", "print $rbx", "-ex", "detach").CombinedOutput()
			if err != nil {
				t.Fatalf("gdb: %v\n%s", err, out)
			}
			for _, want := range []string{`#0 +[^#]*jumpHere[^#]*#1 +[^#]*` + inProgram, `\$1 = 77\n`} {
				if !regexp.MustCompile(want).Match(out) {
					t.Errorf("gdb does not show %q in\n%s", want, out)
				}
			}
			cmd.Process.Signal(syscall.SIGTERM)
		})
	}
}

// awaitPause waits until a process waits in pause(2).
func awaitPause(t *testing.T, pid int) { awaitCall(t, pid, "34 ") }

// awaitCall waits until a process waits in one of some calls, whose lines in /proc begin so.
func awaitCall(t *testing.T, pid int, calls ...string) {
	t.Helper()
	for range 6000 {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/syscall", pid))
		if slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(string(b), call) }) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("process %d does not wait", pid)
}

// TestJumpStacks: -k shows the program's functions of a call that comes by the door.
func TestJumpStacks(t *testing.T) {
	needMachine(t, "jump")
	cmd := jumpCommand(t, traceLib, buildJump(t, "unwind"))
	trace := filepath.Join(cmd.Dir, "trace")
	report := filepath.Join(cmd.Dir, "report")
	cmd.Env = append(cmd.Env, "SYSTRAP_OPTIONS=-k -e trace=getpid -o "+trace, "SYSTRAP_REPORT="+report)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`getpid\(\) += \d+\n > [^\n]*\(getpid_here\+[^\n]*\n( > [^\n]*\(inner\+[^\n]*\n){4} > [^\n]*\(steps\+[^\n]*\n > [^\n]*\(main\+`)
	if !want.Match(b) {
		t.Errorf("the trace does not have %q:\n%s", want, b)
	}
	if diffs := checkReport(report, nil, []counter{{"jumped", 1}}, ""); len(diffs) > 0 {
		t.Error(diffs)
	}
}

// TestJumpWalk: a debugger that steps through a call finds the program at each instruction, of the slot, too: by the library's unwind
// information alone, or where there are no symbols, in an outpost, by what gdb's script knows.
func TestJumpWalk(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	need(t, "gdb")
	near := buildJump(t, "unwind")
	far := filepath.Join(t.TempDir(), "far")
	if out, err := exec.Command("gcc", "-O1", "-g", "-Wall", "-D_GNU_SOURCE", "-o", far, "testdata/jump/unwind.c", "testdata/jump/main.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	noop, err := noopLib()
	if err != nil {
		t.Fatal(err)
	}
	hook := compileHook(t, hookFolder(t), "testdata/hooks/plain.c")
	script, err := filepath.Abs("../debug/gdb.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct{ name, lib, bin, mode, call, script string }{
		{"tool", silentLib, near, "step", "getpid_here", ""},
		{"direct", noop, near, "step", "getpid_here", ""},
		{"brief", noop, near, "brief", "brief_here", script},
		{"far", noop, far, "step", "getpid_here", script},
		{"hook", hook, near, "step", "getpid_here", ""}, // the function in C, and what calls it, end unwinding
	} {
		t.Run(way.name, func(t *testing.T) {
			cmd := jumpCommand(t, way.lib, way.bin, way.mode)
			cmd.Env = append(cmd.Env, "SYSTRAP_TRAP=ud2") // gdb takes a SIGTRAP for its own
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { cmd.Process.Kill(); cmd.Wait() }()
			awaitPause(t, cmd.Process.Pid)
			out, err := exec.Command("timeout", "240", "gdb", "-nx", "-q", "-batch", "-p", fmt.Sprint(cmd.Process.Pid), "-ex", "set auto-load off",
				"-ex", "handle SIGUSR1 SIGILL nostop noprint pass", "-ex", "source testdata/jump/walk.py", "-ex", fmt.Sprintf("python walk(%q, %q)", way.call, way.script)).CombinedOutput()
			if err != nil {
				t.Fatalf("gdb: %v\n%s", err, out)
			}
			program := regexp.MustCompile(`^STEP 0x[0-9a-f]+ 77: (\S+ )*` + way.call + ` inner inner inner inner steps main$`)
			seen := map[string]int{}
			for _, line := range strings.Split(string(out), "\n") {
				if !strings.HasPrefix(line, "STEP ") {
					continue
				}
				_, names, _ := strings.Cut(line, ": ")
				first, _, _ := strings.Cut(names, " ")
				seen[first]++
				if !program.MatchString(line) && (way.name != "hook" || strings.HasPrefix(first, "core.")) {
					t.Errorf("gdb shows %q", line)
				}
			}
			slot := "core.slots"
			if way.script != "" {
				slot = "?"
			}
			if way.name == "hook" && seen["core.jumpDoorPast"] < 8 {
				t.Errorf("the call did not come by the second door: %v", seen)
			}
			if seen[slot] != 3 || seen["core.jumpDoor"] < 8 || seen["core.jumpHere"] < 20 || !strings.Contains(string(out), "\nBEHIND\n") {
				t.Errorf("the call did not come by the door: %v\n%s", seen, out)
			}
		})
	}
}
