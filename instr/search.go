package instr

import "unsafe"

// Search returns the offset of the first byte pair 0f 05 (syscall), 0f 34 (sysenter) or cd 80
// (int 0x80) in text at or after from, or -1. A negative from counts as 0.
func Search(text []byte, from int) int {
	if from < 0 {
		from = 0
	}
	if from >= len(text) {
		return -1
	}
	i := searchAny(unsafe.Pointer(&text[from]), len(text)-from)
	if i < 0 {
		return -1
	}
	return from + i
}

// SearchSyscall is [Search] for 0f 05 alone, at about twice the speed.
func SearchSyscall(text []byte, from int) int {
	if from < 0 {
		from = 0
	}
	if from >= len(text) {
		return -1
	}
	i := searchSyscall(unsafe.Pointer(&text[from]), len(text)-from)
	if i < 0 {
		return -1
	}
	return from + i
}

// searchAny returns the offset below n-1 of the first of the three pairs in the n bytes at p, or -1.
//
//go:noescape
func searchAny(p unsafe.Pointer, n int) int

// searchSyscall returns the offset below n-1 of the first 0f 05 in the n bytes at p, or -1.
//
//go:noescape
func searchSyscall(p unsafe.Pointer, n int) int
