// Package rewrite appends a library of ours to an ELF file whose system call instructions it replaces, so that the file's
// calls are trapped wherever it runs, and nothing is searched there (ordinary Go). What it leaves for the library is in
// internal/inject (prepared.go), what that does with it in internal/core (rewritten.go).
//
// What is added lies behind all that the file has, in the file and in memory:
//
//	entry      the code that starts the library and goes on where the file would have begun (stub.go)
//	head       the program headers, a note, the sites, and the words to be relocated
//	library    its segments, each at its own distance from the library's base
//	           names and table of the sections
//
// Addresses and offsets differ by what they do in the first segment, so that program headers are found by e_phoff as
// well as by AT_PHDR.
//
// See docs/decisions/rewritten-files.md.
package rewrite
