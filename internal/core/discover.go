package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// Executed-only discovery (Linux 5.11, Syscall User Dispatch): the kernel
// reports with SIGSYS the first execution of any `syscall` instruction outside
// our own image. That proves that it is one, wherever it lies: it is performed,
// and patched if it can be. It is on wherever the kernel has it: no call that
// reaches the kernel is missed, and nothing has to be patched that is in doubt
// or that the program may read, write or share. SYSTRAP_DISCOVER=0 switches it off.
// See docs/decisions/syscall-user-dispatch.md.
const (
	// sysUserDispatch is SYS_USER_DISPATCH, the si_code
	// (include/uapi/asm-generic/siginfo.h).
	sysUserDispatch = 2
	prSUD           = 59 // PR_SET_SYSCALL_USER_DISPATCH (include/uapi/linux/prctl.h)
	prSUDOff        = 0
	prSUDOn         = 1
	// auditArchX86_64 is AUDIT_ARCH_X86_64 (include/uapi/linux/audit.h).
	auditArchX86_64 = 0xc000003e
	sudBlock        = 1 // SYSCALL_DISPATCH_FILTER_BLOCK
)

var (
	discovering bool
	// sudSelector is read by the kernel at every call of every thread; it does not
	// change while calls are discovered, as our own calls come from the allowed range.
	sudSelector byte = sudBlock
	// ownText is our executable mapping, the range that may make calls.
	ownText textRange
)

// textRange is where code lies: size bytes at start.
type textRange struct{ start, size uint64 }

func (r *textRange) has(pc uint64) bool { return pc-r.start < r.size }

// discoverOnly is set by SYSTRAP_DISCOVER=only, and under a debugger: nothing is patched, every call is
// reported. Where a hypervisor intercepts #UD that is several times as fast. A debugger finds the program's own
// bytes where it sets breakpoints, steps and copies instructions, and the signal is taken behind the call, where
// the program goes on: there debuggers wait for it.
// See docs/decisions/debugged-programs.md.
var discoverOnly bool

// discoverWanted says what SYSTRAP_DISCOVER asks for.
var discoverWanted bool

// searchAtOnce is set by SYSTRAP_DISCOVER=1 (deferred.go).
var searchAtOnce bool

// chooseDiscovery looks at SYSTRAP_DISCOVER, before anything is patched.
func chooseDiscovery() {
	v := settings[settingDiscover].value
	asked := v != nil && ctext.CLen(v) != 0
	switch {
	case !asked:
		discoverWanted = haveDispatch()
		discoverOnly = discoverWanted && debuggedAtStart
	case ctext.CString(v) == "0":
	case ctext.CString(v) != "1" && ctext.CString(v) != "only":
		tracelog.Warn("SYSTRAP_DISCOVER: want 0, 1 or only; left off")
	case !haveDispatch() && seccomp.On: // as the filter wants it
	case !haveDispatch():
		tracelog.Warn("SYSTRAP_DISCOVER: this kernel has no Syscall User Dispatch (Linux 5.11); left off")
	default:
		discoverWanted, searchAtOnce = true, true
		discoverOnly = ctext.CString(v) == "only"
	}
}

// haveDispatch says whether the kernel has Syscall User Dispatch.
func haveDispatch() bool {
	return rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOff, 0, 0, 0, 0) == 0
}

// startDiscovery switches discovery on in the first thread, once it is known where
// our text is.
func startDiscovery() {
	if !discoverWanted {
		return
	}
	if ownText.size != 0 && installTrap(ownSigsys) == 0 {
		discovering = true
		discovering = discoverThread() == 0
	}
	if !discovering {
		tracelog.Warn("Syscall User Dispatch cannot be set up: only what is patched is traced")
	}
}

// discoverThread switches discovery on in the calling thread: neither clone nor
// execve hands it on. Behind a seccomp filter that forbids it the thread is left without.
func discoverThread() int64 {
	if !discovering {
		return 0
	}
	return int64(rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOn, uintptr(ownText.start),
		uintptr(ownText.size), uintptr(unsafe.Pointer(&sudSelector)), 0))
}

