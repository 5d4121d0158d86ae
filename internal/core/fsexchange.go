package core

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/instr"
	"libsystrap/internal/sys"
)

// Threads that exchange their FS bases by WRFSBASE would come through the jump door as each other. So nobody comes by it
// while there are several threads and text of files that may have that instruction. Little text is searched when the second
// thread is made. Else the door is shut then, and opened again once so many calls were trapped as a search of all text costs, and
// it was not found. Text that is mapped later is searched as it is mapped. One thread has nothing to exchange with.
// See docs/decisions/jump-threads.md.

// fsTrust says whether the FS base tells who comes by the jump door.
type fsTrust uint32

const (
	fsAlone     fsTrust = iota // there is one thread
	fsHeld                     // it may not: the text has not been searched
	fsSearched                 // it does
	fsExchanged                // it does not
)

var fsState atomic.Uint32

// heldCalls is how many calls were trapped since the door was shut, heldUntil at how many the text is searched.
var heldCalls, heldUntil atomic.Uint64

const (
	// heldFirst is how many calls pay for a look at what there is to search.
	heldFirst = 16
	// heldBytes is how many bytes of text are searched in the time of a trap.
	heldBytes = 64 << 10
	// heldText is up to how many bytes of text are searched at once: threads that are about to be made would be trapped at a hundred
	// calls before, and wait for the search.
	heldText = 8 << 20
)

// tellsThreads says whether threads may be found by their FS bases now.
func tellsThreads() bool {
	s := fsTrust(fsState.Load())
	return s == fsAlone || s == fsSearched
}

// countHeld counts a call that was trapped.
func countHeld() {
	if fsTrust(fsState.Load()) == fsHeld {
		if n := heldCalls.Add(1); n >= heldUntil.Load() {
			searchForFS(n)
		}
	}
}

// holdDoor shuts the door, as the second thread is about to be made, unless the first texts of bootTexts are all that there is of text,
// and little.
func holdDoor(texts int) {
	if !jumpWanted || fsTrust(fsState.Load()) != fsAlone {
		return
	}
	if texts > 0 && textsSize(texts) <= heldText {
		if exchangesFS(texts) {
			shutDoor()
		} else {
			fsState.Store(uint32(fsSearched))
		}
		return
	}
	heldCalls.Store(0)
	heldUntil.Store(heldFirst)
	fsState.Store(uint32(fsHeld))
	emptyDoor()
}

// emptyDoor empties the table. What is known of the threads stays: when the table is filled again, one that has not
// been trapped since must not find another in its place.
func emptyDoor() {
	lockFS()
	for i := range threadSlots[:slotsUsed] {
		if t := threadSlots[i].thread; t != nil && t.entered {
			atomic.StoreUint64(fsPlace(t.fs), 0)
		}
	}
	unlockFS()
}

// searchForFS searches the text of files after n calls, if that is enough.
func searchForFS(n uint64) {
	m := lockCode()
	if fsTrust(fsState.Load()) == fsHeld {
		texts, ok := listTexts(0, ^uint64(0))
		if enough := textsSize(texts)/heldBytes + heldFirst; ok && n < enough {
			heldUntil.Store(enough)
		} else {
			state := fsSearched
			if !ok || exchangesFS(texts) {
				state = fsExchanged
			}
			fsState.Store(uint32(state))
		}
	}
	unlockCode(m)
}

// textsSize returns how many bytes the first n of bootTexts have.
func textsSize(n int) (size uint64) {
	for i := range bootTexts[:n] {
		size += bootTexts[i].end - bootTexts[i].start
	}
	return size
}

// exchangesFS says whether one of the first n of bootTexts that are files' may have WRFSBASE.
func exchangesFS(n int) bool {
	keys := openKeys(keysUsed || unreadable)
	found := false
	for i := range bootTexts[:n] {
		t := &bootTexts[i]
		found = found || t.image >= 0 && hasWRFSBASE(t.start, t.end)
	}
	closeKeys(keys)
	return found
}

func hasWRFSBASE(start, end uint64) bool {
	return instr.HasWRFSBASE(unsafe.Slice((*byte)(sys.Ptr(uintptr(start))), int(end-start)))
}

// noteTextForFS looks at [start, end), text of a file that is about to be there.
func noteTextForFS(start, end uint64) {
	if jumpWanted && fsTrust(fsState.Load()) == fsSearched && hasWRFSBASE(start, end) {
		shutDoor()
	}
}

// shutDoor has nobody come by the jump door any more: it may take threads for others.
func shutDoor() {
	if jumpWanted {
		fsState.Store(uint32(fsExchanged))
		emptyDoor()
	}
}

// aloneForFS is called in a forked child: what was not searched is none of it before it has threads.
func aloneForFS() {
	fsState.CompareAndSwap(uint32(fsHeld), uint32(fsAlone))
}
