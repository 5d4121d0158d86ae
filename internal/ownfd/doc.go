// Package ownfd keeps the numbers of our descriptors, out of the program's way. It runs in the
// traced process; the rules are those of package systrap.
//
//systrap:freestanding
package ownfd
