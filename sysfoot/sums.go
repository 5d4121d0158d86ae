package sysfoot

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// sum is how many bytes the kernel has read and written.
type sum struct{ calls, read, written atomic.Uint64 }

func (s *sum) add(read, written uint64) {
	if read > 0 {
		s.read.Add(read)
	}
	if written > 0 {
		s.written.Add(written)
	}
}

const maxThreads = 256

// sums are the process's own: a forked child finds zeroes.
var sums *struct {
	byCall   [len(abi.Calls)]sum
	byGroup  [maxGroups]sum
	tid      [maxThreads]atomic.Int32
	byThread [maxThreads + 1]sum // the last one is of those that there was no room for
	// text is where the summary is written, as a filter of the program's may allow no memory at its end.
	text    [summaryText]byte
	writing atomic.Bool
}

func makeSums() {
	a := systrap.MapPrivate(unsafe.Sizeof(*sums))
	at := (*uintptr)(unsafe.Pointer(&sums))
	*at = a
}

// countCall counts a call whose line is written.
func countCall(nr int64, tid int, read, written uint64) {
	if sums == nil || nr < 0 || nr >= int64(len(sums.byCall)) {
		return
	}
	s := &sums.byCall[nr]
	s.calls.Add(1)
	s.add(read, written)
	if read|written != 0 {
		threadSum(int32(tid)).add(read, written)
	}
}

func countGroup(group int, read, written uint64) {
	if sums != nil {
		sums.byGroup[group].add(read, written)
	}
}

// threadSum returns the sum of a thread.
func threadSum(tid int32) *sum {
	for i := range maxThreads {
		j := (int(tid) + i) % maxThreads
		switch old := sums.tid[j].Load(); {
		case old == tid, old == 0 && sums.tid[j].CompareAndSwap(0, tid):
			return &sums.byThread[j]
		case sums.tid[j].Load() == tid:
			return &sums.byThread[j]
		}
	}
	return &sums.byThread[maxThreads]
}
