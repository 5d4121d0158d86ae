// Count counts the system calls of a program and prints a table of them when
// the program ends.
//
//	systrap build -o count.so ./examples/count
//	LD_PRELOAD=./count.so ls
package main

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

func main() {
	systrap.Run(systrap.Tool{
		Name:  "count",
		Init:  begin,
		Enter: enter,
		Exit:  exit,
		Fini:  printTable,
	})
}

// maxCalls is above the number of every call; numbers without one are counted
// in the last element.
const maxCalls = 512

// tally counts one call by the number it was made with.
type tally struct{ made, failed atomic.Uint64 }

// There is no heap, so the table is an array; threads share it, so its elements
// are atomic. A lock would be wrong: a child that is forked while another thread holds
// it would wait for it for ever.
var tallies [maxCalls + 1]tally

// owner is the process whose calls tallies holds.
var owner atomic.Int64

// begin runs once in every process image, before the program's own code.
func begin(p *systrap.Process) bool {
	owner.Store(int64(p.Pid))
	return openFile()
}

// file is where COUNT_FILE lets the tables go, or -1.
var file systrap.PrivateFd = -1

// openFile opens what COUNT_FILE names, for no one else to see.
func openFile() bool {
	name, ok := systrap.Getenv("COUNT_FILE")
	if !ok || name == "" {
		return true
	}
	// A variable of the environment ends with a NUL, as the kernel wants it.
	const flags = unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND | unix.O_CLOEXEC
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(unsafe.StringData(name))), flags, 0o666, 0, 0, 0)
	errno := int(-fd)
	if fd >= 0 {
		if file, errno = systrap.Private(fd); errno == 0 {
			return true
		}
	}
	var buf [120]byte
	l := systrap.LineOn(buf[:])
	l.Str("COUNT_FILE cannot be written (errno ")
	l.Int(int64(errno))
	l.Str("); the program runs untraced")
	systrap.Complain(&l)
	return false
}

func enter(c *systrap.Call) systrap.Verdict {
	startOverAfterFork()
	tallyOf(c).made.Add(1)
	return systrap.Pass
}

// exit is not called for every enter: exit_group and a successful execve do not
// return. A call that a signal ends has its exit before the handler runs.
func exit(c *systrap.Call) {
	if c.Failed() {
		tallyOf(c).failed.Add(1)
	}
}

func tallyOf(c *systrap.Call) *tally {
	// The program chooses the number; converted to unsigned, a negative one is
	// above the limit, too.
	return &tallies[min(uint64(c.Sysno), maxCalls)]
}

// startOverAfterFork empties the table in a forked child, which has a copy of
// its parent's. systrap.Pid makes no system call and tells a child with its own
// memory from a thread and from a vfork child, whose memory is the parent's.
func startOverAfterFork() {
	pid := int64(systrap.Pid())
	old := owner.Load()
	if old == pid || !owner.CompareAndSwap(old, pid) {
		return
	}
	for i := range tallies {
		tallies[i].made.Store(0)
		tallies[i].failed.Store(0)
	}
}
