package rawsys

// CPUIDEAX returns EAX of the CPUID instruction for a leaf and a subleaf (SDM vol. 2).
//
//go:noescape
func CPUIDEAX(leaf, sub uint32) (eax uint32)

// XCR0 returns the features of vector state that the kernel has switched on (SDM vol. 1, 13.3). CPUID.1:ECX.OSXSAVE must be
// set, else it is #UD.
//
//go:noescape
func XCR0() uint64

// ForC is a call instruction for code that keeps another convention than Go's. It is not called from Go.
func ForC()
