package footprint

import (
	"golang.org/x/sys/unix"
)

// setsockopt adds the value, which has as many bytes as the program says, and what it points to.
func (it *Iterator) setsockopt(addr uint64) {
	level, option := int32(it.call.Args[1]), int32(it.call.Args[2])
	n := it.count(4)
	it.reads(addr, n, 0, "")
	switch {
	case level == unix.SOL_SOCKET && (option == unix.SO_ATTACH_FILTER || option == unix.SO_ATTACH_REUSEPORT_CBPF):
		if n >= 16 {
			it.reads(read64(addr+8), uint64(min(read32(addr)&0xffff, 4096))*8, MayChange, "filter")
		}
	case (level == unix.SOL_IP || level == unix.SOL_IPV6) && option == 64: // IPT_SO_SET_REPLACE: the old counters come back
		if n >= 96 {
			it.writes(read64(addr+88), times(uint64(read32(addr+84)), 16), MayChange, "counters")
		}
	}
}

// getsockopt adds the value, of the length that the program allows. Some options also read it.
func (it *Iterator) getsockopt(addr uint64) {
	level, option := int32(it.call.Args[1]), int32(it.call.Args[2])
	v, ok := readUint32(it.call.Args[4])
	if !ok || int32(v) < 0 {
		return
	}
	n, f := uint64(v), MayChange
	if level == unix.SOL_SOCKET && option == unix.SO_ATTACH_FILTER { // SO_GET_FILTER counts instructions
		n *= 8
	} else {
		it.reads(addr, n, MayChange|Bound, "")
		if it.when == succeeded && it.saved.known() {
			n = min(n, uint64(it.saved.first()))
		} else {
			f |= Bound
		}
	}
	if level == unix.SOL_TCP && option == unix.TCP_ZEROCOPY_RECEIVE && n >= 8 {
		it.maps(read64(addr), uint64(read32(addr+8)), MayChange, "address")
		if n >= 36 {
			it.writes(read64(addr+24), uint64(max(int32(read32(addr+32)), 0)), MayChange|Bound, "copybuf_address")
		}
	}
	it.writes(addr, n, f, "")
}
