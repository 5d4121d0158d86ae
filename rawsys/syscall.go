package rawsys

// Syscall performs system call nr with up to six arguments and returns what
// the kernel left in RAX: a value in [-4095, -1] is a negated errno, anything
// else is the result (syscall(2), "Architecture calling conventions").
//
// It runs under the signal mask of the calling thread and may be interrupted,
// restarted by the kernel, or abandoned by a handler that jumps away; it keeps
// no state that would mind.
//
//go:noescape
func Syscall(nr, a0, a1, a2, a3, a4, a5 uintptr) uintptr
