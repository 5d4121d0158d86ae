// Package ownmem keeps what memory is ours: none that the program knows of. It runs in the
// traced process; the rules are those of package systrap.
//
//systrap:freestanding
package ownmem
