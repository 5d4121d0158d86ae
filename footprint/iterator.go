package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// Iterator gives the ranges of a call one after the other. It holds all that it needs,
// some 600 bytes, and is used in the frame of the tool function that has the Call.
// See docs/decisions/footprints-by-iterator.md.
type Iterator struct {
	// Range is the current range, after a Next that returned true.
	Range Range

	call  *systrap.Call
	row   *abi.Call
	saved Saved
	when  when
	arg   int8 // the argument that is being looked at
	last  bool // the arguments are done
	ended bool

	pos  uint32 // how far the rule of arg has come in a list; 0 when it begins
	vec  vector
	list list

	robust uint64 // the next robust mutex

	// What add gives to ranges.
	index [2]int32
	pid   int32
	flags Flags

	queue      [queueLen]Range
	head, tail uint8
}

// queueLen is how many ranges a rule adds at a time, at most.
const queueLen = 8

// when is what is known of a call's outcome.
type when uint8

const (
	before    when = iota
	succeeded      // it returned a result
	faulted        // it failed with EFAULT, perhaps while it copied
	failed         // it failed otherwise
)

// Before gives the ranges that the call is going to read, and may write. It is for a tool's
// Enter.
func Before(c *systrap.Call) Iterator { return begin(c, before, 0) }

// After gives the ranges that the call has written, or has the kernel use later, and the
// mappings that it has changed, given c.Result. It is for a tool's Exit. s is what [Save] returned
// in Enter, or 0: some ranges are [Bound] then, whose length the call itself has overwritten.
//
// A call that failed has written little or nothing, which is what After gives, but for EFAULT: the
// kernel may have come upon the bad pointer when it had written much already, so that all of
// Before's is given, as Bound. A call that a tool answered in the kernel's place
// (Call.Replaced) counts as made: whether it was, by Call.Perform, is not known here.
func After(c *systrap.Call, s Saved) Iterator {
	w := succeeded
	switch {
	case c.NotMade:
		return Iterator{ended: true}
	case c.Failed() || c.Interrupted && c.Result < 0:
		w = failed
		if c.Errno() == efault {
			w = faulted
		}
	case c.Sysno == unix.SYS_MODIFY_LDT && int32(c.Result) < 0:
		w = faulted // it returns an int, without its sign
	}
	return begin(c, w, s)
}

func begin(c *systrap.Call, w when, s Saved) Iterator {
	row, _ := abi.Lookup(c.Sysno)
	return Iterator{call: c, row: row, when: w, saved: s}
}

// Next goes to the next range and says whether there was one.
func (it *Iterator) Next() bool {
	for it.head == it.tail {
		if it.ended && it.vec.i == it.vec.n {
			return false
		}
		it.head, it.tail = 0, 0
		it.step()
	}
	it.Range = it.queue[it.head]
	it.head++
	return true
}

// step adds the next ranges, if there are some.
func (it *Iterator) step() {
	switch {
	case it.vec.i < it.vec.n:
		it.vectorStep()
		return
	case it.list.at != 0:
		it.listStep()
		return
	}
	if !it.last && it.arg < int8(len(it.row.Args)) && it.row.Args[it.arg] != abi.None {
		if !it.argument(int(it.arg)) {
			it.arg, it.pos = it.arg+1, 0
		}
	} else {
		it.arg, it.last = -1, true
		it.ended = !it.beyond()
	}
	it.flags, it.pid, it.index = 0, 0, [2]int32{}
}

// add appends a range to the queue, cut to what an address space has. A null pointer in a structure says that there is
// nothing.
func (it *Iterator) add(d Dir, addr, n uint64, f Flags, field string) {
	if n == 0 || addr == 0 && d != Maps || addr >= spaceEnd || it.tail == queueLen {
		return
	}
	f |= it.flags
	if n > spaceEnd-addr {
		n = spaceEnd - addr
		f |= Cut
	}
	it.queue[it.tail] = Range{
		Addr: addr, Len: n, Field: field, Index: it.index, Pid: it.pid, Dir: d, Flags: f, Arg: it.arg,
	}
	it.tail++
}

// reads adds what the kernel reads.
func (it *Iterator) reads(addr, n uint64, f Flags, field string) {
	if it.when == before {
		it.add(Reads, addr, n, f, field)
	}
}

// writes adds what it writes when the call succeeds.
func (it *Iterator) writes(addr, n uint64, f Flags, field string) {
	switch it.when {
	case failed:
		return
	case faulted:
		f |= Bound
	}
	it.add(Writes, addr, n, f, field)
}

// writesAnyway adds what it writes also when the call fails.
func (it *Iterator) writesAnyway(addr, n uint64, f Flags, field string) {
	it.add(Writes, addr, n, f, field)
}

// later adds what it uses when the call has returned.
func (it *Iterator) later(d Dir, addr, n uint64, f Flags, field string) {
	if it.when <= succeeded {
		it.add(d, addr, n, f, field)
	}
}

// spaceEnd is where the program's half of the address space ends, but for a page that is never mapped
// (TASK_SIZE_MAX in arch/x86/include/asm/page_64_types.h, with four levels of page tables; with five a
// program must ask for more, and the library does not look there either).
const spaceEnd = 1<<47 - 4096

const efault = 14 // EFAULT
