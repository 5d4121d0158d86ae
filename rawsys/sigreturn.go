package rawsys

// Sigreturn makes rt_sigreturn(2) with the stack pointer at frame and so
// resumes the context saved there. It does not return.
//
// The verifier is told that the function gives up its stack.
//
//systrap:leaves
//go:noescape
func Sigreturn(frame uintptr)

// sigreturn is its end.
//
//systrap:leaves
func sigreturn()

// FSBase returns the FS segment base, which tells threads apart without a
// system call. RDFSBASE faults unless the kernel says HWCAP2_FSGSBASE
// (arch/x86/include/uapi/asm/hwcap2.h).
//
//go:noescape
func FSBase() uintptr
