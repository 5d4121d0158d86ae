package core

import "golang.org/x/sys/unix"

// Our own signals are those whose kernel disposition is ours in this process:
// SIGILL always, SIGSYS where calls are discovered by Syscall User Dispatch
// (discover.go), SIGTRAP or SIGSEGV where another trap than ud2 stands at the sites
// (sitetrap.go). The program's dispositions of them, and their bits in its
// masks, are virtual: stored and answered, never installed.
// See docs/decisions/virtual-signals.md.
const (
	ownSigill = iota
	ownSigsys
	ownTrap
	numOwn
)

var ownNumbers = [numOwn]int{int(unix.SIGILL), int(unix.SIGSYS), int(unix.SIGTRAP)}

// ownMask has a bit for each of our own signals; a mask that goes to the kernel
// has none of them.
var ownMask uint64 = sigillBit

const (
	sigillBit = 1 << (unix.SIGILL - 1)
	sigsysBit = 1 << (unix.SIGSYS - 1)
)

// ownIndex returns which of our own signals sig is, or -1.
func ownIndex(sig int) int {
	for i, n := range ownNumbers {
		if n == sig && ownMask&(1<<(n-1)) != 0 {
			return i
		}
	}
	return -1
}

// ownBit is the bit of own signal i in a mask.
func ownBit(i int) uint64 { return 1 << (ownNumbers[i] - 1) }
