package rawsys

// Stubs is the number of displaced stubs: how many clone, clone3, fork and
// vfork calls can be in flight in one address space at a time.
const Stubs = 256

// StubSize is the distance in bytes from one stub to the next.
const StubSize = 4

// StubBase returns the address of the first displaced stub. Stub i is
//
//	StubBase()+i*StubSize:   SYSCALL
//	                    +2:  UD2
//
// A call that must run on exactly the stack and registers that the program
// gave it (its child starts with them) is made by resuming the program at a
// stub. The UD2 then reports the result to the trap core, in parent and child,
// and says by its address which call it was.
// See docs/decisions/displaced-stubs.md.
//
//go:noescape
func StubBase() uintptr

// ExitStub returns the address of code that stores zero in the 4-byte word at R12
// and then makes the exit(2) in the program's other registers, without touching any
// other memory.
//
//go:noescape
func ExitStub() uintptr
