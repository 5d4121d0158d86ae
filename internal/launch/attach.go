package launch

import (
	"fmt"
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/seccomp"
)

// Attach is what is put into a program that runs.
type Attach struct {
	// Pid is a process, or one of its threads.
	Pid int
	// Library is a descriptor of the library's file, Fds are others that the program is to be given, -1 for none.
	Library int
	Fds     [4]int
	// Vars returns the library's variables, once the numbers are known that Fds and Library have in the program. filters sums up the
	// seccomp filters that it is behind (seccomp.Summary); it is nil if there are none.
	Vars func(fds [4]int, library int, filters *[seccomp.SummaryWords]uint64) []string

	filters *[seccomp.SummaryWords]uint64
}

// Attached is a program with a library of ours in it.
type Attached struct {
	Pid, Process, Threads int
	base                  uint64
	library               inject.Library
	byCall                bool // as in stopped
}

// check says why nothing is to be done to the process, before it is stopped.
func (a *Attach) check(process int) error {
	if holdsTool(process) {
		return &Refused{What: "has a tool of systrap's in it already"}
	}
	return nil
}

// checkStopped says it of one that is stopped.
func (s *stopped) checkStopped() error {
	const userCS = 0x33
	for _, t := range s.threads {
		if t.Regs.Cs != userCS {
			return &Refused{What: "is a 32-bit program"}
		}
		var d inject.Dispatch
		switch r := t.GetDispatch(&d); {
		case r != 0:
			s.byCall = true
		case d.Mode != 0:
			return &Refused{What: "has its system calls reported already (PR_SET_SYSCALL_USER_DISPATCH)"}
		}
	}
	return nil
}

// Start attaches to the program. The caller must be locked to its thread. If it fails, the error being a Refused, the program goes on as it was.
func (a *Attach) Start() (*Attached, error) {
	one.Lock()
	defer one.Unlock()
	process, err := strconv.Atoi(statusOf(fmt.Sprintf("/proc/%d/status", a.Pid), "Tgid"))
	if err != nil {
		return nil, &Refused{fmt.Sprintf("ptrace(PTRACE_SEIZE, %d)", a.Pid), unix.ESRCH}
	}
	if Forbidden.Trace {
		return nil, &Refused{fmt.Sprintf("ptrace(PTRACE_SEIZE, %d)", a.Pid), unix.EPERM}
	}
	if err := a.check(process); err != nil {
		return nil, err
	}
	p := &Attached{Pid: a.Pid, Process: process}
	if f := p.library.Read(int64(a.Library)); f.Failed() {
		return nil, refused(f)
	}
	p.base = p.library.Base
	s, err := halt(a.Pid, process, nil)
	if err != nil {
		return nil, err
	}
	p.Threads = len(s.threads)
	if err := s.checkStopped(); err != nil {
		s.release()
		return nil, err
	}
	p.byCall = s.byCall
	if a.filters, err = s.filters(); err == nil {
		err = a.put(s, p)
	}
	if err != nil {
		s.release()
		return nil, err
	}
	return p, nil
}

// put puts the library into a process that is stopped, which goes on if that is done.
func (a *Attach) put(s *stopped, p *Attached) error {
	w := &s.work
	var threads []inject.Running
	for _, t := range s.threads {
		if !t.ReadMask() {
			return &Refused{What: "has ended", Errno: unix.ESRCH}
		}
		threads = append(threads, inject.Running{Tid: s.inner(t), Mask: t.Mask & inject.OwnSignals, Sets: ownSignals})
	}
	w.Lib = &p.library
	f := w.Reserve(auxvOf(s.process))
	mask := w.Mask
	if !f.Failed() {
		f = a.inject(s, threads)
	}
	if f.Failed() {
		w.Undo()
		w.Release()
		w.SetMask(mask)
		return refused(f)
	}
	s.pause(true)
	s.settle()
	s.pause(false)
	w.Release()
	w.SetMask(mask &^ inject.OwnSignals)
	s.release()
	return nil
}

