// Package restorer holds the signal restorer that the trap core's handlers
// return through, and the kernel's signal frame layout.
//
// It runs in the traced process; the rules are those of package systrap.
//
//systrap:freestanding
package restorer
