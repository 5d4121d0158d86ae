package freestanding

import (
	"encoding/binary"
	"fmt"
)

// A displaced stub (package rawsys) is not called: the program is resumed at it
// with its own stack and registers, all of which hold the program's values, and
// RCX and R11 are lost in the SYSCALL. So nothing at the stub, neither stack nor
// register, says where the program goes on. Only the stub's number does, by RIP:
// systrap keeps the address for each number in an array, and the rule below finds
// it there. An unwinder then sees the stub as if the program's function had
// called it, in a process that waits for its vfork child, and in a child before
// its first instruction.
// See docs/decisions/stub-return-addresses.md.

// The names of the stubs and of the array, one uint64 for each.
const (
	stubsName       = "libsystrap/rawsys.stubs"
	stubReturnsName = "libsystrap/internal/core.stubReturns"
)

// DWARF 5, 7.7.1 and 7.24, and the register numbers of the x86-64 ABI.
const (
	dwCFADefCFA     = 0x0c
	dwCFAExpression = 0x10
	dwOpConst2u     = 0x0a
	dwOpConst2s     = 0x0b
	dwOpConst8s     = 0x0f
	dwOpConst1u     = 0x08
	dwOpDup         = 0x12
	dwOpSwap        = 0x16
	dwOpAnd         = 0x1a
	dwOpPlus        = 0x22
	dwOpShl         = 0x24
	dwOpBreg0       = 0x70
	dwRegRSP        = 7
	dwRegRIP        = 16
)

// describeStubs replaces the rule for the stubs, if the library has any, which
// the linker takes for functions that were called:
//
//	CFA = RSP
//	return address at (RIP &^ (S-1)) + (stubReturns - stubs) + (RIP & (S-1) &^ 3) * 2
//
// where S is the size of all stubs, to which they are aligned: a stub has 4
// bytes, an element of the array 8.
func (im *image) describeStubs(u *unwindInfo) error {
	stubs, ok := symbolNamed(im.funcs, stubsName)
	returns, found := symbolNamed(im.objects, stubReturnsName)
	if !ok || !found {
		return nil
	}
	const stubSize, wordShift = 4, 1
	size := stubs.size
	if size == 0 || size&(size-1) != 0 || stubs.addr%size != 0 || size > 1<<14 || returns.size != size/stubSize*wordSize {
		return fmt.Errorf("%w: %d bytes of stubs at %#x, %d of return addresses", errToolchain, size, stubs.addr, returns.size)
	}
	expr := []byte{dwOpBreg0 + dwRegRIP, 0, dwOpDup, dwOpConst2u}
	expr = binary.LittleEndian.AppendUint16(expr, uint16(size-stubSize))
	expr = append(expr, dwOpAnd, dwOpConst1u, wordShift, dwOpShl, dwOpSwap, dwOpConst2s)
	expr = binary.LittleEndian.AppendUint16(expr, uint16(-size))
	expr = append(expr, dwOpAnd, dwOpPlus, dwOpConst8s)
	expr = binary.LittleEndian.AppendUint64(expr, returns.addr-stubs.addr)
	expr = append(expr, dwOpPlus)
	for i := range u.fdes {
		if u.fdes[i].start == stubs.addr {
			u.fdes[i].program = append([]byte{dwCFADefCFA, dwRegRSP, 0, dwCFAExpression, dwRegRIP, byte(len(expr))}, expr...)
			return nil
		}
	}
	return fmt.Errorf("%w: no unwind information for %s", errToolchain, stubsName)
}
