package core

import (
	"unsafe"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// door is the way a call came in and the way its program goes on: the SIGILL
// signal, or the jump door (jump.go), which lays the registers out as a signal
// frame has them. All knowledge of the ucontext is in this file and sigill.go.
type door struct {
	uc   *restorer.Ucontext
	info *restorer.Siginfo
	// postponed is set when a signal that came meanwhile waits for the program
	// to go on (postpone.go).
	postponed uint32
	// leaving is set by the stub when all that is left is to return to the
	// program, or to make its rt_sigreturn.
	leaving uint16
	// jump is set if the call came in by the jump door: uc lies in a jumpFrame.
	jump bool
	// entering is set by the stub when all that is left is to enter the
	// program's handler, whose frame is at at. mask is the signal mask that goes
	// with it; before, it is the one that is in force while we run.
	entering uint32
	// delivering is set while a handler is being entered.
	delivering bool
	// blocked is set once we have blocked the program's signals ourselves.
	blocked bool
	// moved is set if the frame is to be loaded from thread.sigreturn.
	moved bool
	// direct is set if the stub returns without rt_sigreturn (resume.go).
	direct      bool
	handler, at uintptr
	mask        uint64
	// thread is the calling thread, found by the kernel's frame; nil if it is not
	// known.
	thread *thread
}

// deliveringShift is where delivering lies in the eight bytes at entering.
const deliveringShift = 8 * (unsafe.Offsetof(door{}.delivering) - unsafe.Offsetof(door{}.entering))

// infoAddr and frameAddr are the addresses of the signal's siginfo_t and frame.
func (d *door) infoAddr() uint64   { return uint64(uintptr(unsafe.Pointer(d.info))) }
func (d *door) frameAddr() uintptr { return uintptr(unsafe.Pointer(d.frame())) }

// sigmask is the signal mask that the program will have when it goes on.
func (d *door) sigmask() uint64 {
	if d.jump {
		return d.mask
	}
	return d.uc.Sigmask
}

// setSigmask changes it: rt_sigreturn would undo what rt_sigprocmask did.
func (d *door) setSigmask(m uint64) {
	if !d.jump {
		d.uc.Sigmask = m
		return
	}
	// Of a signal that waits d.mask is what it came under.
	if d.postponed == 0 {
		d.mask = m
	}
	d.thread.mask = m
}

// load fills in c from the registers at a trapped instruction at pc.
func (d *door) load(c *Call, pc uint64) {
	m := &d.uc.Mcontext
	// The kernel takes the number from EAX, sign-extended
	// (do_syscall_64, arch/x86/entry/syscall_64.c).
	c.Sysno = int64(int32(m.RAX))
	c.Args[0] = m.RDI
	c.Args[1] = m.RSI
	c.Args[2] = m.RDX
	c.Args[3] = m.R10
	c.Args[4] = m.R8
	c.Args[5] = m.R9
	c.Result = -enosys
	c.PC = pc
	c.SP = m.RSP
	c.User = 0
	c.Child = false
	c.Replaced = false
	c.NoReturn = false
	c.Interrupted = false
	c.NotMade = false
	f := frameOf(c)
	f.performed = false
	f.hosted, f.turn = hostNew, nil
	c.Doubtful = false
	f.context = uintptr(unsafe.Pointer(d.uc))
}

// finish writes a call's result back as the SYSCALL instruction would: RCX
// holds the next pc and R11 the flags (SDM vol. 2, SYSCALL).
func (d *door) finish(c *Call) {
	m := &d.uc.Mcontext
	m.RAX = uint64(c.Result)
	m.RIP = c.PC + siteSize
	m.RCX = m.RIP
	m.EFLAGS &^= flagRF
	m.R11 = m.EFLAGS
}

// flagRF is the resume flag, which an exception sets in the saved flags and
// SYSCALL does not (SDM vol. 3, 18.3.1.1).
const flagRF = 1 << 16

// displace resumes the program at a displaced stub with the registers of c.
func (d *door) displace(c *Call, stub uint64) {
	m := &d.uc.Mcontext
	m.RAX = uint64(c.Sysno)
	m.RDI = c.Args[0]
	m.RSI = c.Args[1]
	m.RDX = c.Args[2]
	m.R10 = c.Args[3]
	m.R8 = c.Args[4]
	m.R9 = c.Args[5]
	m.RCX = 0 // rawsys.Begun
	m.RIP = stub
	if i := stubAt(stub + siteSize); i >= 0 {
		stubReturns[i] = c.PC + siteSize
	}
}

// changeStack makes s the kernel's alternate stack as the program goes on. The kernel
// does not change it while the stack pointer is on the one it has (do_sigaltstack,
// kernel/signal.c; rt_sigreturn looks at the pointer of before since Linux 6.12).
func (d *door) changeStack(s restorer.Stack) {
	d.uc.Stack = s
	d.moved = true
}

// resume is how the stub goes on behind a trap.
func (d *door) resume() resumption {
	if d.thread != nil && d.thread.untold {
		d.thread.untold, d.moved = false, true
	}
	if d.moved && d.handler == 0 && d.at == 0 && returnsDirect == 0 {
		d.thread.sigreturn = *d.uc
		d.at = d.thread.sigreturnAddr()
	}
	d.direct = d.at == 0 && d.onlyRegisters()
	return resumption{d.handler, d.at}
}

// exitAt makes the exit of c from a stub that gives the block of t back first, with all
// signals blocked.
func (d *door) exitAt(c *Call, t *thread) {
	d.displace(c, uint64(rawsys.ExitStub()))
	d.uc.Mcontext.R12 = uint64(uintptr(unsafe.Pointer(&t.slot.busy)))
	d.setSigmask(^uint64(0))
}

// stubReturns has, for each displaced stub in use, the pc at which the program
// goes on. Unwinders read it: the library's unwind information names it as the
// place where a stub's return address is (internal/freestanding/stubframe.go).
// See docs/decisions/stub-return-addresses.md.
var stubReturns [rawsys.Stubs]uint64

// frame is the address of our signal frame.
func (d *door) frame() *restorer.Frame {
	return (*restorer.Frame)(unsafe.Pointer(uintptr(unsafe.Pointer(d.uc)) - unsafe.Offsetof(restorer.Frame{}.Uc)))
}
