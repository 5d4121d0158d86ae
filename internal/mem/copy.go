package mem

// The program's memory is copied directly where a bad pointer can do no harm: where the
// signal of a fault comes to us, whose handler ends the copy (internal/core/guard.go).

// MayCopy says whether that is so just now. The core sets it to what knows.
var MayCopy = mayNot

func mayNot() bool { return false }

// CopyGuarded copies n bytes and returns how many of them it could not.
//
//go:noescape
func CopyGuarded(to, from, n uintptr) (left uintptr)

// CopyAddr returns the address of the instruction that copies, which is where a fault is.
//
//go:noescape
func CopyAddr() uintptr

// CopyLen is the length in bytes of the copying instruction.
const CopyLen = 2

// Beyond says whether addr lies where a program has nothing: below what
// vm.mmap_min_addr usually is, or above its half of the address space. Most bad pointers do.
func Beyond(addr uint64) bool { return addr < 0x1000 || addr >= 1<<47 }
