package e2e

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestJumpSteps gives a program a signal at every instruction of a call that comes by the jump door: in the slot,
// in jumpDoor and jumpHere, and in the Go code between. Its handler finds the program each time, at the instruction before the
// call, at it, or behind it, with its registers, flags and red zone; and the call is made once (testdata/jump/steps.c).
//
// The tracer attaches when the program has started: one that is there before switches the door off. The instructions are found by
// single steps, but for PUSHFQ and POPFQ, which would show the door the flag by which that is done. Then a
// breakpoint is put at each.
func TestJumpSteps(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	bin := buildJump(t, "steps")
	far := filepath.Join(t.TempDir(), "far")
	if out, err := exec.Command("gcc", "-O1", "-g", "-Wall", "-D_GNU_SOURCE", "-o", far, "testdata/jump/steps.c", "testdata/jump/main.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	noop, err := noopLib()
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct {
		name, lib, bin, mode string
		flags                uint64
		strange              uint64 // added to the FS base
		least                int    // instructions
	}{
		{name: "plain", mode: "plain", least: 200},
		{name: "onstack", mode: "onstack", least: 200},
		{name: "longjmp", mode: "longjmp", least: 200},
		{name: "mask", mode: "mask", least: 200},   // of a rt_sigprocmask(2)
		{name: "brief", mode: "brief", least: 200}, // the instruction before the call has two bytes
		{name: "far", mode: "plain", bin: far, least: 200},
		{name: "farbrief", mode: "brief", bin: far, least: 200},
		{name: "farlongjmp", mode: "longjmp", bin: far, least: 200},
		{name: "direct", mode: "plain", lib: noop, least: 50},
		{name: "directonstack", mode: "onstack", lib: noop, least: 50},
		{name: "directlongjmp", mode: "longjmp", lib: noop, least: 50},
		{name: "flags", mode: "plain", flags: 1 << 10, least: 40},  // DF is not for the door
		{name: "left", mode: "longjmp", flags: 1 << 10, least: 40}, // likewise
		{name: "thread", mode: "plain", strange: 8, least: 40},     // not the FS base that is known
		{name: "directthread", mode: "plain", lib: noop, strange: 8, least: 40},
		{name: "unknown", mode: "plain", strange: 1 << 18, least: 15}, // nobody's place
	} {
		t.Run(way.name, func(t *testing.T) {
			s := startSteps(t, cmp.Or(way.bin, bin), cmp.Or(way.lib, silentLib), way.mode, way.flags)
			s.strange = way.strange
			path := s.record()
			if len(path) < way.least {
				t.Fatalf("the call has %d instructions: it does not come by the door", len(path))
			}
			if way.mode == "brief" {
				path = path[:len(path)-1] // a breakpoint there would change where the jump leads
			}
			n := 0
			for k := range path {
				if s.signalAt(path[k]) {
					n++
				}
			}
			s.finish(n)
			t.Logf("%d instructions, a signal at %d", len(path), n)
			if n < len(path)*9/10 {
				t.Errorf("only %d of %d instructions were met again", n, len(path))
			}
		})
	}
}

// steps is a running steps.c with the calling thread for a tracer.
type steps struct {
	t                        *testing.T
	cmd                      *exec.Cmd
	out                      *bufio.Reader
	errs                     *os.File
	pid                      int
	mem                      *os.File
	insn, site, behind, done uint64
	found                    uint64 // where the handler says what it has found
	end                      uint64 // there is a trap behind the call
	breakpoint               uint64
	strange, fs, rounds      uint64
}

// step is an instruction of the call: the occurrence-th time that it is at addr.
type step struct {
	addr       uint64
	occurrence int
}

// noopLib is the library with a tool that wants to know of no call: the door makes calls as they stand.
var noopLib = sync.OnceValues(func() (string, error) { return library("./bench/noop", "E2E_NOOP") })

func startSteps(t *testing.T, bin, lib, mode string, flags uint64) *steps {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	s := &steps{t: t}
	s.cmd = jumpCommand(t, lib, bin, mode, fmt.Sprint(flags))
	var err error
	if s.errs, err = os.Create(filepath.Join(t.TempDir(), "errors")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.errs.Close() })
	s.cmd.Stderr = s.errs
	in, err := s.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.out = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.pid = s.cmd.Process.Pid
	t.Cleanup(func() { s.cmd.Process.Kill(); s.cmd.Wait() })
	if _, err := fmt.Fscanf(s.out, "%v %v %v %v %v %v\n", &s.insn, &s.site, &s.behind, &s.end, &s.done, &s.found); err != nil {
		t.Fatalf("no addresses: %v", err)
	}
	s.must(unix.PtraceSeize(s.pid))
	if s.mem, err = os.OpenFile(fmt.Sprintf("/proc/%d/mem", s.pid), os.O_RDWR, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.mem.Close() })
	in.Write([]byte{0})
	s.toStop()
	s.atStart()
	return s
}

// said is what it has written to standard error.
func (s *steps) said() string { return readLog(s.errs.Name()) }

func (s *steps) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.said())
	}
}

// wait waits for the next stop and returns its signal; what is not a trap of ours is passed on first.
func (s *steps) wait() syscall.Signal {
	s.t.Helper()
	var w syscall.WaitStatus
	_, err := syscall.Wait4(s.pid, &w, 0, nil)
	s.must(err)
	if !w.Stopped() {
		s.t.Fatalf("it ended: %s\n%s", statusText(w), s.said())
	}
	return w.StopSignal()
}

