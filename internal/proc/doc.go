// Package proc reads what /proc says of the process: its mappings, its status, whether it has
// one thread. It runs in the traced process; the rules are those of package systrap.
//
//systrap:freestanding
package proc
