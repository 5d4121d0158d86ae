package rawsys

// Step is a system call that a child makes before it executes a program.
type Step struct {
	Nr   uintptr
	Args [6]uintptr
	// Least is the least result with which the child goes on.
	Least int64
	// Result is what the call returned.
	Result int64
}

// Begin makes a child that shares this memory, goes on beside the caller, and makes the n calls at steps in their order.
// After one with a result below its Least, and after the last, it exits with status 127; execve(2) among them, if it
// succeeds, is the last. Its signal mask is the caller's, whose handlers it shares: they must be blocked until steps of its own have
// reset them. The result is its process id, for wait4(2), or a negated errno.
//
//go:noescape
func Begin(steps *Step, n uintptr) int64
