package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/systrap/line"
)

// A tool may have the program call a function that is not verified Go, at a call of its own (package chost): the program then goes
// on not behind the site but at Host.Entry, which is ordinary code of the program's for all that is here: no signal waits, no
// lock is held, no stack of ours is in use. It calls the function on a stack that the thread has for that, and then
// makes the call, by a trap of its own (Host.Again), or goes on behind the site.
//
// Whether a call is made by such a function is told by the stack pointer: nothing that has to be taken back when the function is
// left by longjmp(3).
// See docs/decisions/hooks-in-c.md.

// Host is where the code of package chost lies: from Entry up to End, in order.
type Host struct {
	// Entry is where the program calls the function, with its stack pointer at a HostFrame. In the code at Done, Redo, Jump and Tell,
	// from HostLeaving on, the frame has been used up.
	Entry, Done, Redo, Jump, Tell uintptr
	// Again is a trap: the call of the site that RCX points at is made, and nothing is called for it before.
	Again uintptr
	// Told is a trap: the call of the site that RCX points at has the frame's Result, and the tool's Exit is called.
	Told uintptr
	// Call is a trap: a call of the function's own.
	Call, End uintptr
	// RedoTo is which of Redo, which ends in the trap Again, and Jump, which ends in the jump door, is taken; CallTo is Call or
	// the jump door, with R11 behind the call.
	RedoTo, CallTo *uint64
	// Save is how many bytes a frame needs for the vector state.
	Save uintptr
}

// HostFrame lies at the end of the thread's stack for such functions, aligned to 64 bytes, with the room for the vector state
// behind it.
type HostFrame struct {
	// Stack are the arguments behind the sixth, where a C function finds them.
	Stack [2]uint64
	Args  [6]uint64
	Fn    uint64
	Rule  uint64
	// Result is what the program gets if the call is not made. The function may have its address.
	Result int64
	// User is Call.User from Enter to Exit.
	User uint64
	// Active is the address of the thread's word that is not 0 while the frame is in use.
	Active uint64
	// ErrnoAt is where the thread's errno is, Errno what it was.
	ErrnoAt, Errno uint64
	// Regs are the program's registers as struct sigcontext has them, R8 to EFLAGS; RIP is where it is or goes on.
	Regs [18]uint64
	// Vectors are the features of vector state (XCR0's bits) that are kept by plain stores, or 0 if XSAVE's area is.
	Vectors uint64
	_       [6]uint64
}

// Indices in HostFrame.Regs.
const (
	hostR8     = 0
	hostR9     = 1
	hostR10    = 2
	hostRDI    = 8
	hostRSI    = 9
	hostRDX    = 12
	HostRAX    = 13
	HostRCX    = 14
	HostRSP    = 15
	HostRIP    = 16
	HostEFLAGS = 17
)

// Values of HostFrame.Rule that this package knows (package chost has them all).
const (
	HostMake = 2
	HostDone = 3
)

// Offsets in bytes in the code at Host.Done and Host.Redo, which end in a load of all registers as resumeCall does: behind the
// clearing of HostFrame.Active; behind that of the stack pointer, from where on it is at the flags; that of the load of the program's; and
// that of the jump.
const (
	HostLeaving  = 7
	hostSwitched = HostLeaving + resumeSwitched
	HostLoadSP   = HostLeaving + resumeLoadSP
	hostJump     = HostLeaving + resumeJump
)

// hosted says how a call stands to the functions.
type hosted uint8

const (
	hostNew   hosted = iota // a call like any other
	hostPast                // the function was called before it
	hostQuiet               // made by a function: no tool is told of it
	hostTold                // it has a result already
)

// threadHost is what a thread has for them.
type threadHost struct {
	// stack is the lowest address of its stack, 0 if it has none yet, or 1 if there was no memory for it.
	stack uint64
	// active is not 0 from when the program is sent to a function until it goes on.
	active uint64
	// child is set in a vfork child of a function's: it runs on whatever stack, and is done when it executes.
	child bool
	// sharedFS is the FS base that it has in common with a thread that goes on (clone(2) with CLONE_VM, without CLONE_SETTLS), or 0: a function
	// would have both threads' errno, and whatever else it keeps for each, in one place.
	sharedFS uint64
	// frame is the address of its HostFrame, 0 if functions are called by way of Go code only.
	frame uint64
	// disarmed is the alternate stack that a handler which interrupts a function has disarmed (SS_AUTODISARM), and runs on.
	disarmed restorer.Stack
}

const (
	// hostStackSize is the size in bytes of the stack, the page below it that is never there included: what is enough for getaddrinfo(3)
	// and for a dlopen(3), several times over.
	hostStackSize = 512 << 10
	hostNoStack   = 1
)

var host Host

// SetHost makes h the code that calls such functions. It is called by a tool's main.
func SetHost(h Host) {
	host = h
	hostAgain = uint64(h.Again)
	*h.RedoTo, *h.CallTo = uint64(h.Redo), uint64(h.Call)
	if catching {
		hostFaults = 1 << (unix.SIGFPE - 1)
		catch(int(unix.SIGFPE))
	}
}

