// Package tracetool prints the program's system calls as strace 6.1 prints them.
//
// The table of calls (systrap/abi) says for each what its arguments are. Package decode prints the
// arguments that the kernel reads when the call is entered, and those that it writes when the call returns,
// with package text, which knows what values look like. This package has the rest of a line, and what becomes of it:
// options, unfinished and resumed calls, signals, counts, injection, and where lines go.
//
// # What differs from strace
//
//   - A line is written when its call returns, or when another thread or process
//     writes while it is open ("<unfinished ...>"); strace writes the first part
//     at once.
//   - Signals are printed when a handler is entered or the process dies, not when
//     they are ignored or stop it; of SIGKILL nothing is seen.
//   - An execve that succeeds is printed just before it is made; the execve of
//     the first image is put together from what the kernel left on the stack,
//     and, where the library was injected, what execve was given.
//   - The error codes of interrupted calls that only the kernel and debuggers
//     see (ERESTARTSYS and its like) are inferred from EINTR (decode/restart.go); a call
//     that the kernel restarts by itself is one line.
//   - Processes that were started by a traced execve always have the prefix
//     [pid N] on standard error: how many others live is not known to them.
//   - inject=…:signal= sends the signal behind the call, and faults (SIGSEGV, …)
//     as tgkill(2) would.
//   - -c without -w takes the thread's processor time in the call, where a wait of less
//     than 10 us counts; -p and -D need a tracer process; --tips are strace's own.
//   - -k (stack.go): the stack of a call that ends a process or a program stands
//     behind its line, not behind the "+++" or in the next program; the first execve
//     has none. C++ names are as in the file: c++filt(1) reads them. Where code of no
//     file is met strace stops; here the walk goes on by frame pointers.
//
// # Options
//
// parse.go reads the options, of the library as of systrap trace, which calls
// [Check] before it runs anything: a mistake is strace's message, and nothing
// runs. settle judges them against each other; filter.go and qualify.go read the
// sets, regex.go the regular expressions, inject.go and poke.go what is done to
// calls, paths.go -P, stack.go -k. count.go holds -c's counts, summary.go prints them. live.go
// knows of threads and children, emit.go of where lines go.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package tracetool
