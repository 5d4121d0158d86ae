package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/clock"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// What is known per thread lies at the end of the stack that its traps are handled
// on (threadBlock). The kernel knows that stack as the thread's alternate signal
// stack, and says so in each signal frame (uc_stack): the thread is found there,
// without a call and without TLS, whatever the program does with its own FS
// base. The alternate stack that the program sets is virtual (altstack.go).
// See docs/decisions/threads-by-stack.md.
type thread struct {
	// sigreturn is a context to be loaded with the stack pointer at it, just behind our
	// stack: for the kernel it is not on that, and what it builds below does no harm.
	_         [2]uint64
	sigreturn restorer.Ucontext
	// slot is the thread's entry in threadSlots.
	slot *threadSlot
	tid  int64
	// ownBlocked are the bits of our own signals in the signal mask as the
	// program set it. While a call with a mask of its own is made (masked), they
	// are those of that mask, and unmasked are those of before.
	ownBlocked, unmasked uint64
	masked               bool
	// owned is set if the thread gives the block back itself when it ends, as its
	// parent does not wait for it.
	owned bool
	// dispatch is what the program set with PR_SET_SYSCALL_USER_DISPATCH.
	dispatch userDispatch
	// untold is set by trapEntry when it has moved the thread's first frame to the stack of ours, until the
	// kernel is told of that: by rt_sigreturn(2).
	untold bool
	// alt is the program's alternate stack.
	alt restorer.Stack
	// ownPending are the bits of those that were sent while the program blocks
	// them; ownInfo is what was sent.
	ownPending uint64
	// exposed are those that the kernel blocks for the program's call (signalfd.go).
	exposed uint64
	ownInfo [numOwn]restorer.Siginfo
	// queue holds signals that came while another one was being handed over, where
	// they cannot be sent again (postpone.go).
	queue  [maxQueued]restorer.Siginfo
	queued int32
	// clocks is what clocks showed last.
	clocks clock.Cells
	// closed is not 0 while the thread's calls do not take the jump door.
	closed doorClosed
	// jumpSP is the program's stack pointer while the door has the thread.
	jumpSP uint64
	// fs is the FS base that the thread is found by in jumpThreads, if it is entered there. If sharesFS
	// is set it is not found, as another thread's is the same or has the same place.
	fs                uint64
	entered, sharesFS bool
	// onTop is set while a handler may run on top of a call of ours, on our stack (suspendDoor).
	onTop bool
	// mask is the program's signal mask, if it is known (closed).
	mask uint64
	// jumped counts the calls that came by the jump door.
	jumped uint64
	host   threadHost
}

// doorClosed says why, each in a byte of its own: 0 is open.
type doorClosed struct {
	maskUnknown bool
	_           [3]bool
}

const (
	// threadBlockSize is the size of a threadBlock in bytes. Three levels of work can
	// be there at a time: a call, a signal that ends it and so has its Exit, and
	// a fault of a copy in that; for each a frame of the kernel's, which is up to
	// 11 KiB (AMX tiles), and stackBudget.
	threadBlockSize = 96 << 10
	// threadStackSize is how much of that is stack. Nobody else's alternate stack is
	// likely to have this size, so the entry stubs know ours by it.
	threadStackSize = threadBlockSize - sys.PageSize
	maxQueued       = 16
	maxThreads      = 8192
)

// threadBlock is a stack of ours and, at its end, its thread.
type threadBlock struct {
	stack  [threadStackSize]byte
	thread thread
	_      [sys.PageSize - unsafe.Sizeof(thread{})]byte
}

// threadSlot is a block and whether it is in use. Blocks are never unmapped: a
// thread that ends runs on its own to the end.
type threadSlot struct {
	busy   uint32
	thread *thread
}

var (
	threadSlots [maxThreads]threadSlot
	// slotsUsed bounds the slots that were ever used, slotHint is one that may be free.
	slotsUsed, slotHint int32
	// mainBlock is the first thread's: start-up needs no memory for it.
	mainBlock threadBlock
	// mainFresh is set until the first thread's first trap, if the kernel has not been
	// told of its stack before.
	mainFresh uint32
)

