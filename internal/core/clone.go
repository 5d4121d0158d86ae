package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// clone, clone3, fork and vfork are made displaced: the program is resumed at a
// stub (package rawsys) with its own registers, on its own stack, so that the
// child starts just as it would have. The stub's UD2 brings both parent and
// child back here, where the tool learns the result and the program is sent on
// to its site.
// See docs/decisions/displaced-stubs.md.

// flight is a call between its two traps. The stub's number is its index, so
// it is found without knowing who asks: the child's thread is new.
type flight struct {
	// refs counts who must still come by: the parent, and the child if it
	// shares this memory. 0 is free.
	refs         int32
	ownBlocked   uint64
	clearSighand bool
	// thread is the block of a child that shares this memory, or nil. Until it has
	// been there its signals are blocked: its first trap's frame is on the stack it was
	// given, where a second one may not fit, or on its parent's of ours. mask is the
	// program's, tid its parent's.
	// See docs/decisions/signals-blocked-around-clone.md.
	thread *thread
	masked bool
	mask   uint64
	tid    int64
	sysno  int64
	args   [6]uint64
	pc     uint64
	user   uint64
	chain  Chain
	hosted hosted
	flags  uint64
	quiet  bool
	table  int32 // the parent's table of descriptors (ownfd.Table)
	// cloneArgs is clone3's struct clone_args when it had to be changed.
	cloneArgs [cloneArgsMax]byte
}

// cloneArgsMax is more than CLONE_ARGS_SIZE_VER2, 88 bytes
// (include/uapi/linux/sched.h).
const cloneArgsMax = 128

var flights [rawsys.Stubs]flight

// stubAt returns the index of the displaced stub whose UD2 is at pc, or -1.
func stubAt(pc uint64) int {
	off := pc - uint64(rawsys.StubBase()) - siteSize
	if off >= rawsys.Stubs*rawsys.StubSize || off%rawsys.StubSize != 0 {
		return -1
	}
	return int(off / rawsys.StubSize)
}

// takeFlight returns the index of a flight with refs set. A program can make
// threads faster than they start: it then waits for one of them. It returns -1
// after a long wait.
func takeFlight(refs int32) int {
	for k := range maxPauses {
		for i := range flights {
			f := &flights[i]
			if f.refs == 0 && atomic.CompareAndSwapInt32(&f.refs, 0, refs) {
				return i
			}
		}
		sys.Pause(k)
	}
	return -1
}

// maxPauses bounds the wait for a flight, in steps of sys.Pause: ten seconds.
const maxPauses = 10000

