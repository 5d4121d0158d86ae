package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// maxCount is the most that a read or write transfers in one call (MAX_RW_COUNT in include/linux/fs.h).
const maxCount = 0x7ffff000

const timerAbs = 1 // TIMER_ABSTIME of clock_nanosleep(2)

// argument adds the ranges of argument i, and says whether it has more.
func (it *Iterator) argument(i int) (more bool) {
	a := it.row.Arg(i)
	m := &a.Memory
	addr := it.call.Args[i]
	switch {
	case m.Direction == abi.Value:
		return false
	case m.Direction == abi.Mapping:
		it.mapping(addr, it.count(int(m.Arg)))
		return false
	case addr == 0:
		return false
	}
	if more, ok := it.rule(a.Kind, addr); ok {
		return more
	}
	switch {
	case it.when != before && m.Direction == abi.In, it.when == failed && !m.Failing:
		return false
	case m.Extent == abi.Vector:
		it.vectorArgument(m, addr)
		return false
	case m.Extent == abi.Strings:
		it.strings(addr)
		return false
	}
	n, f := it.extent(a.Kind, m, addr)
	if m.Direction != abi.Out {
		it.reads(addr, n, f, "")
	}
	if m.Direction != abi.In {
		n, f = it.written(m, n, f)
		it.writesAnyway(addr, n, f, "")
	}
	return false
}

// extent returns the size in bytes of the object at addr, as far as it is not a list.
func (it *Iterator) extent(k abi.Kind, m *abi.Memory, addr uint64) (n uint64, f Flags) {
	switch m.Extent {
	case abi.Fixed:
		return uint64(m.Unit), 0
	case abi.Count:
		n = times(it.count(int(m.Arg)), uint64(m.Unit))
		if n != 0 {
			n = plus(n, uint64(m.Head))
		} else if it.countGiven(int(m.Arg)) {
			n = uint64(m.Head)
		}
	case abi.Bits:
		n = wordsOf(it.count(int(m.Arg)))
	case abi.Nodes:
		n = it.count(int(m.Arg))
		if n != 0 {
			n = wordsOf(n - 1)
		}
	case abi.PerPage:
		n = plus(it.count(int(m.Arg)), 4095) / 4096
	case abi.Length:
		n, f = it.length(m)
	case abi.String:
		n, f = stringSize(addr, stringMax(k))
	}
	if most := mostBytes(k); n > most {
		n, f = most, f|Cut
	}
	return n, f
}

// written returns how much of an object of n bytes is written, as the table says.
func (it *Iterator) written(m *abi.Memory, n uint64, f Flags) (uint64, Flags) {
	result := it.call.Result
	switch it.when {
	case before:
		if m.Written != abi.Whole && m.Written != abi.Shown {
			f |= Bound
		}
		return n, f
	case faulted:
		return n, f | Bound
	case failed:
		if m.Written != abi.Interrupted {
			return n, f | Bound
		}
		if !it.interrupted() || it.call.Sysno == unix.SYS_CLOCK_NANOSLEEP && it.call.Args[1]&timerAbs != 0 {
			return 0, 0
		}
		return n, f
	}
	switch m.Written {
	case abi.ResultBytes:
		n = min(n, plus(uint64(max(result, 0)), uint64(m.Head)))
	case abi.ResultElements:
		n = min(n, times(uint64(max(result, 0)), uint64(m.Unit)))
	case abi.OnPositive:
		if result <= 0 {
			return 0, 0
		}
	case abi.Interrupted:
		return 0, 0
	}
	return n, f
}

// interrupted says whether a signal ended the call.
func (it *Iterator) interrupted() bool {
	return it.call.Interrupted || it.call.Result == -4 // EINTR
}

// count returns the number that argument i is, as the kernel takes it: a negative int gives
// nothing, as it is refused.
func (it *Iterator) count(i int) uint64 {
	v := it.call.Args[i]
	switch it.row.Args[i] {
	case abi.Int:
		return uint64(max(int32(v), 0))
	case abi.Uint:
		return uint64(uint32(v))
	case abi.Long:
		return uint64(max(int64(v), 0))
	}
	if int64(v) < 0 {
		// A size_t that is refused, or is more than there is memory.
		return spaceEnd
	}
	return v
}

// countGiven says whether argument i is no negative int.
func (it *Iterator) countGiven(i int) bool {
	return it.row.Args[i] != abi.Int && it.row.Args[i] != abi.Long || int32(it.call.Args[i]) >= 0
}

// length returns the size that a 32-bit number in memory gives. After the call that is what
// the kernel would have written, and Save has what it was allowed to.
func (it *Iterator) length(m *abi.Memory) (n uint64, f Flags) {
	v, ok := readUint32(it.call.Args[m.Arg])
	if !ok || int32(v) < 0 {
		return 0, 0
	}
	n, f = times(uint64(v), uint64(max(m.Unit, 1))), MayChange
	switch {
	case it.when == before:
		f |= Bound
	case it.saved.known():
		n = min(n, uint64(it.saved.first()))
	default:
		f |= Bound
	}
	return n, f
}

// mostBytes is where the kernel cuts the sizes that arguments of some kinds give.
func mostBytes(k abi.Kind) uint64 {
	switch k {
	case abi.BufIn, abi.BufOut, abi.PacketIn, abi.PacketOut, abi.Random:
		return maxCount
	case abi.XattrOut, abi.XattrList:
		return 65536 // XATTR_SIZE_MAX, XATTR_LIST_MAX
	case abi.Sockaddr, abi.SockaddrOut:
		return 128 // struct sockaddr_storage
	}
	return spaceEnd
}

// times and plus are a·b and a+b, or the end of all space if that is less.
func times(a, b uint64) uint64 {
	if b != 0 && a > spaceEnd/b {
		return spaceEnd
	}
	return a * b
}

func plus(a, b uint64) uint64 { return min(a, spaceEnd) + min(b, spaceEnd) }

// wordsOf is the size in bytes of so many bits, in words of 8 bytes.
func wordsOf(bits uint64) uint64 { return plus(min(bits, spaceEnd), 63) / 64 * 8 }
