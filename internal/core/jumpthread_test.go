package core

import (
	"runtime"
	"testing"
	"unsafe"
)

// TestThreadsKnownWhileShut: of two threads that have the same place in the table, none is found there when the door opens
// again, though only one has been trapped since. One that is left alone with the place has it.
func TestThreadsKnownWhileShut(t *testing.T) {
	table := make([]byte, 2*jumpTableSize)
	defer runtime.KeepAlive(table)
	was, used, state := jumpThreads, slotsUsed, fsState.Load()
	slots := [2]threadSlot{threadSlots[0], threadSlots[1]}
	defer func() {
		jumpThreads, slotsUsed = was, used
		threadSlots[0], threadSlots[1] = slots[0], slots[1]
		fsState.Store(state)
	}()
	jumpThreads = (uintptr(unsafe.Pointer(&table[0])) + jumpTableSize - 1) &^ (jumpTableSize - 1)
	var a, b thread
	threadSlots[0] = threadSlot{busy: 1, thread: &a}
	threadSlots[1] = threadSlot{busy: 1, thread: &b}
	slotsUsed = 2
	const fs = 0x7f0000001000
	const same = fs + jumpTableSize/8<<fsShift
	place := fsPlace(fs)
	if place != fsPlace(same) || place == fsPlace(fs+1<<fsShift) {
		t.Fatal("the FS bases are not chosen well")
	}
	fsState.Store(uint32(fsHeld))
	a.enterDoor(fs)
	b.enterDoor(same)
	if *place != 0 {
		t.Error("a thread is found while the door is shut")
	}
	fsState.Store(uint32(fsSearched))
	a.enterDoor(fs)
	if *place != 0 {
		t.Error("a thread is found where another one comes, too")
	}
	b.leaveDoor()
	if *place != uint64(uintptr(unsafe.Pointer(&a))) {
		t.Error("a thread that is left alone is not found")
	}
}
