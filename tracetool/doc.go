// Package tracetool prints the program's system calls as strace 6.1 prints them.
//
// The table of calls (table.go) says for each what its arguments are; the
// engine (printer.go) prints the arguments the kernel reads when the call is
// entered, and those it writes when the call returns, with one function for
// each kind of argument in the file named after its subject. The constants'
// names are in the generated files z*.go.
//
// # What differs from strace
//
//   - A line is written when its call returns, or when another thread or process
//     writes while it is open ("<unfinished ...>"); strace writes the first part
//     at once. A call that is cut short by a fatal signal may have no line.
//   - Signals (--- SIGCHLD … ---) and deaths by a signal are not printed.
//   - An execve that succeeds is printed just before it is made; the execve of
//     the first image is put together from /proc/self.
//   - The error codes of interrupted calls that only the kernel and debuggers
//     see (ERESTARTSYS and its like) are inferred from EINTR (errno.go); a call
//     that the kernel restarts by itself is one line.
//   - Processes that were started by a traced execve always have the prefix
//     [pid N] on standard error: how many others live is not known to them.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package tracetool

//go:generate go run libsystrap/internal/genxlat -o .
