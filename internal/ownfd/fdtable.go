package ownfd

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// The numbers of our descriptors. A process has one table of descriptors, but for
// threads that have left it (unshare(2), CLONE_FILES; close_range(2),
// CLOSE_RANGE_UNSHARE) and children that share its memory only (vfork(2)): what they
// move is moved in their table alone, while the variables are everybody's.
// See docs/decisions/descriptor-tables.md.
const (
	Log = iota
	Shared
	Alive
	LogMap
	Lib          // not every image gets it
	FirstPrivate // and the next ones: private.go
	Count        = FirstPrivate + maxPrivate
	// HandedOn are those that the next image has, too.
	HandedOn = FirstPrivate
)

// processFds are the numbers in the process's table.
var processFds = [Count]*int64{&LogFd, &SharedFd, &AliveFd, &LogMapFd, &LibFd,
	&privateFds[0], &privateFds[1], &privateFds[2], &privateFds[3], &privateFds[4], &privateFds[5], &privateFds[6], &privateFds[7]}

// fdTable is another table, in use by some threads; it is free if there are none.
type fdTable struct {
	users atomic.Int32
	fds   [Count]int64
}

// apartThread is a thread that uses table number table. tid is 0 if the entry is
// free.
type apartThread struct {
	tid   int64
	table int32
}

var (
	fdTables     [16]fdTable
	apartThreads [64]apartThread
	// apartCount is how many threads are in apartThreads.
	apartCount int32
)

// Apart says whether there is another table than the process's.
func Apart() bool { return atomic.LoadInt32(&apartCount) != 0 }

// Table returns the index of the caller's table, or -1 for the process's.
func Table() int32 {
	if atomic.LoadInt32(&apartCount) == 0 {
		return -1
	}
	tid := int64(sys.Tid())
	for i := range apartThreads {
		if apartThreads[i].tid == tid {
			return apartThreads[i].table
		}
	}
	return -1
}

// Get returns the number that own descriptor i has for the caller, or -1.
func Get(i int) int64 {
	if t := Table(); t >= 0 {
		return fdTables[t].fds[i]
	}
	return *processFds[i]
}

// Set makes fd the number that own descriptor i has for the caller.
func Set(i int, fd int64) {
	noteLowest(fd)
	if t := Table(); t >= 0 {
		fdTables[t].fds[i] = fd
		return
	}
	*processFds[i] = fd
}

// LeaveTable notes that the calling thread has a table of its own from now on, which
// began as a copy of table from. It returns false if there are too many such tables.
func LeaveTable(from int32) bool {
	for i := range fdTables {
		t := &fdTables[i]
		if t.users.Load() != 0 || !t.users.CompareAndSwap(0, 1) {
			continue
		}
		for k := range t.fds {
			if from >= 0 {
				t.fds[k] = fdTables[from].fds[k]
			} else {
				t.fds[k] = *processFds[k]
			}
		}
		Forget(sys.Gettid())
		joinTable(int32(i))
		return true
	}
	return false
}

// joinTable notes that the calling thread uses table t, of which it is counted as a
// user already.
func joinTable(t int32) {
	tid := sys.Gettid()
	for i := range apartThreads {
		a := &apartThreads[i]
		old := a.tid
		if old != 0 {
			if int64(rawsys.Syscall(unix.SYS_TKILL, uintptr(old), 0, 0, 0, 0, 0)) != -int64(unix.ESRCH) {
				continue
			}
			Forget(old)
		}
		if sys.CasInt64(&a.tid, 0, -1) {
			a.table = t
			sys.AddInt32(&apartCount, 1)
			atomic.StoreInt64(&a.tid, tid)
			return
		}
	}
	fdTables[t].users.Add(-1)
}

// Forget drops the entry of a thread that has ended, if it has one.
func Forget(tid int64) {
	if atomic.LoadInt32(&apartCount) == 0 {
		return
	}
	for i := range apartThreads {
		a := &apartThreads[i]
		if a.tid == tid {
			t := a.table
			if sys.CasInt64(&a.tid, tid, 0) {
				sys.AddInt32(&apartCount, -1)
				fdTables[t].users.Add(-1)
			}
			return
		}
	}
}

// ChildTable runs in a new thread or process whose parent used table from. files
// says whether they share it, memory whether they share that. It returns what LeaveTable
// does.
func ChildTable(from int32, files, memory bool) bool {
	if !memory {
		if from >= 0 {
			for k := range processFds {
				*processFds[k] = fdTables[from].fds[k]
			}
		}
		apartCount = 0
		for i := range apartThreads {
			apartThreads[i].tid = 0
		}
		for i := range fdTables {
			fdTables[i].users.Store(0)
		}
		LogUsers.Store(0)
		return true
	}
	Forget(sys.Gettid()) // of another one that had this number
	switch {
	case !files:
		return LeaveTable(from)
	case from >= 0:
		fdTables[from].users.Add(1)
		joinTable(from)
	}
	return true
}