// foundWhenRun says whether code that the program makes is left as it is: the
// kernel reports its calls when they run, so nothing has to be searched, and
// what the program reads back is what it wrote. Files' text is patched as it is mapped
// all the same, or proven: it has many sites, and no one to write to it.
func foundWhenRun() bool {
	if quiet {
		wake()
	}
	found := discovering && (findsInThreads || !seccomp.On)
	if found {
		madeCode = true
	}
	return found
}

// findsInThreads is set behind a filter that lets new threads have discovery.
var findsInThreads bool

// mayDispatch says whether the filters let discoverThread's call through.
func mayDispatch() bool {
	return seccomp.Allows(unix.SYS_PRCTL, prSUD, prSUDOn, uintptr(ownText.start), uintptr(ownText.size), uintptr(unsafe.Pointer(&sudSelector)), 0)
}

// discovered takes a call that the kernel reported. RIP is behind the
// instruction; RAX still holds the number (si_syscall is the same).
func discovered(c *Call, d *door) {
	pc := d.uc.Mcontext.RIP - siteSize
	d.uc.Mcontext.RIP = pc
	if !discovering {
		return // no more (goUntraced): the program makes it itself
	}
	if d.info.Arch != auditArchX86_64 {
		// int $0x80 or sysenter: not ours to trace, and to be made from where it
		// is, with its own registers. This thread goes on without discovery.
		counters.int80.Add(1)
		closeJumpDoor() // what the thread calls is not seen any more
		searchAll()
		if rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOff, 0, 0, 0, 0) != 0 {
			sudSelector = sudAllow // a filter forbids that: all threads do
		}
		return
	}
	counters.discovered.Add(1)
	d.load(c, pc)
	if !waits(pc) {
		patchProven(pc)
	}
	dispatch(c, d)
}

// patchProven makes pc a site, so that its next execution costs no SIGSYS, and the
// calls around it in its function. It
// stays as it is where the program made the code, and may look at it or change
// it (memory of no ELF file, or writable), in shared memory and in the vDSO. Nothing is lost by that: a SIGSYS costs
// less than the exception that a trap is.
func patchProven(pc uint64) {
	if discoverOnly {
		return
	}
	left := &leftAlone[pc>>1%uint64(len(leftAlone))]
	if atomic.LoadUint64(left) == pc || siteAt(pc) {
		return
	}
	if partsFull() {
		searchAll()
	}
	mask := lockCode()
	done := false
	if t := textAt(pc); t != nil && isSyscall(pc) {
		starting = deferred
		freshText = !manyThreads && jumpWanted
		keys := openKeys(keysUsed || t.prot&unix.PROT_READ == 0)
		patchFunction(pc, t)
		closeKeys(keys)
		if done = siteAt(pc); !done {
			pending[0], pendingBefore[0] = pc, 0
			done = patch(pending[:1], t.prot) == 1
		}
		starting, freshText = false, false
		if done {
			addCode(t.start, t.end)
		}
	}
	unlockCode(mask)
	if !done {
		atomic.StoreUint64(left, pc)
	}
}

// isELF says whether an ELF file's header is at addr; signals are blocked. Other files that are mapped
// executable are a compiler's output, or machine code for another system. Signals
// are blocked under the code lock, so a fault would be the end: not Read.
func isELF(addr uint64) bool {
	var b [4]byte
	return mem.ReadByCall(b[:], addr) == len(b) && b[0] == 0x7f && b[1] == 'E' && b[2] == 'L' && b[3] == 'F'
}

// isSyscall says whether the instruction that was executed at pc is there still.
func isSyscall(pc uint64) bool {
	var b [siteSize]byte
	return mem.ReadByCall(b[:], pc) == len(b) && b == syscallBytes
}

// leftAlone remembers instructions that were not patched, so that their next
// execution does not look at /proc/self/maps again.
var leftAlone [4096]uint64
