package rawsys

// Trial is one system call to try, and what it returned.
type Trial struct {
	Nr     uintptr
	Args   [6]uintptr
	Result int64
}

// Try makes the trials from *next on, up to the n-th of those at trials, in a child of
// its own that shares this memory and is gone when Try returns: one of the calls may have
// killed it, and *next is behind that. core is a struct rlimit that the child gives
// itself for core files first. frame is where its stack pointer is: what rt_sigreturn(2)
// finds there goes on at [TrialEnd], with RDI the address of that trial's result. The child has no exit signal; the result is its process
// id, for wait4(2) with __WALL, or a negated errno.
//
//go:noescape
func Try(trials *Trial, n uintptr, next *uintptr, core *[2]uint64, frame uintptr) int64

// TrialEnd returns where a trial of rt_sigreturn(2) goes on.
//
//go:noescape
func TrialEnd() uintptr
