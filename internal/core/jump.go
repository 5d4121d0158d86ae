package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/inject"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// The jump door is in front of the trap: the instruction before a site is replaced by a jump (instr.DoorOf),
// which leads here by way of a slot that has that instruction (jumpslots.go). A call then costs
// no exception. The trap stays at the site, for whoever comes to it in another way, and for the calls that need
// what only a signal frame gives (jumpPlan).
// See docs/decisions/jump-door.md.

// jumpFrame is what jumpHere makes at the end of the thread's stack of ours.
type jumpFrame struct {
	_     [stubSaves]byte
	entry entryFrame
	// uc has the program's registers; of the rest, nothing is set.
	uc restorer.Ucontext
	// mxcsr is the program's, which the arithmetic of a tool leaves flags in, and what it is behind that.
	mxcsr, mxcsrNow uint32
	xmm             [16][2]uint64
	// site is the address behind the site, swapped (jumpDoor).
	site  uint64
	flags uint64
}

// Offsets in bytes in a jumpFrame, for jumpHere.
const (
	jumpEntry      = unsafe.Offsetof(jumpFrame{}.entry)
	jumpUc         = unsafe.Offsetof(jumpFrame{}.uc)
	jumpRegs       = jumpUc + ucEFLAGS
	jumpXMM        = unsafe.Offsetof(jumpFrame{}.xmm)
	jumpMXCSR      = unsafe.Offsetof(jumpFrame{}.mxcsr)
	jumpMXCSRNow   = unsafe.Offsetof(jumpFrame{}.mxcsrNow)
	jumpBelowFlags = unsafe.Offsetof(jumpFrame{}.flags)
	jumpBelowSite  = unsafe.Offsetof(jumpFrame{}.site)
	jumpThread     = unsafe.Sizeof(jumpFrame{})
	// jumpKept is from the site in the frame to the thread.
	jumpKept = jumpThread - jumpBelowSite
	// jumpGuard is how far the guard of the fake g is below (isTrap).
	jumpGuard = stubFrame - unsafe.Sizeof(entryFrame{}) - stubSaves + stackBudget
)

// jumpFlags are those with which a call goes by the trap: what the door cannot put back, or what
// compiled code must not have.
const jumpFlags = flagDF | flagTF | flagAC

// flagAC is the alignment check flag (SDM vol. 1, 3.4.3).
const flagAC = 1 << 18

// jumpDoor is in jumpdoor_amd64.s, jumpHere in jump_amd64.s.
//
//systrap:entry stack=16384
//systrap:switches
//systrap:leaves
func jumpDoor()

//systrap:entry stack=16384
//systrap:calls jumpEnter jumpExit
//systrap:leaves
func jumpHere()

//go:noescape
func jumpDoorAddr() uintptr

//go:noescape
func jumpHereAddr() uintptr

var (
	jumpEnterFn = jumpEnter
	jumpExitFn  = jumpExit
)

// jumpEnter takes a call that came by the jump door through the tool's Enter. The site is at the RIP of d's
// context. It returns true if jumpHere makes the call: each return behind it would be mispredicted, as the kernel has
// used the processor's stack of return addresses. Else the call is done.
func jumpEnter(c *Call, d *door) bool {
	t := d.thread
	if t.jumped++; t.jumped%quietStep == 0 {
		quieten(t)
	}
	d.load(c, d.uc.Mcontext.RIP)
	if host.End != 0 {
		d.loadHosted(c)
	}
	if !through(c, d) {
		return true
	}
	d.afterJump(c)
	return false
}

// jumpExit takes c, which has been made, through the tool's Exit.
func jumpExit(c *Call, d *door) {
	behind(c, d)
	d.afterJump(c)
}

// afterJump has what waits for a free moment looked at by late.
func (d *door) afterJump(c *Call) {
	if d.thread.queued != 0 && d.postponed == 0 {
		frameOf(c).info.Signo = 0
		d.postponed = 1
	}
}

// jumpWanted says whether calls may come by the jump door.
var jumpWanted bool

// jumpCalls is how many numbers jumpPlan has; those beyond go by the trap.
const jumpCalls = 512

// jumpPlan says of each call what jumpHere does with it.
var jumpPlan [jumpCalls]callPlan

// callPlan is how a call goes that comes by the jump door.
type callPlan uint8

const (
	planTrap   callPlan = iota // by the trap
	planGo                     // through the tool
	planDirect                 // as it stands: no tool wants to know of it
	// planDirectFd is planDirect unless the first argument may be a descriptor of ours.
	planDirectFd
	// planHost is planGo where a function is called by the quick way (jumphost.go).
	planHost
)

