package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/internal/sys"
)

// What a function in C needs besides being called at calls (host.go): to be called once at the start, and to be left.

// startFn is the address of a function that the program calls at the end of DT_INIT, or 0.
var startFn uint64

// SetStart has the program call the function at fn, which has no arguments, at the end of DT_INIT, or of the initialiser of the file that we
// were appended to: in the first thread, with calls trapped, after the dynamic linker has loaded and relocated all that is there at the
// start, and as a constructor may, also one that loads libraries. It is called by a tool's Init, where a dynamic linker is at
// work, and returns false if nothing will call the function.
func SetStart(fn uintptr) bool {
	switch p := prepared(); {
	case p == nil || p.Begun == inject.BegunForGood:
		startFn = uint64(fn)
	case p.Begun == inject.BegunThenLater:
		presence.Later = uint64(fn)
	default:
		return false
	}
	return true
}

// PreparedHook is the path of the hook library that the file has that we were appended to (systrap hook-libc), a NUL behind it, or
// empty.
func PreparedHook() string {
	p := prepared()
	if p == nil || p.HookLen >= uint64(len(p.Hook)) {
		return ""
	}
	return unsafe.String(&p.Hook[0], p.HookLen)
}

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

// hostLeaves is the code in which a function's own call may be the very call that it is called before.
var (
	hostLeaves     [2]textRange
	hostLeaveCount int
)

// LeaveFor has a function left, as by longjmp(3), that is called before a call and makes it by an instruction from from up to to, where
// that call comes back twice, or not at all, or on another stack: clone(2) with CLONE_VM or a stack, clone3, vfork(2) and rt_sigreturn(2).
// The program makes it, with the function's arguments.
func LeaveFor(from, to uintptr) {
	if from < to && hostLeaveCount < len(hostLeaves) {
		hostLeaves[hostLeaveCount] = textRange{uint64(from), uint64(to - from)}
		hostLeaveCount++
	}
}

// leavesHost does so if c, which is a function's own, is one of these.
func (d *door) leavesHost(c *Call) bool {
	if !hostLeaves[0].has(c.PC) && !hostLeaves[1].has(c.PC) || d.jump || !d.thread.onHostStack(c.SP) || !comesBackElsewhere(c) {
		return false
	}
	h := d.thread.hostFrame()
	if !h.inUse() || h.Rule == HostDone || int32(h.Regs[HostRAX]) != int32(c.Sysno) {
		return false
	}
	m := &d.uc.Mcontext
	h.Regs[hostRDI], h.Regs[hostRSI], h.Regs[hostRDX] = m.RDI, m.RSI, m.RDX
	h.Regs[hostR10], h.Regs[hostR8], h.Regs[hostR9] = m.R10, m.R8, m.R9
	h.Rule = HostMake
	at := uint64(uintptr(unsafe.Pointer(h)))
	m.RBX, m.RSP = at+uint64(unsafe.Sizeof(*h)), at
	m.RIP = *(*uint64)(sys.Ptr(uintptr(at - 8))) // where the function returns to
	return true
}

// comesBackElsewhere says whether a function cannot make c below its frame.
func comesBackElsewhere(c *Call) bool {
	switch c.Sysno {
	case unix.SYS_CLONE:
		return c.Args[0]&unix.CLONE_VM != 0 || c.Args[1] != 0
	case unix.SYS_CLONE3, unix.SYS_VFORK, unix.SYS_RT_SIGRETURN:
		return true
	}
	return false
}
