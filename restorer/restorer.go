package restorer

// Addr returns the address to put into sa_restorer.
//
// The code there is, to the byte, what glibc's __restore_rt is:
//
//	48 c7 c0 0f 00 00 00    mov $0xf,%rax
//	0f 05                   syscall
//
// gdb knows a signal trampoline by these bytes (gdb/amd64-linux-tdep.c,
// amd64_linux_sigtramp_start) if the symbol there has no name or a name that
// contains "sigaction", hence sigactionRestorer.
//
//go:noescape
func Addr() uintptr
