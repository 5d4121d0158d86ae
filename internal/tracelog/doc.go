// Package tracelog is the trace's stream: its descriptor, what is written to it, by write(2) or
// through a mapping of the file that all processes of the trace share, its end, and what the
// user is told where it cannot be written. It runs in the traced process, and in who starts a
// trace; the rules are those of package systrap.
//
//systrap:freestanding
package tracelog
