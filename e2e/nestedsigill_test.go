package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNestedSigills sends SIGILL to a program that blocks it (testdata/lib/nested_sigills.c), a hundred times, each at the first
// instruction of what the last one has entered, as two quick senders do. Natively nothing is entered. The
// library has to look at each; each lay on top of the one before, until its stack was full.
func TestNestedSigills(t *testing.T) {
	need(t, "gcc")
	needMachine(t, "ptrace")
	bin := filepath.Join(t.TempDir(), "nested")
	if out, err := exec.Command("gcc", "-O1", "-Wall", "-o", bin, "testdata/lib/nested_sigills.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	native := exec.Command(bin)
	native.Env = os.Environ()
	want, entered := nestSigills(t, native)
	if entered != 0 {
		t.Fatalf("natively %d signals entered a handler", entered)
	}
	for _, door := range []string{"jump", "trap"} {
		t.Run(door, func(t *testing.T) {
			cmd := jumpCommand(t, silentLib, bin)
			cmd.Env = append(cmd.Env, "SYSTRAP_DOOR="+door)
			got, entered := nestSigills(t, cmd)
			if got != want {
				t.Errorf("it says %q, natively %q", got, want)
			}
			if entered == 0 {
				t.Error("no signal came to the library: is it there?")
			}
			t.Logf("%d signals came to the library", entered)
		})
	}
}

// nestSigills runs cmd and returns what it says at its end, and how many of the signals that it was sent entered a
// handler.
func nestSigills(t *testing.T, cmd *exec.Cmd) (says string, entered int) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &steps{t: t, cmd: cmd}
	if s.errs, err = os.Create(filepath.Join(t.TempDir(), "errors")); err != nil {
		t.Fatal(err)
	}
	defer s.errs.Close()
	cmd.Stderr = s.errs
	s.must(cmd.Start())
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	out := bufio.NewReader(pipe)
	if line, err := out.ReadString('\n'); line != "ready\n" {
		t.Fatalf("it says %q (%v)", line, err)
	}
	s.pid = cmd.Process.Pid
	step := func(sig syscall.Signal) {
		t.Helper()
		if _, _, e := syscall.Syscall6(syscall.SYS_PTRACE, syscall.PTRACE_SINGLESTEP, uintptr(s.pid), 0, uintptr(sig), 0, 0); e != 0 {
			t.Fatalf("PTRACE_SINGLESTEP: %v", e)
		}
	}
	s.must(unix.PtraceSeize(s.pid))
	s.must(unix.PtraceInterrupt(s.pid))
	s.wait()
	for range 100 {
		s.must(syscall.Kill(s.pid, syscall.SIGILL))
		step(0)
		if s.wait() == syscall.SIGILL {
			entered++
			step(syscall.SIGILL)
			s.wait() // at its handler's first instruction
		}
	}
	s.must(unix.PtraceDetach(s.pid))
	s.must(syscall.Kill(s.pid, syscall.SIGUSR1))
	rest, _ := io.ReadAll(out)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, s.said())
	}
	return string(rest), entered
}
