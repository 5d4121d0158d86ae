package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// Executed-only discovery (Linux 5.11, Syscall User Dispatch): the kernel
// reports with SIGSYS the first execution of any `syscall` instruction outside
// our own image. That proves that it is one, wherever it lies: it is performed,
// and patched if it can be. SYSTRAP_DISCOVER=1 switches it on, 0 off; without it,
// it is on if instrumenting at start left a candidate in doubt.
const (
	// sysUserDispatch is SYS_USER_DISPATCH, the si_code
	// (include/uapi/asm-generic/siginfo.h).
	sysUserDispatch = 2
	prSUD           = 59 // PR_SET_SYSCALL_USER_DISPATCH (include/uapi/linux/prctl.h)
	prSUDOn         = 1
	sudBlock        = 1 // SYSCALL_DISPATCH_FILTER_BLOCK
)

var (
	discovering bool
	// sudSelector is read by the kernel at every call of every thread; it never
	// changes, as our own calls come from the allowed range.
	sudSelector byte = sudBlock
	// ownText is our executable mapping, the range that may make calls.
	ownText textRange
)

// textRange is where code lies: size bytes at start.
type textRange struct{ start, size uint64 }

func (r *textRange) has(pc uint64) bool { return pc-r.start < r.size }

// startDiscovery switches discovery on in the first thread if it was asked for.
func startDiscovery() {
	v := settings[settingDiscover].value
	asked := v != nil && cLen(v) != 0
	if asked && cString(v) == "0" || !asked && counters.doubtful.Load() == 0 {
		return
	}
	if asked && cString(v) != "1" {
		complain("SYSTRAP_DISCOVER: want 0 or 1; left off")
		return
	}
	if ownText.size == 0 || installTrap(ownSigsys) != 0 {
		complain("SYSTRAP_DISCOVER: cannot set it up; left off")
		return
	}
	discovering = true
	if discoverThread() != 0 {
		discovering = false
		if !asked {
			return
		}
		complain("SYSTRAP_DISCOVER: this kernel has no Syscall User Dispatch (Linux 5.11); left off")
	}
}

// discoverThread switches discovery on in the calling thread: neither clone nor
// execve hands it on.
func discoverThread() int64 {
	if !discovering {
		return 0
	}
	return int64(rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOn, uintptr(ownText.start),
		uintptr(ownText.size), uintptr(unsafe.Pointer(&sudSelector)), 0))
}

// discovered takes a call that the kernel reported. RIP is behind the
// instruction; RAX still holds the number (si_syscall is the same).
func discovered(c *Call, d *door) {
	pc := d.uc.Mcontext.RIP - siteSize
	counters.discovered.Add(1)
	d.uc.Mcontext.RIP = pc
	d.load(c, pc)
	patchProven(pc)
	dispatch(c, d)
}

// patchProven makes pc a site, so that its next execution costs no SIGSYS. It
// stays as it is where the bytes may be looked at or changed by the program
// (writable memory) and in the vDSO.
func patchProven(pc uint64) {
	left := &leftAlone[pc>>1%uint64(len(leftAlone))]
	if atomic.LoadUint64(left) == pc || siteAt(pc) {
		return
	}
	mask := lockCode()
	done := false
	var m mapping
	if theMaps.open() {
		for theMaps.next(&m) {
			if m.start <= pc && pc < m.end {
				if m.prot&unix.PROT_WRITE == 0 && !isVdso(m.name) {
					pending[0] = pc
					if done = patch(pending[:1], m.prot) == 1; done {
						addCode(m.start, m.end)
					}
				}
				break
			}
		}
		theMaps.close()
	}
	unlockCode(mask)
	if !done {
		atomic.StoreUint64(left, pc)
	}
}

// leftAlone remembers instructions that were not patched, so that their next
// execution does not look at /proc/self/maps again.
var leftAlone [256]uint64