// run goes on, with a signal, until one of the program's two traps, or the breakpoint. The library's traps, which may be
// int3, too, are passed on.
func (s *steps) run(sig syscall.Signal) {
	s.t.Helper()
	s.must(unix.PtraceCont(s.pid, int(sig)))
	s.toStop()
}

func (s *steps) toStop() {
	s.t.Helper()
	for sig := s.wait(); ; sig = s.wait() {
		if sig == syscall.SIGTRAP {
			if pc := s.regs().Rip - 1; pc == s.end || pc == s.breakpoint || s.beforeCall(pc) {
				return
			}
		}
		s.must(unix.PtraceCont(s.pid, int(sig)))
	}
}

// beforeCall says whether pc is that of the trap in front of the call, which is aligned.
func (s *steps) beforeCall(pc uint64) bool { return s.insn-pc-1 < 16 }

func (s *steps) regs() (r unix.PtraceRegs) {
	s.t.Helper()
	s.must(unix.PtraceGetRegs(s.pid, &r))
	return r
}

// toStart goes on to the next round: its trap is just before the first instruction.
func (s *steps) toStart(sig syscall.Signal) {
	s.t.Helper()
	s.run(sig)
	s.atStart()
}

func (s *steps) atStart() {
	s.t.Helper()
	if s.regs().Rip == s.end+1 {
		s.setFS(s.fs)
		s.run(0)
	}
	r := s.regs()
	if !s.beforeCall(r.Rip - 1) {
		s.t.Fatalf("a trap at %#x, not before %#x\n%s", r.Rip, s.insn, s.said())
	}
	r.Rip = s.insn
	if s.fs == 0 {
		s.fs = r.Fs_base
	}
	r.Fs_base = s.fs
	s.must(unix.PtraceSetRegs(s.pid, &r))
}

// begin has the round run on another FS base than the last one, where that is to be tried.
func (s *steps) begin() {
	s.t.Helper()
	s.rounds++
	if s.strange != 0 {
		s.setFS(s.fs + s.strange*(1+s.rounds%2))
	}
}

func (s *steps) setFS(base uint64) {
	s.t.Helper()
	r := s.regs()
	r.Fs_base = base
	s.must(unix.PtraceSetRegs(s.pid, &r))
}

func (s *steps) peek(addr uint64) (b byte) {
	s.t.Helper()
	var one [1]byte
	_, err := s.mem.ReadAt(one[:], int64(addr))
	s.must(err)
	return one[0]
}

func (s *steps) poke(addr uint64, b ...byte) {
	s.t.Helper()
	_, err := s.mem.WriteAt(b, int64(addr))
	s.must(err)
}

// breakAt goes on to the breakpoint at addr, and says whether it was met before the next round.
func (s *steps) breakAt(addr uint64) bool {
	s.t.Helper()
	old := s.peek(addr)
	s.poke(addr, 0xcc)
	s.breakpoint = addr
	s.run(0)
	s.breakpoint = 0
	s.poke(addr, old)
	r := s.regs()
	if r.Rip != addr+1 {
		return false
	}
	r.Rip = addr
	s.must(unix.PtraceSetRegs(s.pid, &r))
	return true
}

// step makes one instruction.
func (s *steps) step(addr uint64) {
	s.t.Helper()
	const pushfq, popfq = 0x9c, 0x9d
	if b := s.peek(addr); b == pushfq || b == popfq {
		if !s.breakAt(addr + 1) {
			s.t.Fatalf("the instruction at %#x does not come to its end", addr)
		}
		return
	}
	s.must(unix.PtraceSingleStep(s.pid))
	if sig := s.wait(); sig != syscall.SIGTRAP {
		s.t.Fatalf("%v at the step from %#x", sig, addr)
	}
}

// record makes a call step by step and returns its instructions, up to that behind it or its trap.
func (s *steps) record() (path []step) {
	s.t.Helper()
	const most = 100_000
	seen := map[uint64]int{}
	s.begin()
	for len(path) < most {
		addr := s.regs().Rip
		seen[addr]++
		path = append(path, step{addr, seen[addr]})
		if addr == s.behind || addr == s.site {
			s.toStart(0)
			return path
		}
		s.step(addr)
	}
	s.t.Fatalf("the call does not end within %d instructions", most)
	return nil
}

// signalAt makes a call that gets a signal at p, and says whether it came there.
func (s *steps) signalAt(p step) bool {
	s.t.Helper()
	s.begin()
	for n := 1; p.addr != s.insn; n++ {
		if n > 1 {
			s.step(p.addr)
		}
		if !s.breakAt(p.addr) {
			s.atStart()
			return false
		}
		if n == p.occurrence {
			break
		}
	}
	before := len(s.said())
	s.toStart(syscall.SIGUSR1)
	if more := s.said()[before:]; more != "" {
		s.t.Errorf("a signal at %#x (%d.):\n%s", p.addr, p.occurrence, more)
	}
	return true
}

// finish has the program end, and looks at what it says.
func (s *steps) finish(signals int) {
	s.t.Helper()
	var one [8]byte
	binary.LittleEndian.PutUint64(one[:], 1)
	s.poke(s.done, one[:]...)
	s.run(0) // to the trap behind the call
	s.must(unix.PtraceDetach(s.pid))
	var rounds, handled, wrong int
	if _, err := fmt.Fscanf(s.out, "rounds %d handled %d wrong %d\n", &rounds, &handled, &wrong); err != nil {
		s.t.Fatalf("%v\n%s", err, s.said())
	}
	if handled != signals || wrong != 0 {
		s.t.Errorf("%d signals, %d came to the handler, %d wrong\n%s", signals, handled, wrong, s.said())
	}
}
