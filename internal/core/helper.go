package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// An image that was injected is followed by injection: a process that shares our memory becomes the tracer of the
// thread that is about to exec, and does in the new image what systrap trace did in the first one. It holds our memory, and so
// the library and what it knows, until it is done.
// See docs/decisions/injection-helper.md.

// helper is what such a process works with: memory of its own.
type helper struct {
	work inject.Work
	lib  inject.Library
	pid  int64
	// state is what has come of its becoming the tracer: 0 nothing yet, 1 it is, else a negated errno.
	state atomic.Int32
	// path is the address of the path that is executed.
	path   uint64
	block  inject.Block
	text   [envStrings]byte
	xstate [12 << 10]byte
	stack  [stackBudget + stubFrame + 64]byte
}

const helperSize = unsafe.Sizeof(helper{})

// ownHelper is for the helper of one exec at a time, which says by ownHelperBusy when it is done with it: what shares the memory that it
// works in may go on meanwhile (vfork). Others have theirs mapped.
var (
	ownHelper     helper
	ownHelperBusy uint32
	// otherHelpers is how many of those there are.
	otherHelpers int32
)

// helpersAtWork says whether helpers run in this memory: those of children that execute a program.
func helpersAtWork() bool {
	return atomic.LoadInt32(&otherHelpers) != 0 || atomic.LoadUint32(&ownHelperBusy) != 0 && !sys.Dead(ownHelper.pid)
}

// takeHelper returns the address of a helper that nobody uses, or 0.
func takeHelper() uintptr {
	if !atomic.CompareAndSwapUint32(&ownHelperBusy, 0, 1) {
		p := sys.MmapAnon(helperSize, unix.MAP_PRIVATE)
		if p != 0 {
			atomic.AddInt32(&otherHelpers, 1)
		}
		return p
	}
	h := &ownHelper
	h.work, h.block = inject.Work{}, inject.Block{}
	h.state.Store(0)
	h.pid = 0
	return uintptr(unsafe.Pointer(h))
}

// give gives the helper back.
func (h *helper) give() {
	if h == &ownHelper {
		atomic.StoreUint32(&ownHelperBusy, 0)
		return
	}
	atomic.AddInt32(&otherHelpers, -1)
	sys.Munmap(uintptr(unsafe.Pointer(h)), helperSize)
}

// newPids is set once the children of this process begin a PID namespace, whose first process a helper would be.
var newPids bool

// injects says whether an exec of the caller's is followed by injection.
func injects() bool {
	return injection() != nil && filtersLetHelper() && !newPids && !debugged && ownfd.Get(ownfd.Lib) >= 0
}

// filtersLetHelper says whether the filters that the caller is behind let through what a helper calls, and an image that it has put
// the library into. It is asked before there is a helper, which asks nobody: what is known of filters in this memory may be another
// thread's by then, or, in a vfork child, the parent's.
func filtersLetHelper() bool { return seccomp.AllowsNumbers(helperCalls[:]) }

var helperCalls = [...]int{unix.SYS_CLONE, unix.SYS_PTRACE, unix.SYS_WAITID, unix.SYS_WAIT4, unix.SYS_FUTEX, unix.SYS_GETTID, unix.SYS_GETPID,
	unix.SYS_CLOSE_RANGE, unix.SYS_CLOSE, unix.SYS_KILL, unix.SYS_TGKILL, unix.SYS_PREAD64, unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_EXIT}

// startHelper makes the process, and waits until it is the caller's tracer. If it cannot be, all is as before.
func (x *execState) startHelper(e *execCall) bool {
	p := takeHelper()
	if p == 0 {
		return false
	}
	h := (*helper)(sys.Ptr(p))
	if h.lib.Read(ownfd.Get(ownfd.Lib)).Failed() {
		h.give()
		return false
	}
	x.env = p
	x.letter = h.fill()
	h.path, h.work.Tid = e.path, sys.Gettid()
	mask := sys.Block(^uint64(0)) // it has no use for the program's handlers
	h.pid = rawsys.Helper(helperEntryAddr(), p, (p+helperSize-64)&^15)
	mask.End()
	if h.pid > 0 {
		// Yama lets it: it is no ancestor of ours (Documentation/admin-guide/LSM/Yama.rst).
		rawsys.Syscall(unix.SYS_PRCTL, unix.PR_SET_PTRACER, uintptr(h.pid), 0, 0, 0, 0)
		h.await()
	}
	if h.state.Load() != 1 {
		x.stopHelper()
		return false
	}
	return true
}

