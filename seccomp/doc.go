// Package seccomp knows which system calls the seccomp filters of this process let
// through (seccomp(2)), so that the library makes none of its own that they forbid:
// such a call may kill. A filter that the program installs is kept and run here with
// the arguments of each call; of one that was there before the program started only a
// summary is known, which the image before has handed over or which was tried out.
// See docs/decisions/judged-calls.md.
//
// It runs in the traced process (the rules are in package systrap's documentation).
//
//systrap:freestanding
package seccomp
