package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// reaches returns behind which byte the jump to slot s has none that it needs: of the site, or of
// what is behind it.
func reaches(s int) uint64 {
	if slotBefore[s] == 2 {
		return slotSite[s] + siteSize + 1
	}
	return slotSite[s] + siteSize
}

// jumpIn says whether there is a jump to slot s with a byte in [lo, hi).
func jumpIn(s int, lo, hi uint64) bool {
	return slotJump[s] == slotLive && reaches(s) > lo && slotSite[s]-uint64(slotBefore[s]) < hi
}

// undoJumps gives the instructions before the sites in [lo, hi) back their bytes, where jumps are: they may
// be read, moved or changed next. The code lock is held.
func undoJumps(w *codeWriter, lo, hi uint64) {
	for s := range slotSite[:slotCount] {
		switch {
		case !jumpIn(s, lo, hi):
		case inPageBefore(s, lo):
			undoJumpAlone(s)
		default:
			undoJump(w, s)
		}
	}
}

// dropJumps takes in that the text in [lo, hi) is gone, and with it the jumps. One that is left, in the page before its site's, is
// undone.
func dropJumps(lo, hi uint64) {
	for s := range slotSite[:slotCount] {
		switch {
		case !jumpIn(s, lo, hi):
		case inPageBefore(s, lo):
			undoJumpAlone(s)
		default:
			slotJump[s] = slotIdle
		}
	}
}

// inPageBefore says whether the jump to slot s, all of it, lies in a page before that of lo, where its site is.
func inPageBefore(s int, lo uint64) bool {
	return slotBefore[s] >= jumpSize && (slotSite[s]-uint64(slotBefore[s]))/sys.PageSize < lo/sys.PageSize
}

// undoJumpAlone is undoJump for text whose protection is not known.
func undoJumpAlone(s int) {
	var w codeWriter
	w.begin(slotSite[s]-uint64(slotBefore[s]), slotSite[s], unix.PROT_READ|unix.PROT_EXEC)
	undoJump(&w, s)
	w.end()
}

// needsTrap says whether a jump that could not be undone has bytes in common with the site pc.
func needsTrap(pc uint64) bool {
	s := liveSlot(pc)
	return s >= 0 && slotBefore[s] < jumpSize
}

// undoJump gives the bytes back that the jump to slot s has replaced. Other threads may run there: each of them
// finds the jump, or all of the instruction, or a trap (jumpTrapAt), which is a byte. Where that cannot be done the jump
// stays.
// See docs/decisions/jump-unpatching.md.
func undoJump(w *codeWriter, s int) {
	n := min(jumpSize, uint64(slotBefore[s]))
	addr := slotSite[s] - uint64(slotBefore[s])
	old := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotAddr(s)))), n)
	if w.replace(addr, old) {
		slotJump[s] = slotIdle
	} else if codeByte(addr) == invalidByte {
		slotJump[s] = slotUndone // for good: it serves as the jump does
	}
}

// replace writes b at addr so that each thread that runs there finds what was there, all of b, or a trap
// (jumpTrapAt). It says whether it could.
func (w *codeWriter) replace(addr uint64, b []byte) bool {
	if !manyThreads {
		return w.putBytes(addr, b)
	}
	if !syncCores() || !w.put(addr, invalidByte) {
		return false
	}
	syncCores()
	done := w.putBytes(addr+1, b[1:])
	syncCores()
	done = done && w.put(addr, b[0])
	syncCores() // who meets the trap from here on has fetched it before
	return done
}

// manyThreads is set once the process may have had a second thread: from then on bytes are changed while
// others run them.
var manyThreads bool

// invalidByte is an opcode that is none in 64-bit mode: #UD (SDM vol. 2, appendix A).
const invalidByte = 0x06

// jumpTrapAt returns where a thread goes on that has met the trap of a jump at pc that is being undone, or 0.
func jumpTrapAt(pc uint64) uint64 {
	if waitForCopy(pc) {
		return pc
	}
	for s := range slotSite[:slotCount] {
		if slotSite[s]-uint64(slotBefore[s]) != pc {
			continue
		}
		if (slotJump[s] == slotUndone || slotJump[s] == slotLive) && codeByte(pc) == invalidByte {
			return slotAddr(s)
		}
		same := slotJump[s] != slotGone
		for k := uint64(0); same && k < uint64(slotBefore[s]); k++ {
			same = codeByte(pc+k) == *(*byte)(sys.Ptr(uintptr(slotAddr(s) + k)))
		}
		if same {
			return pc // it has been since
		}
	}
	return 0
}

// syncCores makes all threads fetch what has been written (membarrier(2),
// MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE), and says whether it could.
func syncCores() bool {
	const private, register = 1 << 5, 1 << 6
	if !coresRegistered {
		if rawsys.Syscall(unix.SYS_MEMBARRIER, register, 0, 0, 0, 0, 0) != 0 {
			return false
		}
		coresRegistered = true
	}
	return rawsys.Syscall(unix.SYS_MEMBARRIER, private, 0, 0, 0, 0, 0) == 0
}

var coresRegistered bool

// undoJumpsAt is undoJumps for what is moved, whose protection is not known.
func undoJumpsAt(lo, hi uint64) {
	for s := range slotSite[:slotCount] {
		if jumpIn(s, lo, hi) {
			var w codeWriter
			w.begin(lo, hi, unix.PROT_READ|unix.PROT_EXEC)
			undoJumps(&w, lo, hi)
			w.end()
			return
		}
	}
}
