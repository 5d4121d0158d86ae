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