// sysClone sends the program to a stub. It always returns true but when no
// stub is free.
func sysClone(c *Call, d *door) bool {
	flags := uint64(0)
	switch c.Sysno {
	case unix.SYS_CLONE:
		flags = c.Args[0]
	case unix.SYS_CLONE3:
		flags, _ = mem.ReadUint64(c.Args[0]) // struct clone_args (include/uapi/linux/sched.h)
	case unix.SYS_VFORK:
		flags = unix.CLONE_VM | unix.CLONE_VFORK
	}
	if flags&unix.CLONE_THREAD != 0 {
		proc.KnownAlone = false
	}
	if flags&(unix.CLONE_VM|unix.CLONE_VFORK) == unix.CLONE_VM {
		texts := searchReported()
		wake()
		manyThreads = true
		holdDoor(texts)
	}
	if flags&unix.CLONE_FILES != 0 {
		sys.FilesShared = true // who shares no memory is not waited for
		sys.FilesElsewhere = sys.FilesElsewhere || flags&unix.CLONE_VM == 0
	}
	refs := int32(1)
	if flags&unix.CLONE_VM != 0 {
		refs = 2
	}
	i := takeFlight(refs)
	if i < 0 {
		tracelog.Warn("more clone calls in flight than displaced stubs: this one fails with EAGAIN")
		c.Result = -int64(unix.EAGAIN)
		return false
	}
	if flags&(unix.CLONE_VM|unix.CLONE_SETTLS) == unix.CLONE_VM && d.thread != nil {
		d.thread.leaveDoor() // the child has the same FS base
	}
	f := &flights[i]
	f.sysno = c.Sysno
	f.args = c.Args
	f.pc = c.PC
	f.user = c.User
	f.chain = frameOf(c).chain
	f.hosted = frameOf(c).hosted
	f.flags = flags
	f.table = ownfd.Table()
	f.ownBlocked = threadOwnBlocked()
	f.clearSighand = false
	f.tid = int64(Tid())
	f.thread = nil
	f.quiet = quiet
	f.masked = flags&unix.CLONE_VM != 0
	if f.masked {
		if process != nil {
			if f.thread = takeThread(); f.thread == nil {
				shutDoor() // there is nothing to enter, and in its place may be another
			}
		}
		f.mask = d.sigmask()
		d.setSigmask(^(ownMask | guardBits) | f.mask)
	}
	if c.Sysno == unix.SYS_CLONE3 && flags&unix.CLONE_CLEAR_SIGHAND != 0 && c.Args[1] <= cloneArgsMax {
		// The kernel would take SIGILL's handler from the child. The child
		// clears the others itself.
		// See docs/decisions/cleared-handlers.md.
		n := int(c.Args[1])
		if mem.Read(f.cloneArgs[:n], c.Args[0]) == n {
			*(*uint64)(unsafe.Pointer(&f.cloneArgs)) &^= unix.CLONE_CLEAR_SIGHAND
			c.Args[0] = uint64(uintptr(unsafe.Pointer(&f.cloneArgs)))
			f.clearSighand = true
		}
	}
	d.displace(c, uint64(rawsys.StubBase())+uint64(i)*rawsys.StubSize)
	return true
}

// unblock gives the frame of d the program's mask again.
func (f *flight) unblock(d *door) {
	if f.masked {
		d.setSigmask(f.mask)
		if d.thread != nil {
			d.thread.closed.maskUnknown = true // learnMask took that of the flight for the program's
		}
	}
}

// displaced is the second trap of flight i, in the parent or in the child.
func displaced(c *Call, d *door, i int) {
	f := &flights[i]
	result := int64(d.uc.Mcontext.RAX)
	c.Sysno = f.sysno
	c.Args = f.args
	c.PC = f.pc
	c.SP = d.uc.Mcontext.RSP
	c.Result = result
	c.Replaced, c.NoReturn, c.Interrupted, c.NotMade = false, false, false, false
	c.Child = false
	c.CloneFlags = f.flags
	frameOf(c).chain = f.chain
	frameOf(c).hosted, frameOf(c).turn = f.hosted, nil
	frameOf(c).context = uintptr(unsafe.Pointer(d.uc))
	d.uc.Mcontext.RDI = f.args[0]
	f.unblock(d)
	switch {
	case result == 0:
		c.Child = true
		frameOf(c).chain.Users = [MaxTools]uint64{}
		childStarts(f, d, d == &frameOf(c).door)
	default:
		c.User = f.user
		parentResumes(f, result)
	}
	c.tellExit()
	d.finish(c)
	d.hand(c, d.uc.Mcontext.RIP)
}

// cancelFlight takes the call of flight i back: a signal came before its SYSCALL
// ran, or the kernel will restart it. The program is at the site again.
func cancelFlight(c *Call, d *door, i int) {
	f := &flights[i]
	m := &d.uc.Mcontext
	pc := m.RIP
	m.RAX = uint64(f.sysno)
	m.RDI = f.args[0]
	m.RIP = f.pc
	f.unblock(d)
	c.Sysno = f.sysno
	c.Args = f.args
	c.PC = f.pc
	c.SP = m.RSP
	c.User = f.user
	frameOf(c).chain = f.chain
	frameOf(c).hosted, frameOf(c).turn = f.hosted, nil
	c.Result = restartNointr
	c.Child, c.Replaced, c.NoReturn = false, false, false
	c.Interrupted = true
	c.NotMade = !rawsys.StubBegun(uintptr(pc), uintptr(m.RCX))
	frameOf(c).context = uintptr(unsafe.Pointer(d.uc))
	f.thread.release()
	atomic.StoreInt32(&f.refs, 0)
	c.tellExit()
}

