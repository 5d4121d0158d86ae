package bench

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"libsystrap/internal/freestanding"
	"libsystrap/internal/testdir"
)

// tools is the folder with what is built here.
var tools = sync.OnceValues(func() (string, error) { return testdir.Make("systrap-bench-") })

func removeTools() {
	if dir, err := tools(); err == nil {
		os.RemoveAll(dir)
	}
}

// library builds a tool and checks that it traps.
func library(b *testing.B, pkg string) string {
	b.Helper()
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	lib := filepath.Join(dir, filepath.Base(pkg)+".so")
	if _, err := os.Stat(lib); err == nil {
		return lib
	}
	if _, err := freestanding.Build(freestanding.Options{Package: pkg, Output: lib}); err != nil {
		b.Fatal(err)
	}
	report := filepath.Join(dir, "report")
	defer os.Remove(report)
	cmd := exec.Command("true")
	cmd.Env = []string{"LD_PRELOAD=" + lib, "SYSTRAP_REPORT=" + report}
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	var r struct{ Trapped int }
	text, err := os.ReadFile(report)
	if err != nil || json.Unmarshal(text, &r) != nil || r.Trapped == 0 {
		b.Fatalf("%s traps nothing: %v %s", lib, err, text)
	}
	return lib
}

const (
	noopTool  = "libsystrap/bench/noop"
	hooksTool = "libsystrap/bench/hooks"
	footTool  = "libsystrap/bench/foot"
	traceTool = "libsystrap/cmd/trace-syscalls"

	sysfootTool   = "libsystrap/cmd/trace-sysfoot"
	interceptTool = "libsystrap/cmd/libsyscall_intercept"
)

// fixture compiles testdata/NAME.c.
func fixture(b *testing.B, name string) string {
	b.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		b.Skip("no gcc to compile the fixture")
	}
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	exe := filepath.Join(dir, name)
	if out, err := exec.Command("gcc", "-O2", "-Wall", "-o", exe, "testdata/"+name+".c").CombinedOutput(); err != nil {
		b.Fatalf("gcc: %v\n%s", err, out)
	}
	return exe
}

// cHook compiles testdata/hook.c, a hook in C, for libsyscall_intercept.
func cHook(b *testing.B) string {
	b.Helper()
	lib := library(b, interceptTool)
	if _, err := exec.LookPath("gcc"); err != nil {
		b.Skip("no gcc to compile the hook")
	}
	dir := filepath.Dir(lib)
	hook := filepath.Join(dir, "hook.so")
	if out, err := exec.Command("gcc", "-O2", "-Wall", "-shared", "-fPIC", "-I../cmd/libsyscall_intercept", "-o", hook, "testdata/hook.c",
		"-L"+dir, "-lsyscall_intercept", "-Wl,-rpath,"+dir).CombinedOutput(); err != nil {
		b.Fatalf("gcc: %v\n%s", err, out)
	}
	return hook
}

// command is a program to run again and again.
type command struct {
	args []string
	env  []string // added to the environment
	dir  string
}

// under is c with a library loaded.
func (c command) under(lib string, env ...string) command {
	c.env = append(append([]string{"LD_PRELOAD=" + lib}, env...), c.env...)
	return c
}

// strace is c under strace -f with more options.
func (c command) strace(options ...string) command {
	c.args = append(append([]string{"strace", "-f"}, options...), c.args...)
	return c
}

func haveStrace() bool {
	_, err := exec.LookPath("strace")
	return err == nil
}

// timeout bounds one run of a program.
const timeout = time.Minute

// run runs c once, without output, and returns how long it took and how much
// processor time it and its children used.
func (c command) run(b *testing.B) (wall, cpu time.Duration) {
	b.Helper()
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Dir = c.dir
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Skip(err)
	}
	killer := time.AfterFunc(timeout, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	wall = time.Since(start)
	killer.Stop()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() < 0 {
		b.Fatalf("%q: %v", c.args, err)
	}
	return wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// runner runs a command once and returns how long it took and how much processor
// time.
type runner func(c command, b *testing.B) (wall, cpu time.Duration)

// interleave runs the commands n times, one after the other in each round, after
// one round that is not counted.
func interleave(b *testing.B, n int, commands ...command) (wall, cpu [][]time.Duration) {
	b.Helper()
	return interleaveWith(b, n, command.run, commands...)
}

// interleaveWith runs the commands in turn, n times and once before that. One that takes long has fewer turns, however
// slow strace is on the machine, but two at least, or only the one before: its results are shorter than those of the first.
func interleaveWith(b *testing.B, n int, run runner, commands ...command) (wall, cpu [][]time.Duration) {
	b.Helper()
	const most = 8 * time.Second
	wall = make([][]time.Duration, len(commands))
	cpu = make([][]time.Duration, len(commands))
	turns := make([]int, len(commands))
	for round := -1; round < n; round++ {
		for i, c := range commands {
			if round >= turns[i] && round >= 0 {
				continue
			}
			w, p := run(c, b)
			if round < 0 {
				turns[i] = n
				if i > 0 {
					turns[i] = min(n, max(2, int(most/max(w, 1))))
				}
				if i == 0 || w < most {
					continue
				}
				turns[i] = 0
			}
			wall[i] = append(wall[i], w)
			cpu[i] = append(cpu[i], p)
		}
	}
	return wall, cpu
}
