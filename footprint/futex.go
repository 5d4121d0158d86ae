package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// futex(2) and its younger kin; kernel/futex/syscalls.c. Waking looks at no word.

// Operations of futex(2) (include/uapi/linux/futex.h).
const (
	futexWait          = 0
	futexCmpRequeue    = 4
	futexWakeOp        = 5
	futexLockPI        = 6
	futexUnlockPI      = 7
	futexTrylockPI     = 8
	futexWaitBitset    = 9
	futexWaitRequeuePI = 11
	futexCmpRequeuePI  = 12
	futexLockPI2       = 13
	futexCommand       = 0x7f // without FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME
	futexNuma          = 4    // FUTEX2_NUMA: the number of a node is behind the word
)

// futexWord adds the word of argument 0.
func (it *Iterator) futexWord(addr uint64) {
	switch it.call.Sysno {
	case unix.SYS_FUTEX_WAKE:
		it.futexNode(addr, it.call.Args[3], 0, "node")
		return
	case unix.SYS_FUTEX_WAIT:
		it.reads(addr, 4, 0, "")
		it.futexNode(addr, it.call.Args[3], 0, "node")
		return
	}
	switch it.call.Args[1] & futexCommand {
	case futexWait, futexWaitBitset, futexWaitRequeuePI, futexCmpRequeue, futexCmpRequeuePI:
		it.reads(addr, 4, 0, "")
	case futexLockPI, futexLockPI2, futexTrylockPI, futexUnlockPI:
		it.reads(addr, 4, 0, "")
		it.writesAnyway(addr, 4, Bound, "")
	}
}

// futexNode adds the node of a word with FUTEX2_NUMA, which the kernel fills in if it is FUTEX_NO_NODE.
func (it *Iterator) futexNode(addr, flags uint64, f Flags, field string) {
	if addr != 0 && flags&futexNuma != 0 {
		it.reads(addr+4, 4, f, field)
		it.writesAnyway(addr+4, 4, f|Bound, field)
	}
}

// futexArgument adds the timeout, or the second word.
func (it *Iterator) futexArgument(k abi.Kind, addr uint64) {
	op := it.call.Args[1] & futexCommand
	switch {
	case k == abi.FutexTimeout:
		switch op {
		case futexWait, futexWaitBitset, futexWaitRequeuePI, futexLockPI, futexLockPI2:
			it.reads(addr, 16, 0, "")
		}
	case op == futexWakeOp, op == futexWaitRequeuePI, op == futexCmpRequeuePI:
		it.reads(addr, 4, 0, "")
		it.writesAnyway(addr, 4, Bound, "")
	}
}

// futexWaiters adds the words of the n struct futex_waitv at addr, of which the kernel reads the first so many.
func (it *Iterator) futexWaiters(addr, n uint64) (more bool) {
	if it.when != before {
		return false
	}
	const size, at, flags = 24, 8, 16
	if n > 128 { // FUTEX_WAITV_MAX
		return false
	}
	if it.pos == 0 {
		it.reads(addr, n*size, 0, "")
	}
	for it.tail < queueLen-3 && uint64(it.pos) < n {
		w := addr + uint64(it.pos)*size
		if !readable(w) {
			return false
		}
		it.index[0] = int32(it.pos)
		word := read64(w + at)
		it.reads(word, 4, MayChange, "[#].uaddr")
		it.futexNode(word, uint64(read32(w+flags)), MayChange, "[#].node")
		it.pos++
	}
	return uint64(it.pos) < n
}