// ownSignals are the sets of the library's signals, one by one.
var ownSignals = [2]uint64{1 << (unix.SIGILL - 1), 1 << (unix.SIGSYS - 1)}

// settle gives the threads the alternate stacks that the library has for them, the library its signals that they have pending, and has
// their calls reported.
func (s *stopped) settle() {
	w := &s.work
	b := w.Block
	list := make([]inject.Running, b.NumThreads)
	const each = unsafe.Sizeof(inject.Running{})
	if len(list) == 0 || w.Read(uint64(b.Threads), unsafe.Pointer(&list[0]), uintptr(len(list))*each) != uintptr(len(list))*each {
		return
	}
	for i, t := range s.threads {
		e, at := &list[i], uint64(b.Threads)+uint64(i)*uint64(each)
		first := t == &w.Tracee
		mask := t.Mask
		if !first {
			t.Calls(&w.Tracee)
			t.HoldSignals(0)
		}
		if e.Old != 0 {
			t.Call(unix.SYS_SIGALTSTACK, at+uint64(unsafe.Offsetof(e.Stack)), e.Old, 0, 0, 0, 0)
		}
		if e.Mask != 0 && e.Pending != 0 {
			s.take(t, e, at)
		}
		if !first {
			s.setDispatch(t, b.Dispatch)
			t.Settle()
			t.SetMask(mask &^ inject.OwnSignals)
		}
	}
}

// take takes the library's signals that thread t blocks from the kernel, where they are pending: they would interrupt it.
func (s *stopped) take(t *inject.Tracee, e *inject.Running, at uint64) {
	pending := pendingOf(fmt.Sprintf("/proc/%d/task/%d/status", s.process, t.Tid), "SigPnd", "ShdPnd") & e.Mask
	bits := new(uint64)
	for k, set := range ownSignals {
		if pending&set != 0 && t.Call(unix.SYS_RT_SIGTIMEDWAIT, at+uint64(unsafe.Offsetof(e.Sets))+uint64(8*k), e.Info[k], at+uint64(unsafe.Offsetof(e.None)), 8, 0, 0) > 0 {
			*bits |= set
		}
	}
	if *bits != 0 {
		t.Write(e.Pending, unsafe.Pointer(bits), 8)
	}
}

// inject makes the block and has the library put into the process.
func (a *Attach) inject(s *stopped, threads []inject.Running) inject.Failure {
	w := &s.work
	given := []int{a.Library}
	for _, fd := range a.Fds {
		if fd >= 0 {
			given = append(given, fd)
		}
	}
	there, f := give(w, s.process, given)
	if f.Failed() {
		return f
	}
	for i := range w.Fds {
		w.Fds[i] = -1
	}
	for i, fd := range there {
		w.Fds[i] = int64(fd)
	}
	var fds [4]int
	at := 1
	for i, fd := range a.Fds {
		fds[i] = -1
		if fd >= 0 {
			fds[i] = there[at]
			at++
		}
	}
	w.Fd, w.Keep = int64(there[0]), true // for those that it executes
	block := newBlock(a.Vars(fds, there[0], a.filters), nil, threads)
	w.Block, w.BlockSize = (*inject.Block)(unsafe.Pointer(&block[0])), uintptr(len(block)*8)
	b := w.Block
	b.Attached = inject.AttachedAlone
	if len(s.threads) > 1 {
		b.Attached = inject.AttachedMore
	}
	b.Stopped = uint64(w.Stopped)
	start := startStackOf(s.process)
	argc := uint64(0)
	if start == 0 || w.Read(start, unsafe.Pointer(&block[len(block)-1]), 8) != 8 {
		return inject.Failure{What: "its arguments cannot be found"}
	}
	argc, block[len(block)-1] = block[len(block)-1], 0
	b.Argc, b.Argv, b.Envp = uintptr(argc), uintptr(start+8), uintptr(start+8*(argc+2))
	f = w.Attach()
	runtime.KeepAlive(block)
	return f
}
