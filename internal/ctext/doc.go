// Package ctext reads text as the kernel hands it out: NUL-terminated, and the lines of files
// of /proc. It runs in the traced process; the rules are those of package systrap.
//
//systrap:freestanding
package ctext
