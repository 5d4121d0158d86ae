package rawsys

// Helper makes a process that shares this memory, with the caller's signal mask, no signal at its end, and copies of all
// else; it begins at entry, which does not return, with RDI = arg on the stack that ends at stack. The result is its process id, for wait4(2)
// with __WALL, or a negated errno.
//
//systrap:leaves
//go:noescape
func Helper(entry, arg, stack uintptr) int64

// Leave gives back the n bytes at addr, which the caller may stand on, and ends the process. It does not return.
//
//go:noescape
func Leave(addr, n uintptr)

// LeaveWord stores 0 at p and ends the process, of whose stack no use is made from then on. It does not return.
//
//go:noescape
func LeaveWord(p *uint32)
