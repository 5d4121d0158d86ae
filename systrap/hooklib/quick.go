package hooklib

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/internal/core"
	"libsystrap/systrap/chost"
)

var (
	// hook is what quickHook calls; quick is where the address of quickHook is once it may, noExit is 0.
	hook, quick, noExit uint64
)

// Quick has the hook, once Begin has been called, called before each call by chost.Quick: with the number, the arguments and the address of
// the result, by Ask. It is for a tool whose Enter does the same, and whose Exit wants to know of new threads only; its Init calls it behind
// Load.
func Quick() {
	chost.Quick(uintptr(unsafe.Pointer(&quick)), uintptr(unsafe.Pointer(&noExit)))
}

// Begin is for after Settle: the hook is the function at fn.
func Begin(fn uint64) {
	hook = fn
	atomic.StoreUint64(&quick, uint64(quickAddress()))
}

// quickRIP is where quickHook finds the address of the call, in bytes from the stack pointer: there is a return address below the frame.
const quickRIP = 8 + unsafe.Offsetof(core.HostFrame{}.Regs) + 8*core.HostRIP

//go:noescape
func quickAddress() uintptr

// quickHook runs as the program.
//
//systrap:entry stack=64
//systrap:foreign
//systrap:leaves
func quickHook()