// perProcess is memory that a forked child finds zeroed (MADV_WIPEONFORK), even
// one whose fork was not trapped: nothing in it can be stale.
type perProcess struct{ pid int64 }

var process *perProcess

// initThreads prepares for the first thread. Without it there are no threads that
// we know of.
func initThreads() {
	p := sys.MmapAnon(sys.PageSize, unix.MAP_PRIVATE)
	if p == 0 {
		return
	}
	ownmem.Note(p, sys.PageSize)
	ownmem.WipeOnFork(p, sys.PageSize)
	t := &mainBlock.thread
	t.slot = &threadSlots[0]
	t.slot.thread = t
	t.slot.busy = 1
	slotsUsed = 1
	t.tid = sys.Gettid()
	process = (*perProcess)(sys.Ptr(p))
	process.pid = sys.Getpid()
}

// giveStack tells the kernel of the first thread's stack. Where it may not be asked,
// the first trap's frame is moved there.
func giveStack() {
	if process == nil {
		return
	}
	s := mainBlock.thread.kernelStack()
	var old restorer.Stack
	if rawsys.Syscall(unix.SYS_SIGALTSTACK, uintptr(unsafe.Pointer(&s)), uintptr(unsafe.Pointer(&old)), 0, 0, 0, 0) != 0 {
		mainFresh = 1
	}
	if attached() && old.Size != 0 {
		mainBlock.thread.alt = old
	}
}

// stackBase is the lowest address of t's stack of ours.
func (t *thread) stackBase() uint64 {
	return uint64(uintptr(unsafe.Pointer(t))) - threadStackSize
}

// kernelStack is t's stack of ours as the kernel knows it.
func (t *thread) kernelStack() restorer.Stack {
	return restorer.Stack{SP: t.stackBase(), Size: threadStackSize}
}

// sigreturnAddr is the address of t.sigreturn.
func (t *thread) sigreturnAddr() uintptr { return uintptr(unsafe.Pointer(&t.sigreturn)) }

// onStack says whether addr is on t's stack of ours.
func (t *thread) onStack(addr uintptr) bool { return uint64(addr)-t.stackBase() < threadStackSize }

// takeThread returns a block that nobody uses, made if need be, or nil.
func takeThread() *thread {
	hint := atomic.LoadInt32(&slotHint)
	used := atomic.LoadInt32(&slotsUsed)
	for k := int32(0); k < used; k++ {
		i := hint + k
		if i >= used {
			i -= used
		}
		s := &threadSlots[i]
		if s.busy != 0 || !atomic.CompareAndSwapUint32(&s.busy, 0, 1) {
			continue
		}
		atomic.StoreInt32(&slotHint, i+1)
		if s.thread != nil {
			s.thread.reset()
			return s.thread
		}
		return s.fill()
	}
	for {
		i := atomic.LoadInt32(&slotsUsed)
		if i == maxThreads {
			return nil
		}
		if atomic.CompareAndSwapInt32(&slotsUsed, i, i+1) {
			s := &threadSlots[i]
			if !atomic.CompareAndSwapUint32(&s.busy, 0, 1) {
				continue
			}
			return s.fill()
		}
	}
}

// spareBlock is for a thread where no memory is left to be mapped (RLIMIT_DATA): without a block a vfork child would change what is
// known of its parent.
var (
	spareBlock      threadBlock
	spareBlockTaken uint32
)

