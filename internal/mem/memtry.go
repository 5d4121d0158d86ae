package mem

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Where memory cannot be copied by a call, and a fault would be the end, the kernel is
// asked for each page whether it can read or write there, by calls that do nothing else;
// the copy is direct then. They are among those that sandboxes allow first.

// readTried is Read without process_vm_readv(2).
func readTried(dst []byte, addr uint64) int {
	n := 0
	for n < len(dst) {
		a := addr + uint64(n)
		k := min(sys.PageSize-int(a%sys.PageSize), len(dst)-n)
		if Beyond(a) || !readable(a) {
			break
		}
		sys.MoveBytes(uintptr(unsafe.Pointer(&dst[n])), uintptr(a), uintptr(k))
		n += k
	}
	return n
}

// writeTried is Write without process_vm_writev(2).
func writeTried(addr uint64, src []byte) int {
	n := 0
	for n < len(src) {
		a := addr + uint64(n)
		k := min(sys.PageSize-int(a%sys.PageSize), len(src)-n)
		if Beyond(a) {
			break
		}
		from := a
		if len(src) >= sys.SigSetSize {
			from = min(a, addr+uint64(len(src))-sys.SigSetSize) // what the test writes lies in what is written
		}
		if !writable(from, a, len(src) >= sys.SigSetSize) {
			break
		}
		n -= int(a - from)
		k += int(a - from)
		sys.MoveBytes(uintptr(from), uintptr(unsafe.Pointer(&src[n])), uintptr(k))
		n += k
	}
	return n
}

// readable says whether the page at a can be read. Where no call that tells is allowed
// it says so, too: a good pointer of the program's must not be taken for a bad one.
func readable(a uint64) bool {
	// The set is read before what is to be done with it is looked at (rt_sigprocmask and
	// rt_sigaction in kernel/signal.c).
	switch try(unix.SYS_RT_SIGPROCMASK, NoHow, inPage(a, sys.SigSetSize), 0, sys.SigSetSize) {
	case -int64(unix.EFAULT):
		return false
	case -int64(unix.EINVAL):
		return true
	}
	switch try(unix.SYS_RT_SIGACTION, 0, inPage(a, sigactionSize), 0, sys.SigSetSize) {
	case -int64(unix.EFAULT):
		return false
	case -int64(unix.EINVAL):
		return true
	}
	// A wait that ends at once (futex(2)).
	var zero unix.Timespec
	const futexWait = 0 | FutexPrivate
	return try(unix.SYS_FUTEX, a&^3, futexWait, 0, uint64(uintptr(unsafe.Pointer(&zero)))) != -int64(unix.EFAULT)
}

// writable says whether the page at a can be written. With over set eight bytes at from
// are written, whatever there is.
func writable(from, a uint64, over bool) bool {
	// Nobody waits for a word of ours; 0 is added to the other one by OR, which wakes
	// somebody only if it holds one certain number (futex(2), FUTEX_WAKE_OP).
	const (
		futexWakeOp = 5 | FutexPrivate
		orNothing   = 2<<28 | 0x800
	)
	var own uint32
	r := int64(rawsys.Syscall(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&own)), futexWakeOp, 0, 0, uintptr(a&^3), orNothing))
	switch {
	case r >= 0:
		return true
	case r == -int64(unix.EFAULT):
		return false
	case over:
		// The old mask goes to it.
		return try(unix.SYS_RT_SIGPROCMASK, unix.SIG_BLOCK, 0, from, sys.SigSetSize) != -int64(unix.EFAULT)
	}
	return true
}

const (
	NoHow         = 0xffff // no SIG_BLOCK and the like
	FutexPrivate  = 128    // FUTEX_PRIVATE_FLAG (include/uapi/linux/futex.h)
	sigactionSize = 32     // struct kernel_sigaction
)

// inPage is a, or so much less that n bytes there lie in its page.
func inPage(a, n uint64) uint64 {
	if a%sys.PageSize > sys.PageSize-n {
		return a&^(sys.PageSize-1) + sys.PageSize - n
	}
	return a
}

func try(nr, a0, a1, a2, a3 uint64) int64 {
	Calls.Add(1)
	return int64(rawsys.Syscall(uintptr(nr), uintptr(a0), uintptr(a1), uintptr(a2), uintptr(a3), 0, 0))
}
