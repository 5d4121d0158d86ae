package clock

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// counter returns the processor's time-stamp counter.
//
//go:noescape
func counter() uint64

// clockSource is a file that has the name of what the kernel tells the time by.
var clockSource = [...]byte{'/', 's', 'y', 's', '/', 'd', 'e', 'v', 'i', 'c', 'e', 's', '/', 's', 'y', 's', 't', 'e', 'm', '/',
	'c', 'l', 'o', 'c', 'k', 's', 'o', 'u', 'r', 'c', 'e', '/', 'c', 'l', 'o', 'c', 'k', 's', 'o', 'u', 'r', 'c', 'e', '0', '/',
	'c', 'u', 'r', 'r', 'e', 'n', 't', '_', 'c', 'l', 'o', 'c', 'k', 's', 'o', 'u', 'r', 'c', 'e', 0}

// countsTime says whether the counter tells the time: the kernel itself uses it, so that it runs evenly
// and is the same on all processors, and this thread may read it (PR_SET_TSC(2const)).
func countsTime() bool {
	var mode int32
	if rawsys.Syscall(unix.SYS_PRCTL, unix.PR_GET_TSC, uintptr(unsafe.Pointer(&mode)), 0, 0, 0, 0) != 0 || mode != unix.PR_TSC_ENABLE {
		return false
	}
	fd := int64(rawsys.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&clockSource)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0))
	if fd < 0 {
		return false
	}
	var name [4]byte
	n := rawsys.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&name)), uintptr(len(name)), 0, 0, 0)
	rawsys.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	return n == 4 && name == [4]byte{'t', 's', 'c', '\n'}
}

// TakenBy says whether a call may take the counter from the thread that makes it: prctl(2)'s PR_SET_TSC, and
// seccomp(2)'s strict mode.
func TakenBy(nr int64, a *[6]uint64) bool {
	switch nr {
	case unix.SYS_PRCTL:
		return uint32(a[0]) == unix.PR_SET_TSC || uint32(a[0]) == unix.PR_SET_SECCOMP && a[1] == unix.SECCOMP_MODE_STRICT
	case unix.SYS_SECCOMP:
		return uint32(a[0]) == unix.SECCOMP_SET_MODE_STRICT
	}
	return false
}
