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
	i := searchPair(unsafe.Pointer(&text[from]), len(text)-from, 0x050f050f)
	if i < 0 {
		return -1
	}
	return from + i
}

// searchAny returns the offset below n-1 of the first of the three pairs in the n bytes at p, or -1.
//
//go:noescape
func searchAny(p unsafe.Pointer, n int) int

// searchPair returns the offset below n-1 of the first of the pairs in the n bytes at p, or -1. The lower half of pair,
// little-endian, is the pair, and the upper half the same.
//
//go:noescape
func searchPair(p unsafe.Pointer, n int, pair uint32) int

// HasWRFSBASE says whether text may have an instruction WRFSBASE (f3 0f ae /2 with a register, SDM vol. 2), with or
// without REX and other prefixes behind the f3.
func HasWRFSBASE(text []byte) bool {
	const opcode = 0xae0fae0f
	for from := 0; from < len(text); {
		i := searchPair(unsafe.Pointer(&text[from]), len(text)-from, opcode)
		if i < 0 {
			return false
		}
		i += from
		if i+2 < len(text) && text[i+2]&0xf8 == 0xd0 {
			for _, b := range text[max(i-4, 0):i] {
				if b == 0xf3 {
					return true
				}
			}
		}
		from = i + 2
	}
	return false
}
