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
// itself for core files first. The child has no exit signal; the result is its process
// id, for wait4(2) with __WALL, or a negated errno.
//
//go:noescape
func Try(trials *Trial, n uintptr, next *uintptr, core *[2]uint64) int64
