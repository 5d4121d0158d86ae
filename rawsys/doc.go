// Package rawsys makes system calls with nothing between the caller and the
// kernel: no libc, no Go runtime, no errno variable, no cancellation point.
//
// It holds the only SYSCALL instructions of the library besides the signal
// restorer (package restorer), so that "who can enter the kernel" is answered by this folder.
//
// It runs in the traced process, where the Go runtime was never started. The
// rules for such code are listed in package systrap's documentation and are
// enforced on the machine code by internal/freestanding; the line below marks
// the package for it.
//
//systrap:freestanding
package rawsys