// fill writes what the new image finds, and returns where in the helper the state has the letter of what has been told.
func (h *helper) fill() uint32 {
	vec := uintptr(unsafe.Pointer(&h.block.Vars))
	b := envBuilder{kind: envInject, vec: vec, text: uintptr(unsafe.Pointer(&h.text)), end: uintptr(unsafe.Pointer(&h.text)) + envStrings}
	b.finish()
	at := uintptr(unsafe.Pointer(&h.block))
	for i := range h.block.Vars {
		if h.block.Vars[i] != 0 {
			h.block.Vars[i] -= at
		}
	}
	w := &h.work
	w.Lib, w.Block, w.BlockSize = &h.lib, &h.block, b.text-at
	w.Xstate, w.XstateSize = &h.xstate[0], unsafe.Sizeof(h.xstate)
	w.VDSO = auxv(atSysinfoEhdr)
	w.Any = true
	w.NoCopies = !seccomp.AllowsNumber(unix.SYS_PROCESS_VM_READV) || !seccomp.AllowsNumber(unix.SYS_PROCESS_VM_WRITEV)
	for i := range ownfd.HandedOn {
		w.Fds[i] = ownfd.Get(i)
	}
	ownfd.NoteLowest()
	w.CloseBelow = int64(ownfd.Lowest)
	h.block.Processor = processor
	w.Fd, w.Keep = ownfd.Get(ownfd.Lib), true
	return uint32(vec+uintptr(b.letter)) - uint32(uintptr(unsafe.Pointer(h)))
}

// await waits for the helper's word, or its end.
func (h *helper) await() {
	nap := unix.Timespec{Nsec: 50e6}
	for h.state.Load() == 0 {
		rawsys.Syscall(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&h.state)), mem.FutexPrivate, 0, uintptr(unsafe.Pointer(&nap)), 0, 0)
		if h.state.Load() == 0 && sys.Dead(h.pid) {
			return
		}
	}
}

// stopHelper ends a helper whose exec has failed, or which could not become a tracer.
func (x *execState) stopHelper() {
	h := (*helper)(sys.Ptr(x.env))
	if h.pid > 0 {
		rawsys.Syscall(unix.SYS_KILL, uintptr(h.pid), uintptr(unix.SIGKILL), 0, 0, 0, 0)
		rawsys.Syscall(unix.SYS_WAIT4, uintptr(h.pid), 0, unix.WALL, 0, 0, 0)
		rawsys.Syscall(unix.SYS_PRCTL, unix.PR_SET_PTRACER, 0, 0, 0, 0, 0)
	}
	h.give()
	x.env, x.letter = 0, 0
}

// helperMain is what the helper does. It makes no use of what is a thread's.
func helperMain(h *helper) {
	w := &h.work
	w.Block.Helper = int64(rawsys.Raw(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0))
	r := w.Seize(inject.TraceSysgood | inject.TraceExec)
	if r == 0 {
		r = 1
	}
	h.state.Store(int32(r))
	rawsys.Raw(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&h.state)), 1|mem.FutexPrivate, 1, 0, 0, 0)
	if r != 1 {
		rawsys.Leave(0, 0) // the memory is given back by who waits
	}
	if w.AwaitExec() {
		if f := w.AtExec(); f.Failed() && f.Errno != int64(unix.ESRCH) {
			h.complain(f)
		}
	}
	// What the program has closed by its exec shall be closed, before it runs.
	w.CloseOwn()
	w.Detach()
	if h == &ownHelper {
		rawsys.LeaveWord(&ownHelperBusy)
	}
	atomic.AddInt32(&otherHelpers, -1)
	rawsys.Leave(uintptr(unsafe.Pointer(h)), helperSize)
}

// complain says that the new program runs untraced.
func (h *helper) complain(f inject.Failure) {
	var path [256]byte
	n, _ := mem.ReadString(path[:len(path)-1], h.path)
	var buf [160]byte
	l := line.On(buf[:])
	l.Str("cannot be injected (")
	l.Str(f.What)
	if f.Errno != 0 {
		l.Str(", errno ")
		l.Int(f.Errno)
	}
	l.Str("), runs untraced")
	tracelog.WarnAbout(path[:max(n, 0)], unsafe.String(&buf[0], l.Len()))
}

// helperPid is who has injected this image: its child, which is to be waited for.
var helperPid int64

// reapHelper waits for it, before the program waits for its children, or ends.
func reapHelper() {
	if helperPid == 0 || currentVMChild() != nil {
		return
	}
	if pid := atomic.SwapInt64(&helperPid, 0); pid != 0 {
		rawsys.Syscall(unix.SYS_WAIT4, uintptr(pid), 0, unix.WALL, 0, 0, 0)
	}
}

// tryReap takes its end in at one of the program's first calls: until then it is a child of the program's, which others see, and
// which counts (RLIMIT_NPROC, pids.max).
func tryReap() {
	const often = 1 << 10
	pid := atomic.LoadInt64(&helperPid)
	if reapTries++; pid == 0 || reapTries > often || currentVMChild() != nil {
		return
	}
	if int64(rawsys.Syscall(unix.SYS_WAIT4, uintptr(pid), 0, unix.WALL|unix.WNOHANG, 0, 0, 0)) == pid {
		atomic.CompareAndSwapInt64(&helperPid, pid, 0)
	}
}

var reapTries uint32
