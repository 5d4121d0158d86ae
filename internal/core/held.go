package core

import (
	"sync/atomic"

	"libsystrap/restorer"
)

// Our own signals that are sent while the program blocks them are held here and in
// the thread: as the kernel does, one of each for a thread, and one for the process,
// which whoever looks for it first takes, and which outlives the thread that was
// interrupted by it.

// heldShared has, for each of our own signals, the one that is held for the process.
var heldShared [numOwn]struct {
	state atomic.Uint32
	info  restorer.Siginfo
}

const (
	heldNone   = iota
	heldMoving // it is being written or read
	heldThere
)

// held counts the signals that were ever held.
var held atomic.Uint64

// hold keeps own signal i, which was sent while the program blocks it; the
// kernel does not queue a second one (signal(7), "Standard signals").
func (t *thread) hold(i int, info *restorer.Siginfo) {
	held.Add(1)
	if info.Code == siTkill {
		if t.ownPending&ownBit(i) == 0 {
			t.ownInfo[i] = *info
			t.ownPending |= ownBit(i)
		}
		return
	}
	if h := &heldShared[i]; h.state.CompareAndSwap(heldNone, heldMoving) {
		h.info = *info
		h.state.Store(heldThere)
	}
}

// heldBits are the own signals that are held for t.
func (t *thread) heldBits() uint64 {
	bits := t.ownPending
	if held.Load() != 0 {
		for i := range heldShared {
			if heldShared[i].state.Load() == heldThere {
				bits |= ownBit(i)
			}
		}
	}
	return bits
}

// unhold takes own signal i, held for t, into info, and says whether there was one.
func (t *thread) unhold(i int, info *restorer.Siginfo) bool {
	if t.ownPending&ownBit(i) != 0 {
		*info = t.ownInfo[i]
		t.ownPending &^= ownBit(i)
		return true
	}
	h := &heldShared[i]
	if !h.state.CompareAndSwap(heldThere, heldMoving) {
		return false
	}
	*info = h.info
	h.state.Store(heldNone)
	return true
}

// discardHeld drops own signal i wherever it is held: ignoring a signal discards
// those that are pending (sigaction(2)).
func discardHeld(i int) {
	if held.Load() == 0 {
		return
	}
	dropShared(i)
	for k := range threadSlots[:slotsUsed] {
		if t := threadSlots[k].thread; t != nil && t.ownPending != 0 {
			t.ownPending &^= ownBit(i)
		}
	}
}

func dropShared(i int) { heldShared[i].state.CompareAndSwap(heldThere, heldNone) }

// forgetShared runs in a forked child, which does not inherit what is pending.
func forgetShared() {
	for i := range heldShared {
		heldShared[i].state.Store(heldNone)
	}
}

// setOwnBlocked changes the program's view of the mask, and delivers what was
// held.
func (t *thread) setOwnBlocked(b uint64) {
	t.ownBlocked = b
	if b != 0 {
		handlersSlow = 1
	}
	if bits := t.heldBits() &^ b; bits != 0 {
		for i := range ownNumbers {
			var info restorer.Siginfo
			if bits&ownBit(i) != 0 && t.unhold(i, &info) && !raise(ownNumbers[i], &info) {
				t.enqueue(&info)
			}
		}
	}
}
