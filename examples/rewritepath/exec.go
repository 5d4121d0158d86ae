package main

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// slot holds the path of one execve in flight.
type slot struct {
	// owner is the process that makes the call, 0 for a free slot.
	owner atomic.Int64
	path  [pathMax]byte
}

// slots bounds how many execve calls with a changed path can be in flight in
// one memory at a time: with fork that is one, but children of vfork share
// their parent's memory, and each thread may have one.
var slots [32]slot

// execArgument returns which argument of call nr is the path of an exec, or -1.
func execArgument(nr int64) int {
	switch nr {
	case unix.SYS_EXECVE:
		return 0
	case unix.SYS_EXECVEAT:
		return 1
	}
	return -1
}

// execWith changes the path of an exec in place. Call.User carries the slot to
// Exit, which runs if the exec fails. If it succeeds, this memory is gone, and
// the slot with it; but the memory of a vfork child is its parent's, who frees
// the slot when vfork returns (exit, below). A signal handler runs before an execve, and
// Exit comes before it, or not at all.
func execWith(c *systrap.Call, arg int) systrap.Verdict {
	i := takeSlot()
	if i < 0 {
		c.Result = -int64(unix.EAGAIN)
		return systrap.Replace
	}
	n := rewrite(slots[i].path[:], c.Args[arg])
	if n <= 0 {
		slots[i].owner.Store(0)
		if n < 0 {
			c.Result = int64(n)
			return systrap.Replace
		}
		return systrap.Pass
	}
	c.Args[arg] = uint64(uintptr(unsafe.Pointer(&slots[i].path)))
	c.User = uint64(i + 1)
	return systrap.Pass
}

// takeSlot returns a free slot, now the calling process's, or -1.
func takeSlot() int {
	pid := getpid()
	for i := range slots {
		if slots[i].owner.CompareAndSwap(0, pid) {
			return i
		}
	}
	return -1
}

// exit frees slots: that of an exec that failed, and those of a vfork child
// that has left this memory.
func exit(c *systrap.Call) {
	switch c.Sysno {
	case unix.SYS_EXECVE, unix.SYS_EXECVEAT:
		if c.User != 0 {
			slots[c.User-1].owner.Store(0)
		}
	case unix.SYS_FORK, unix.SYS_VFORK, unix.SYS_CLONE, unix.SYS_CLONE3:
		// vfork, and posix_spawn's clone, return in the parent when the child
		// has exec'ed or ended. A forked child has its own copy of the slots.
		if c.Result > 0 && !c.Child && isVfork(c) {
			freeSlotsOf(c.Result)
		}
	}
}

// isVfork says whether the parent was suspended until the child left its
// memory (vfork(2), CLONE_VFORK).
func isVfork(c *systrap.Call) bool {
	switch c.Sysno {
	case unix.SYS_VFORK:
		return true
	case unix.SYS_CLONE:
		return c.Args[0]&unix.CLONE_VFORK != 0
	case unix.SYS_CLONE3:
		flags, _ := systrap.ReadUint64(c.Args[0]) // struct clone_args begins with them
		return flags&unix.CLONE_VFORK != 0
	}
	return false
}

func freeSlotsOf(pid int64) {
	for i := range slots {
		slots[i].owner.CompareAndSwap(pid, 0)
	}
}

// getpid asks the kernel: in a vfork child systrap.Pid, which makes no call,
// is the parent's.
func getpid() int64 { return systrap.Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0) }
