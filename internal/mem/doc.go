// Package mem reads and writes the program's memory, whose pointers may be bad. It runs in the
// traced process; the rules are those of package systrap.
//
//systrap:freestanding
package mem
