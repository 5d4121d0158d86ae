package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// clone(2) and clone3(2): kernel/fork.c. The child writes its number itself, when it runs.

// cloneWord adds a word that clone(2) has an argument for, if flags say so.
func (it *Iterator) cloneWord(k abi.Kind, flags, addr uint64, field string, f Flags) {
	if addr == 0 {
		return
	}
	shared := flags&unix.CLONE_VM != 0
	if k == abi.ParentTid {
		if !it.call.Child || shared {
			it.writes(addr, 4, f, field)
		}
		return
	}
	if !it.call.Child && !shared {
		f |= InChild
	}
	if flags&unix.CLONE_CHILD_SETTID != 0 {
		if it.call.Child || !shared {
			it.writes(addr, 4, f, field)
		} else {
			it.later(WritesLater, addr, 4, f, field)
		}
	}
	if flags&unix.CLONE_CHILD_CLEARTID != 0 {
		it.later(WritesLater, addr, 4, f, field)
	}
}

// cloneArgument adds what arguments 2 and 3 of clone(2) point to.
func (it *Iterator) cloneArgument(k abi.Kind, addr uint64) {
	flags := it.call.Args[0]
	if k == abi.ParentTid && flags&(unix.CLONE_PARENT_SETTID|unix.CLONE_PIDFD) == 0 {
		return
	}
	it.cloneWord(k, flags, addr, "", 0)
}

// clone3 adds struct clone_args and what it points to.
func (it *Iterator) clone3(addr uint64) {
	size := it.call.Args[1]
	if size < cloneArgsFirst || size > pageSize {
		return // EINVAL, E2BIG
	}
	it.reads(addr, size, 0, "")
	var b [cloneArgsSize]byte
	n := min(size, cloneArgsSize)
	if systrap.Read(b[:n], addr) != int(n) {
		return
	}
	flags := le64(b[0:])
	if flags&unix.CLONE_PIDFD != 0 {
		it.cloneWord(abi.ParentTid, flags, le64(b[8:]), "pidfd", MayChange)
	}
	if flags&unix.CLONE_PARENT_SETTID != 0 {
		it.cloneWord(abi.ParentTid, flags, le64(b[24:]), "parent_tid", MayChange)
	}
	it.cloneWord(abi.ChildTid, flags, le64(b[16:]), "child_tid", MayChange)
	if set := le64(b[64:]); set != 0 {
		it.reads(set, times(le64(b[72:]), 4), MayChange, "set_tid")
	}
}

const (
	cloneArgsFirst = 64 // CLONE_ARGS_SIZE_VER0
	cloneArgsSize  = 88 // CLONE_ARGS_SIZE_VER2
	pageSize       = 4096
)
