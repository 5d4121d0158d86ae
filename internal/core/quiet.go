package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// The kernel's reports of calls (discover.go) cost every call of the thread a quarter of a native one's time, those that come
// by the jump door, too: it takes its slow way in and out. So they are switched off once the program has made so many calls
// that what it takes to do without is paid for: all text is searched then, the vDSO's, too. They are
// switched on again before there is anything that only they find: code that the program makes, a second thread, which might
// run such code before it makes a call of its own, a filter that would forbid it.
// See docs/decisions/reports-off.md.

// quiet is set while the reports are off for that reason.
var quiet bool

// madeCode is set once there is executable memory that is not searched: what is found there is found when it runs.
var madeCode bool

const (
	// quietStep is how often a thread looks whether it is time, in calls by the jump door. It is a power of 2.
	quietStep = 1 << 9
	// quietFirst is from how many calls on, and how often where /proc is to be asked whether there are other threads.
	quietFirst = 1 << 12
	// quietBytes is how many bytes of text are searched, and their sites patched, in the time that the reports' being on costs a call.
	quietBytes = 40
)

// quietAfter is how many calls pay for the search of all text.
var quietAfter uint64

// quieten switches the reports off if it is time and nothing is left to be reported. t is the calling
// thread's.
func quieten(t *thread) {
	if t.jumped < quietFirst || !discovering || discoverOnly || madeCode || seccomp.On || userDispatching != 0 || readImpliesExec || vmChildCount != 0 ||
		!deferred && (t.jumped%quietFirst != 0 || !proc.LastThread()) {
		return
	}
	if quietAfter == 0 {
		quietAfter = textSize()/quietBytes + 1
	}
	if t.jumped < quietAfter {
		return
	}
	proc.KnownAlone = proc.KnownAlone || deferred
	searchAll()
	if !madeCode && !searchVDSO() {
		madeCode = true
	}
	if madeCode || counters.doubtful.Load() != 0 || leftCount() != 0 || counters.writableCode.Load() != 0 {
		madeCode = true
		return
	}
	if rawsys.Syscall(unix.SYS_PRCTL, prSUD, prSUDOff, 0, 0, 0, 0) == 0 {
		discovering, quiet = false, true
		counters.quieted.Add(1)
	}
}

// wake switches the reports on again, in the calling thread.
func wake() {
	if quiet {
		quiet = false
		discovering = true
		discovering = discoverThread() == 0
	}
}

// noteMadeCode takes in that there is, or is about to be, executable memory that is not searched.
func noteMadeCode() {
	madeCode = true
	wake()
	noteUnseen()
}

// noteUnseen is called when there may be calls that neither a trap nor a report shows: where the kernel makes no reports, they
// change the mask and the FS base of a thread behind our back, which the jump door relies on.
func noteUnseen() {
	if reportsKnown && !discovering && !quiet {
		closeJumpDoor()
	}
}

// reportsKnown is set once it is known whether the kernel reports calls.
var reportsKnown bool

// textSize is how many bytes of the program are executable.
func textSize() (n uint64) {
	if !proc.Maps.Open() {
		return 1 << 40
	}
	var m proc.Mapping
	for proc.Maps.Next(&m) {
		if m.Prot&unix.PROT_EXEC != 0 && m.Start != ownText.start && !outpostIn(m.Start, m.End) {
			n += m.End - m.Start
		}
	}
	proc.Maps.Close()
	return n
}

// searchVDSO patches the calls that the vDSO makes where it does not know better, and says whether that was done.
func searchVDSO() bool {
	base := uint64(auxv(atSysinfoEhdr))
	if base == 0 {
		return true
	}
	m := lockCode()
	end := uint64(0)
	if proc.Maps.Open() {
		var at proc.Mapping
		for proc.Maps.Next(&at) {
			if at.Start == base && at.Prot&unix.PROT_EXEC != 0 {
				end = at.End
			}
		}
		proc.Maps.Close()
	}
	if end != 0 {
		var im *instr.Image
		if image.FromMemory(sys.Ptr(uintptr(base)), end-base) {
			im = &image
		}
		starting, freshText = true, jumpWanted
		instrument(im, base, base, end, unix.PROT_READ|unix.PROT_EXEC, notLeft)
		starting, freshText = false, false
	}
	unlockCode(m)
	return end != 0
}