// planCalls fills in jumpPlan. It is called again when something changes that it depends on.
func planCalls() {
	if !jumpWanted {
		return
	}
	direct := tool.Enter == nil && tool.Exit == nil && oddCalls.Load() == 0 && !tryLater
	for nr := range jumpPlan {
		plan := planGo
		switch {
		case jumpClosed || !specials[nr].jumpable():
			plan = planTrap
		case nr == unix.SYS_RT_SIGPROCMASK && seccomp.On && !sys.MayCall(unix.SYS_RT_SIGPROCMASK):
			plan = planTrap // the door makes it with other arguments; a supervisor would be asked twice
		case specials[nr] != plain || !direct:
		case fdArgs[nr] == 0:
			plan = planDirect
		case fdArgs[nr] == fd0:
			plan = planDirectFd
		}
		jumpPlan[nr] = plan
		planPast(nr, plan)
	}
}

// jumpable says whether calls of a family may come by the jump door: those that do not need the program's
// stack pointer and pc to be the kernel's, or the mask to be the frame's.
func (s special) jumpable() bool {
	switch s {
	case cloneFamily, sigreturnCall, execFamily, exitCall, seccompCall, pkeyAllocCall, ptraceCall, killCall, outOfSightCall, fsCall:
		return false
	}
	return true
}

// chooseDoor looks at SYSTRAP_DOOR, before anything is patched.
func chooseDoor() {
	jumpWanted = false
	entryPoint = uint64(auxv(atEntry))
	if v := settings[settingDoor].value; v != nil {
		switch ctext.CString(v) {
		case "trap":
			return
		case "jump", "":
		default:
			tracelog.Warn("SYSTRAP_DOOR: want jump or trap; taken for trap")
			return
		}
	}
	// jumpUnwind's first is never 0; the linker keeps what code looks at.
	asFound := debuggedAtStart && prepared() != nil
	if jumpUnwind[0] == 0 || (discoverOnly || debugged) && !asFound || process == nil || !haveJumpCPU() {
		return
	}
	jumpThreads = (uintptr(unsafe.Pointer(&jumpTables)) + jumpTableSize - 1) &^ (jumpTableSize - 1)
	jumpWanted = true
	openHost()
	ownfd.NoteLowest()
	planCalls()
}

// jumpTables is room for jumpThreads, which is aligned to its size.
var jumpTables [2 * jumpTableSize]byte

// closeJumpDoor has all calls that are made from now on go by the trap, in all threads.
func closeJumpDoor() {
	jumpClosed = true
	planCalls()
}

var jumpClosed bool

// haveJumpCPU says whether the processor, and the kernel, have what jumpDoor uses: RDFSBASE
// (AT_HWCAP2, arch/x86/include/uapi/asm/hwcap2.h) and RORX, which is of BMI2 (CPUID.7.0:EBX bit 8).
func haveJumpCPU() bool {
	const atHwcap2, hwcap2FSGSBase, bmi2 = 26, 1 << 1, 1 << 8
	if b := injection(); b != nil {
		processor = b.Processor
	}
	if processor == 0 {
		processor = inject.ProcessorKnown
		if ebx, _ := rawsys.CPUID(7, 0); ebx&bmi2 != 0 {
			processor |= inject.ProcessorBMI2
		}
	}
	return auxv(atHwcap2)&hwcap2FSGSBase != 0 && processor&inject.ProcessorBMI2 != 0
}

// processor is what is known of it, for the next image (inject.Block.Processor).
var processor uint64

// jumpFrame returns the frame that t's calls have.
func (t *thread) jumpFrame() *jumpFrame {
	return (*jumpFrame)(sys.Ptr(uintptr(unsafe.Pointer(t)) - jumpThread))
}

// jumpedCount is how many calls came by the jump door.
func jumpedCount() uint64 {
	n := counters.jumped.Load()
	for i := range threadSlots[:slotsUsed] {
		if t := threadSlots[i].thread; t != nil {
			n += t.jumped
		}
	}
	return n
}

func resetJumped() {
	counters.jumped.Store(0)
	for i := range threadSlots[:slotsUsed] {
		if t := threadSlots[i].thread; t != nil {
			t.jumped = 0
		}
	}
}

// enterDoor lets the thread of a trap at a call come by the jump door from now on.
func (d *door) enterDoor() {
	if jumpWanted && d.thread != nil {
		countHeld()
		d.thread.learn(d.uc.Mcontext.RSP)
	}
}

// learnMask is called at the end of a trap at a call, behind which the program has the mask of the frame
// that is loaded.
func (d *door) learnMask() {
	t := d.thread
	if t == nil || !jumpWanted {
		return
	}
	switch {
	case d.handler != 0 || d.at != 0 && d.at != t.sigreturnAddr():
		t.closed.maskUnknown = true
	case d.at != 0:
		t.mask = t.sigreturn.Sigmask
		t.closed.maskUnknown = false
	default:
		t.mask = d.uc.Sigmask
		t.closed.maskUnknown = false
	}
}