// hostFaults are the signals besides guardBits that have a handler of ours where functions are called, as a crash of theirs has its line.
var hostFaults uint64

// programCode is the other code in our text that runs as the program: on its stack, or on the one for functions.
var (
	programCode      [4]struct{ start, size uint64 }
	programCodeCount int
)

// AddProgramCode says that the code from from up to to runs as the program. A signal that finds the program there finds
// it there: no function that Go code calls may lie in between. It is called by a tool's Init.
func AddProgramCode(from, to uintptr) {
	if from < to && programCodeCount < len(programCode) {
		programCode[programCodeCount].start, programCode[programCodeCount].size = uint64(from), uint64(to-from)
		programCodeCount++
	}
}

// inProgramCode says whether pc is there.
func inProgramCode(pc uint64) bool {
	for i := range programCode[:programCodeCount] {
		if pc-programCode[i].start < programCode[i].size {
			return true
		}
	}
	return false
}

func (h *Host) has(pc uint64) bool { return uintptr(pc)-h.Entry < h.End-h.Entry }

// onHostStack says whether sp is on the stack that t has for functions.
func (t *thread) onHostStack(sp uint64) bool {
	return t.host.stack > hostNoStack && sp-t.host.stack < hostStackSize
}

// inHost says whether a call that is made with stack pointer sp is one of a function's, or of a handler that
// interrupts one.
func (t *thread) inHost(sp uint64) bool {
	switch {
	case t.host.child || t.onHostStack(sp):
		return true
	case t.host.active == 0:
		return false
	case t.handlerInHost(sp):
		return true
	}
	t.host.active = 0 // it was left by longjmp(3)
	return false
}

// handlerInHost says whether sp is on the alternate stack, where a handler that interrupts a function may run.
func (t *thread) handlerInHost(sp uint64) bool { return t.onAlt(sp) || altHolds(&t.host.disarmed, sp) }

// lookHosted finds out whether c, which is new, is a function's own call.
func (d *door) lookHosted(c *Call) {
	if f := frameOf(c); host.End != 0 && f.hosted == hostNew && d.thread != nil && d.thread.inHost(c.SP) {
		f.hosted = hostQuiet
	}
}

// hostTrap returns the site of the call that is made by a trap of Host, and how it stands, or 0.
func hostTrap(pc uint64, m *restorer.Sigcontext) (site uint64, how hosted) {
	switch {
	case host.End == 0:
	case uintptr(pc) == host.Again:
		return m.RCX, hostPast
	case uintptr(pc) == host.Told:
		return m.RCX, hostTold
	case uintptr(pc) == host.Call:
		return pc, hostQuiet
	}
	return 0, hostNew
}

// hostFrame returns the frame of t, which has a stack.
func (t *thread) hostFrame() *HostFrame {
	end := uintptr(t.host.stack) + hostStackSize
	return (*HostFrame)(sys.Ptr((end - host.Save - unsafe.Sizeof(HostFrame{})) &^ 63))
}

// Turn returns the frame to be filled in for a function that is called at c, or nil if none can be: before the call, if it is called in a tool's
// Enter, whose verdict is then Turn; or behind it, in its Exit.
func (c *Call) Turn() *HostFrame {
	t := currentThread()
	f := frameOf(c)
	if host.End == 0 || t == nil || f.hosted == hostQuiet || t.host.child {
		return nil
	}
	if fs := rawsys.ReadFSBase(); fs == 0 || fs == t.host.sharedFS || !t.haveHostStack() {
		return nil
	}
	if (*restorer.Ucontext)(sys.Ptr(f.context)).Mcontext.EFLAGS&flagTF != 0 {
		return nil // the program takes its instructions one by one, and the function's are none of them
	}
	if t.onStack(uintptr(c.SP)) {
		return nil // a handler on top of a call of ours (suspendDoor): the kernel would take the stack from its end
	}
	if t.host.active != 0 && (t.onHostStack(c.SP) || t.handlerInHost(c.SP)) {
		return nil
	}
	h := t.hostFrame()
	h.User, h.Active, h.Result = c.User, uint64(uintptr(unsafe.Pointer(&t.host.active))), c.Result
	f.turn = h
	return h
}

