package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDebugTools: other tools that look into the program from outside show what they show natively.
func TestDebugTools(t *testing.T) {
	need(t, "gcc")
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "calls")
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
	numbers := regexp.MustCompile(`0x[0-9a-f]+|\b[0-9]{3,}\b`)
	log := filepath.Join(dir, "log")
	for name, tool := range map[string]struct {
		// command is what runs the program $P, which is to have the library in its environment if it is traced: $E is a
		// command for that, or nothing. What it writes to standard output and to $O is compared.
		command string
		// line is one of ours in the trace.
		line string
	}{
		"ltrace":   {`$E ltrace -o $O $P transfer`, "getppid()"},
		"valgrind": {`$E valgrind -q $P transfer 2>/dev/null`, "runs on valgrind"},
		"gdbserver": {`: >$O.server; gdbserver ${E:+--wrapper $E --} --once localhost:0 $P transfer >>$O.server 2>&1 &
for i in $(seq 1000); do port=$(sed -n 's/^Listening on port //p' $O.server); [ -n "$port" ] && break; sleep 0.1; done
gdb -nx -batch -iex 'set debuginfod enabled off' -iex 'set sysroot /' -iex "add-auto-load-safe-path $L" -ex "target remote :$port" \
	-ex 'break site' -ex c -ex next -ex stepi -ex 'break *&site_here' -ex c -ex stepi -ex 'x/i $pc' -ex nexti -ex finish \
	-ex 'break transfer' -ex c -ex next -ex next -ex c $P >$O 2>&1 </dev/null
wait`, "getppid()"},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, name)
			if name == "gdbserver" {
				need(t, "gdb")
				needMachine(t, "dispatch")
			}
			run := func(set string) string {
				out := filepath.Join(dir, name)
				os.Remove(out)
				cmd := exec.Command("timeout", "240", "bash", "-c", tool.command)
				cmd.Env = append(os.Environ(), "P="+program, "O="+out, "E="+set, "L="+lib+"-gdb.py")
				cmd.Dir = dir
				shown, err := cmd.CombinedOutput()
				text, _ := os.ReadFile(out)
				status := ""
				if err != nil {
					status = err.Error()
				}
				return numbers.ReplaceAllString(string(shown)+string(text)+status, "N")
			}
			os.Remove(log)
			native, traced := run(""), run("env LD_PRELOAD="+lib+" SYSTRAP_OPTIONS=-o"+log)
			if native != traced {
				t.Errorf("natively:\n%s\ntraced:\n%s", native, traced)
			}
			if text, _ := os.ReadFile(log); !strings.Contains(string(text), tool.line) {
				t.Errorf("the trace does not show %q:\n%s", tool.line, text)
			}
		})
	}
}
