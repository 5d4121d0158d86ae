package core

import (
	"unsafe"

	"libsystrap/internal/sys"
)

// What a function in C needs besides being called at calls (host.go): to be called once at the start, and to be left.

// startFn is the address of a function that the program calls at the end of DT_INIT, or 0.
var startFn uint64

// SetStart has the program call the function at fn, which has no arguments, at the end of DT_INIT: in the first
// thread, with calls trapped, after the dynamic linker has loaded and relocated all that is there at the start, and as a
// constructor may, also one that loads libraries. It is called by a tool's Init, where a dynamic linker is at work.
func SetStart(fn uintptr) { startFn = uint64(fn) }

// startFunction calls startFn.
//
//systrap:entry stack=64
//systrap:foreign
func startFunction()

// hostFrameTrap is the address of a trap that asks for the frame of the function below which it is, or 0.
var hostFrameTrap uint64

// SetHostFrameTrap makes the UD2 at pc give RAX the address of the HostFrame of the function that runs in the thread, on the stack for
// that, or 0. All other registers are kept. It is called by a tool's Init.
func SetHostFrameTrap(pc uintptr) { hostFrameTrap = uint64(pc) }

// tellsHostFrame does what SetHostFrameTrap says, if pc is there.
func (d *door) tellsHostFrame(pc uint64) bool {
	if hostFrameTrap == 0 || pc != hostFrameTrap {
		return false
	}
	m := &d.uc.Mcontext
	m.RAX = 0
	if t := d.thread; t != nil && t.onHostStack(m.RSP) && t.hostFrame().inUse() {
		m.RAX = uint64(uintptr(unsafe.Pointer(t.hostFrame())))
	}
	m.RIP = pc + siteSize
	return true
}

// inUse says whether the function of h has neither returned nor been left.
func (h *HostFrame) inUse() bool {
	return h.Active != 0 && *(*uint64)(sys.Ptr(uintptr(h.Active))) != 0
}