// parentResumes accounts for a call that failed, or whose child pid exists and,
// after vfork, has gone its own way.
func parentResumes(f *flight, result int64) {
	clonedOnce = clonedOnce || tryLater && result > 0 && f.sysno == unix.SYS_CLONE
	if result < 0 {
		f.thread.release()
		atomic.StoreInt32(&f.refs, 0)
		return
	}
	if f.suspendsParent() {
		dropVMChild(result)
		if f.quiet && !quiet {
			discoverThread() // the child has woken in its own
		}
		f.thread.release()
		if t := currentThread(); t != nil {
			t.tid = f.tid // the child may have run on the same block
		}
	}
	atomic.AddInt32(&f.refs, -1)
}

// suspendsParent says whether the parent waits for the child to give up their
// common memory.
func (f *flight) suspendsParent() bool {
	const both = unix.CLONE_VM | unix.CLONE_VFORK
	return f.flags&both == both
}

// childStarts prepares what is ours for the new thread or process that runs it. own
// is set if d is the door of its trap, which ends with the kernel's loading of d's
// frame.
func childStarts(f *flight, d *door, own bool) {
	blocked := f.ownBlocked
	clearSighand := f.clearSighand
	if f.flags&unix.CLONE_VM == 0 {
		forked()
		sys.ForkedFiles(f.flags&unix.CLONE_FILES != 0)
	} else {
		if own && f.thread != nil && f.suspendsParent() && returnsDirect == 0 {
			// The kernel let it have its parent's stack of ours.
			f.thread.alt = d.thread.alt
			d.thread = f.thread
			d.thread.host.child = f.hosted == hostQuiet
			d.thread.quickHost()
			d.changeStack(f.thread.kernelStack())
		} else if t := d.thread; t != nil && t == f.thread {
			// The kernel takes its alternate stack from a thread (kernel/fork.c).
			t.alt = restorer.Stack{Flags: ssDisable}
			t.owned = true
			t.host.child = f.hosted == hostQuiet && f.suspendsParent()
			if host.End != 0 && f.flags&(unix.CLONE_SETTLS|unix.CLONE_VFORK) == 0 {
				t.host.sharedFS = rawsys.ReadFSBase()
			}
			t.quickHost()
		}
		if f.flags&(unix.CLONE_SIGHAND|unix.CLONE_THREAD) == 0 {
			addVMChild(sys.Getpid(), f.flags&unix.CLONE_FILES == 0)
		}
	}
	startThread(blocked)
	f.childFds()
	if f.flags&unix.CLONE_VM != 0 {
		atomic.AddInt32(&f.refs, -1) // it may be another's from here on
	}
	discoverThread()
	if clearSighand {
		clearHandlers()
	}
}

// childFds finds the child's descriptors. One that shares its parent's memory for a
// moment (vfork) has a table in name only, until it moves something (sysDup2).
func (f *flight) childFds() {
	memory, files := f.flags&unix.CLONE_VM != 0, f.flags&unix.CLONE_FILES != 0
	if f.table >= 0 || !memory || !files && f.flags&(unix.CLONE_SIGHAND|unix.CLONE_THREAD) != 0 || ownfd.Apart() {
		ownTable(ownfd.ChildTable(f.table, files, memory))
	}
}

// forked runs in a child that has its own copy of this memory: nobody else who
// was about in it exists any more.
func forked() {
	ownmem.WipeForked()
	proc.KnownAlone = true
	manyThreads = false
	aloneForFS()
	proc.LeaderGone.Store(0)
	for i := range flights {
		flights[i].refs = 0
	}
	for i := range vmChildren {
		vmChildren[i].pid = 0
	}
	vmChildCount = 0
	forgetShared()
	fsLock, mapLock = 0, 0
	if process != nil {
		keepOnly(stubFrameHere().door.thread)
		process.pid = sys.Getpid()
	}
	execOwner, spareEnvUsed, ownHelperBusy, otherHelpers = 0, 0, 0, 0
	helperPid, newPids = 0, false
	tracemeAsked = false
	ownmem.LockFuture = false
	tracelog.Forked()
	unlockAfterFork()
	resetCounters()
}
