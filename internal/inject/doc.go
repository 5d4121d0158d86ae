// Package inject puts a library of ours into a process that ptrace(2) has stopped, before the
// first instruction of its program: maps it, runs its entry, and leaves everything as it was. It is
// written for both who starts a program (internal/launch) and the library itself, which has no Go runtime.
//
// What it does, and why so, is in docs/decisions/injection.md.
//
//systrap:freestanding
package inject