// fill maps the block of s, which the caller has taken, or returns nil.
func (s *threadSlot) fill() *thread {
	p := sys.MmapAnon(threadBlockSize, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	switch {
	case p != 0:
		ownmem.Unlock(p, threadBlockSize) // a core shows it: a thread may wait in there
	case atomic.CompareAndSwapUint32(&spareBlockTaken, 0, 1):
		p = uintptr(unsafe.Pointer(&spareBlock))
	default:
		atomic.StoreUint32(&s.busy, 0)
		return nil
	}
	t := &(*threadBlock)(sys.Ptr(p)).thread
	t.slot = s
	s.thread = t
	return t
}

// reset makes t that of a new thread.
func (t *thread) reset() {
	t.tid = 0
	t.ownBlocked, t.ownPending, t.exposed = 0, 0, 0
	t.masked, t.owned, t.untold = false, false, false
	t.dispatch.on = false
	t.alt = restorer.Stack{}
	t.queued = 0
	t.clocks = clock.Cells{}
	t.leaveDoor()
	t.closed.maskUnknown, t.onTop = true, false
	t.host.active, t.host.child, t.host.sharedFS = 0, false, 0
	t.quickHost()
	counters.jumped.Add(t.jumped)
	t.jumped = 0
}

// release gives t's block back; nil does nothing. Nobody runs on it any more.
func (t *thread) release() {
	if t != nil {
		t.ownPending = 0
		t.leaveDoor()
		atomic.StoreUint32(&t.slot.busy, 0)
	}
}

// keepOnly runs in a forked child: of all threads there is t, or one that is not known.
func keepOnly(t *thread) {
	for i := range threadSlots[:slotsUsed] {
		if s := &threadSlots[i]; s.thread != t {
			s.busy = 0
		}
	}
	if t != nil && t.host.sharedFS != 0 {
		t.host.sharedFS = 0
		t.quickHost()
	}
}

// threadOf returns the thread whose id is known to be tid, or nil.
func threadOf(tid int64) *thread {
	for i := range threadSlots[:slotsUsed] {
		if s := &threadSlots[i]; s.busy != 0 && s.thread != nil && s.thread.tid == tid {
			return s.thread
		}
	}
	return nil
}

// currentThread returns the calling thread, or nil if it is not known: before the
// bootstrap, and where there is no memory for a block.
func currentThread() *thread {
	if process == nil {
		return nil
	}
	t := stubFrameHere().door.thread
	if t != nil && process.pid == 0 {
		// Forked without our knowledge.
		process.pid = sys.Getpid()
		t.tid = sys.Gettid()
		keepOnly(t)
	}
	return t
}

// startThread prepares the entry of a new thread or process, in it.
func startThread(ownBlocked uint64) {
	if t := currentThread(); t != nil {
		t.tid = sys.Gettid()
		t.ownPending, t.exposed = 0, 0
		t.ownBlocked = ownBlocked
		t.masked = false
		t.queued = 0
		t.clocks = clock.Cells{}
		t.dispatch.on = false // neither a thread nor a child inherits it
	}
}

// endThread takes in that the calling thread is about to exit.
func endThread() {
	ownfd.Forget(int64(Tid()))
	if t := currentThread(); t != nil {
		t.leaveDoor()
		t.ownBlocked = 0
		t.ownPending = 0
		t.tid = 0
	}
}

// Tid returns the calling thread's id. It costs no system call once it is
// known.
func Tid() int {
	if t := currentThread(); t != nil {
		if t.tid == 0 {
			t.tid = sys.Gettid()
		}
		return int(t.tid)
	}
	return int(sys.Gettid())
}

// ThreadKey returns a number that no other living thread of the same memory has, as ids may
// be the same in different PID namespaces; 0 if there was no memory for what is known of the thread.
func ThreadKey() uintptr { return uintptr(unsafe.Pointer(currentThread())) }

// Clocks returns where the calling thread keeps what clocks showed last, for [clock.Now]; nil if there
// was no memory for what is known of the thread.
func Clocks() *clock.Cells {
	if t := currentThread(); t != nil {
		return &t.clocks
	}
	return nil
}

// Pid returns the id of the process whose memory this is: in a vfork child
// that is still its parent's.
func Pid() int {
	if process == nil {
		return int(sys.Getpid())
	}
	if process.pid == 0 {
		// Forked without our knowledge. It is not kept: a vfork child that came
		// first would leave its own id to its parent.
		return int(sys.Getpid())
	}
	return int(process.pid)
}

// threadOwnBlocked returns the bits of our own signals that the program blocks.
func threadOwnBlocked() uint64 {
	if t := currentThread(); t != nil {
		return t.ownBlocked
	}
	return 0
}
