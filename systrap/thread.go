package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// What is known per thread. There is no TLS of ours, so a thread is found by
// its FS base, which RDFSBASE reads without a system call and which is the
// thread's alone while it lives (clone with CLONE_SETTLS). Where that does not
// hold (no FSGSBASE; children that share memory and TLS, as vfork's do) the
// key is the thread id, at the price of a gettid(2).
type thread struct {
	key uint64
	tid int64
	// ownBlocked are the bits of our own signals in the signal mask as the
	// program set it. While a call with a mask of its own is made (masked), they
	// are those of that mask, and unmasked are those of before.
	ownBlocked, unmasked uint64
	masked               bool
	// dispatch is what the program set with PR_SET_SYSCALL_USER_DISPATCH.
	dispatch userDispatch
	// ownPending are the bits of those that were sent while the program blocks
	// them; ownInfo is what was sent.
	ownPending uint64
	ownInfo    [numOwn]restorer.Siginfo
}

const (
	maxThreads = 4096
	maxProbe   = 64
	tidKey     = 1 << 63
)

// perProcess is memory that a forked child finds zeroed (MADV_WIPEONFORK), even
// one whose fork was not trapped: nothing in it can be stale.
type perProcess struct {
	pid     int64
	threads [maxThreads]thread
}

var (
	process *perProcess
	// fsbaseUsable is set if RDFSBASE may be used.
	fsbaseUsable bool
	// sharedTLS counts the live children that share memory and FS base with
	// their parent.
	sharedTLS int32
)

// initThreads makes the table; without it every Tid is a system call.
func initThreads(hwcap2 uint64) bool {
	n := unsafe.Sizeof(perProcess{})
	p := mmapAnon(n, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if p == 0 {
		return false
	}
	rawsys.Syscall(unix.SYS_MADVISE, p, n, unix.MADV_WIPEONFORK, 0, 0, 0)
	process = (*perProcess)(ptr(p))
	process.pid = getpid()
	fsbaseUsable = hwcap2&hwcap2Fsgsbase != 0
	return true
}

// hwcap2Fsgsbase is HWCAP2_FSGSBASE (arch/x86/include/uapi/asm/hwcap2.h).
const hwcap2Fsgsbase = 1 << 1

// currentThread returns the calling thread's entry, or nil if the table is full.
func currentThread() *thread {
	if !fsbaseUsable {
		return threadByTid(gettid())
	}
	t := findThread(uint64(rawsys.FSBase()))
	if t == nil {
		return nil
	}
	if atomic.LoadInt32(&sharedTLS) != 0 {
		if tid := gettid(); t.tid != tid && t.tid != 0 {
			return threadByTid(tid) // a vfork child; the entry is its parent's
		}
	}
	if t.tid == 0 {
		t.tid = gettid()
	}
	return t
}

// threadByTid returns the entry of a thread that is not known by its FS base.
func threadByTid(tid int64) *thread {
	t := findThread(uint64(tid) | tidKey)
	if t != nil {
		t.tid = tid
	}
	return t
}

// findThread returns the entry of key, made if need be. Only the thread itself
// asks for its key, so a slot is contended only while it is empty.
func findThread(key uint64) *thread {
	h := int((key >> 6 * 0x9e3779b97f4a7c15) >> 52)
	for i := 0; i < maxProbe; i++ {
		t := &process.threads[(h+i)%maxThreads]
		if atomic.LoadUint64(&t.key) == key {
			return t
		}
		if t.key == 0 && atomic.CompareAndSwapUint64(&t.key, 0, key) {
			return t
		}
	}
	for i := 0; i < maxProbe; i++ {
		t := &process.threads[(h+i)%maxThreads]
		k := atomic.LoadUint64(&t.key)
		if t.tid == 0 && atomic.CompareAndSwapUint64(&t.key, k, key) {
			t.ownBlocked = 0
			t.ownPending = 0
			return t
		}
	}
	return nil
}

// startThread makes the entry of a new thread or process, in it.
func startThread(ownBlocked uint64) {
	if t := currentThread(); t != nil {
		t.tid = gettid()
		t.ownPending = 0
		t.ownBlocked = ownBlocked
		t.masked = false
		t.dispatch.on = false // neither a thread nor a child inherits it
	}
}

// endThread frees the entry of the calling thread, which is about to exit.
func endThread() {
	forgetApart(int64(Tid()))
	if t := currentThread(); t != nil {
		t.ownBlocked = 0
		t.ownPending = 0
		t.tid = 0
	}
}

// Tid returns the calling thread's id. It costs no system call once it is
// known.
func Tid() int {
	if process != nil {
		if t := currentThread(); t != nil {
			return int(t.tid)
		}
	}
	return int(gettid())
}

// Pid returns the id of the process whose memory this is: in a vfork child
// that is still its parent's.
func Pid() int {
	if process == nil {
		return int(getpid())
	}
	if process.pid == 0 {
		// Forked without our knowledge. It is not kept: a vfork child that came
		// first would leave its own id to its parent.
		return int(getpid())
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

// sysArchPrctl takes a thread's entry along when it changes its FS base
// (arch_prctl(2), ARCH_SET_FS). A change by WRFSBASE is not seen.
func sysArchPrctl(c *Call) {
	const setFS = 0x1002 // arch/x86/include/uapi/asm/prctl.h
	old := currentThread()
	c.performHere()
	if c.Args[0] != setFS || c.Result != 0 || old == nil {
		return
	}
	if t := currentThread(); t != nil && t != old {
		t.dispatch = old.dispatch
		t.ownBlocked, t.ownPending, t.ownInfo = old.ownBlocked, old.ownPending, old.ownInfo
		old.tid, old.ownPending = 0, 0
	}
}
