package rawsys

import (
	"golang.org/x/sys/unix"

	"libsystrap/seccomp"
)

// Syscall makes a call of the library's or a tool's own: [Raw], unless the process is
// behind a seccomp filter that is not known to let it through. Then it is not made, as
// it may kill, and fails with EPERM.
func Syscall(nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr {
	if seccomp.On && !seccomp.Allows(nr, a0, a1, a2, a3, a4, a5) {
		return refused
	}
	return Raw(nr, a0, a1, a2, a3, a4, a5)
}

// refused is -EPERM.
const refused = ^uintptr(unix.EPERM - 1)

// Raw performs system call nr with up to six arguments and returns what
// the kernel left in RAX: a value in [-4095, -1] is a negated errno, anything
// else is the result (syscall(2), "Architecture calling conventions"). No filter is
// asked: it is for a call of the program's.
//
// It runs under the signal mask of the calling thread and may be interrupted,
// restarted by the kernel, or abandoned by a handler that jumps away; it keeps
// no state that would mind.
//
//go:noescape
func Raw(nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr
