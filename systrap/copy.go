package systrap

// The program's memory is copied directly where a bad pointer can do no harm: where the
// signal of a fault comes to us, whose handler ends the copy (core, guard.go).

// mayCopy says whether that is so just now. The core sets it to what knows.
var mayCopy = mayNot

func mayNot() bool { return false }

// copyGuarded copies n bytes and returns how many of them it could not.
//
//go:noescape
func copyGuarded(to, from, n uintptr) (left uintptr)

//go:noescape
func guardedCopyAddr() uintptr

// repMovsb is the length in bytes of the copying instruction.
const repMovsb = 2

// beyond says whether addr lies where a program has nothing: below what
// vm.mmap_min_addr usually is, or above its half of the address space. Most bad pointers do.
func beyond(addr uint64) bool { return addr < 0x1000 || addr >= 1<<47 }
