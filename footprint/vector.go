package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// vectorElement ends the fields of a vector.
const vectorElement = "[#].iov_base"

// maxVector is the most elements that a vector may have (UIO_MAXIOV).
const maxVector = 1024

// vector is a struct iovec array whose elements are still to be added.
type vector struct {
	base  uint64
	n, i  uint32
	left  uint64 // bytes that the call transfers yet
	field string
	index [2]int32
	slot  uint8 // which index is the element's
	dir   Dir
	flags Flags
	arg   int8
	pid   int32
}

// vectorArgument adds what an argument of extent Vector points to.
func (it *Iterator) vectorArgument(m *abi.Memory, addr uint64) {
	d := Reads
	if m.Direction == abi.Out {
		d = Writes
	}
	it.vector(d, addr, it.segments(int(m.Arg)), vectorElement, 0)
}

// segments returns how many elements argument i says that a vector has: of the unsigned long the kernel looks at the lower
// half (import_iovec in lib/iov_iter.c takes an unsigned int).
func (it *Iterator) segments(i int) uint64 { return uint64(uint32(it.call.Args[i])) }

// vector adds an array of n struct iovec, and has step add what they point to. Of what the kernel
// writes, the result says how much.
func (it *Iterator) vector(d Dir, addr, n uint64, field string, slot uint8) {
	it.vectorOf(d, addr, n, field, slot, uint64(max(it.call.Result, 0)))
}

// vectorOf is vector where it is known that done bytes were transferred, once the call has succeeded.
func (it *Iterator) vectorOf(d Dir, addr, n uint64, field string, slot uint8, done uint64) {
	if n > maxVector {
		return // EINVAL
	}
	it.reads(addr, n*16, it.flags, field[:len(field)-len(vectorElement)])
	it.elements(d, addr, n, field, slot, done)
}

// elements has step add what n struct iovec point to.
func (it *Iterator) elements(d Dir, addr, n uint64, field string, slot uint8, done uint64) {
	f := it.flags | MayChange
	left := uint64(maxCount)
	switch {
	case it.when == before:
		if d != Reads {
			f |= Bound
		}
	case d == Writes && it.when == faulted:
		f |= Bound
	case d != Reads && d != Writes && it.when == succeeded:
		if it.call.Sysno == unix.SYS_VMSPLICE {
			left = min(left, done)
		}
	case d == Writes && it.when == succeeded:
		left = min(left, done)
	default:
		return
	}
	it.vec = vector{base: addr, n: uint32(n), left: left, field: field, index: it.index, slot: slot, dir: d, flags: f, arg: it.arg, pid: it.pid}
}

// vectorStep adds the next elements.
func (it *Iterator) vectorStep() {
	v := &it.vec
	var b [queueLen * 16]byte
	k := min(v.n-v.i, queueLen)
	got := uint32(systrap.Read(b[:k*16], v.base+uint64(v.i)*16) / 16)
	arg, index, pid := it.arg, it.index, it.pid
	it.arg, it.index, it.pid = v.arg, v.index, v.pid
	for j := uint32(0); j < got && v.left != 0; j++ {
		base := le64(b[j*16:])
		n := min(le64(b[j*16+8:]), v.left)
		v.left -= n
		it.index[v.slot] = int32(v.i + j)
		it.add(v.dir, base, n, v.flags, v.field)
	}
	it.arg, it.index, it.pid = arg, index, pid
	v.i += k
	if got < k || v.left == 0 {
		v.i = v.n
	}
}
