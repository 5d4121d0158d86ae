// Count counts the system calls of a program and prints a table of them when
// the program ends.
//
//	systrap build -o count.so ./examples/count
//	LD_PRELOAD=./count.so ls
package main

import (
	"sync/atomic"

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
// are atomic. A lock would be wrong: a signal handler of the program may run in
// the middle of enter and make a call itself.
var tallies [maxCalls + 1]tally

// owner is the process whose calls tallies holds.
var owner atomic.Int64

// begin runs once in every process image, before the program's own code.
func begin(p *systrap.Process) bool {
	owner.Store(int64(p.Pid))
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	startOverAfterFork()
	tallyOf(c).made.Add(1)
	return systrap.Pass
}

// exit is not called for every enter: exit_group and a successful execve do not
// return, and a signal handler may jump out of a call.
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