// haveHostStack gives t a stack if it has none.
func (t *thread) haveHostStack() bool {
	if t.host.stack == 0 {
		t.host.stack = hostNoStack
		p := sys.MmapAnon(hostStackSize, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
		if p == 0 {
			tracelog.Warn("no memory for a stack on which to call functions in C: none are called in a thread")
			return false
		}
		rawsys.Syscall(unix.SYS_MPROTECT, p, sys.PageSize, unix.PROT_NONE, 0, 0, 0)
		t.host.stack = uint64(p)
		t.quickHost()
	}
	return t.host.stack != hostNoStack
}

// quickHost lets t come to functions by the quick way.
func (t *thread) quickHost() {
	t.host.frame = 0
	if t.host.stack > hostNoStack && !t.host.child && t.host.sharedFS == 0 {
		t.host.frame = uint64(uintptr(unsafe.Pointer(t.hostFrame())))
	}
}

// hand sends the program to the function of c's frame, if there is one. It is at pc, or goes on there.
func (d *door) hand(c *Call, pc uint64) {
	f := frameOf(c)
	h := f.turn
	if h == nil {
		return
	}
	f.turn = nil
	m := &d.uc.Mcontext
	h.Regs = *(*[18]uint64)(unsafe.Pointer(m))
	h.Regs[HostEFLAGS] &^= flagRF
	h.Regs[HostRIP] = pc // which may be at a prefix
	*(*uint64)(sys.Ptr(uintptr(h.Active))) = 1
	m.RSP = uint64(uintptr(unsafe.Pointer(h)))
	m.RIP = uint64(host.Entry)
	m.RCX = m.RIP
	m.EFLAGS &^= flagRF | flagDF | flagAC
	m.R11 = m.EFLAGS
}

// turnHost makes uc, whose pc is in the code of package chost, the program's as if it had left that, where the frame is used up.
// Else it stays: the program is in there.
func turnHost(uc *restorer.Ucontext) {
	m := &uc.Mcontext
	pc := uintptr(m.RIP)
	if pc == host.Again || pc == host.Told {
		m.RIP = m.RCX
		return
	}
	off := pc - host.Done
	if off > hostJump {
		off = pc - host.Redo
	}
	if off > hostJump {
		off = pc - host.Jump
	}
	if off > hostJump {
		off = pc - host.Tell
	}
	flags := uintptr(m.R9)
	switch {
	case off < HostLeaving || off > hostJump:
		return
	case off == hostJump:
		m.RIP = m.RCX
		return
	case off == HostLoadSP:
		flags = uintptr(m.RSP) - 8
	case off >= hostSwitched:
		flags = uintptr(m.RSP)
	}
	r8, r9 := m.R8, m.R9
	*(*[18]uint64)(unsafe.Pointer(m)) = *(*[18]uint64)(sys.Ptr(flags - HostEFLAGS*8))
	m.R8 = r8 // of the frame, the kernel may have written over that, and
	if off == HostLoadSP {
		m.R9 = r9
	}
}

// hostOnAlt says whether a function is called on behalf of a program that runs on its alternate stack, with
// stack pointer sp.
func (t *thread) hostOnAlt(sp uint64) bool {
	return t.onHostStack(sp) && t.host.active != 0 && t.onAlt(t.hostFrame().Regs[HostRSP])
}

// tellExit takes c through the tool's Exit.
func (c *Call) tellExit() {
	if tool.Exit != nil && frameOf(c).hosted != hostQuiet {
		tool.Exit(c)
	}
}

// HostKept says whether c is a call before which a function was called already, so that Enter has not been called.
func (c *Call) HostKept() bool { return frameOf(c).hosted == hostPast }

// hostCrashed says so if the fault of d, which ends the process, is one of a function.
func (d *door) hostCrashed() {
	m := &d.uc.Mcontext
	if host.End == 0 || d.thread == nil || !d.thread.onHostStack(m.RSP) {
		return
	}
	var buf [200]byte
	l := line.On(buf[:])
	l.Str("a function in C, called at a system call, has crashed at ")
	l.Hex(m.RIP)
	switch {
	case d.info.Signo == int32(unix.SIGFPE):
		l.Str(": arithmetic fault")
	case d.info.Signo == int32(unix.SIGILL):
		l.Str(": invalid instruction")
	case d.info.Code != siKernel && d.thread.onGuardPage(d.info.Addr):
		l.Str(": its stack has overflowed")
	case d.info.Code != siKernel:
		l.Str(": bad pointer ")
		l.Hex(d.info.Addr)
		if d.info.Signo == int32(unix.SIGBUS) {
			l.Str(" (SIGBUS)")
		}
	}
	tracelog.Complain(&l)
}

// onGuardPage says whether addr is in the page below the stack for functions.
func (t *thread) onGuardPage(addr uint64) bool { return addr-t.host.stack < sys.PageSize }

// hostAborted says so if c is the abort(3) of a function.
func hostAborted(c *Call) {
	if frameOf(c).hosted != hostQuiet || !toSelf(c) || currentActions()[unix.SIGABRT].Handler > sigIgn {
		return
	}
	sig := c.Args[1]
	if c.Sysno == unix.SYS_TGKILL || c.Sysno == unix.SYS_RT_TGSIGQUEUEINFO {
		sig = c.Args[2]
	}
	if sig == uint64(unix.SIGABRT) && !hostAbort {
		hostAbort = true // abort(3) sends it twice if it is ignored
		tracelog.Warn("a function in C, called at a system call, has aborted")
	}
}

var hostAbort bool
