package footprint

import "libsystrap/systrap"

// ioctl(2): what the table says, what structures point to, or else what the number says, as
// include/uapi/asm-generic/ioctl.h encodes it: two bits of direction, fourteen of size.

// Commands whose argument points to more.
const (
	ioctlSgIO        = 0x2285
	ioctlIfconf      = 0x8912
	ioctlEthtool     = 0x8946
	ioctlBlkpg       = 0x1269
	ioctlFont        = 0x4b72 // KDFONTOP
	ioctlGetUnimap   = 0x4b66
	ioctlPutUnimap   = 0x4b67
	ioctlFiemap      = 0xc020660b
	ioctlDedupe      = 0xc0189436
	ioctlAddEntropy  = 0x40085203
	ioctlPerfFilter  = 0x40082406
	ioctlPerfQuery   = 0xc008240a
	ioctlTunFilter   = 0x401054d5
	ioctlUffdCopy    = 0xc028aa03
	ioctlUffdZero    = 0xc020aa04
	ioctlUffdMove    = 0xc028aa05
	ioctlKvmMsrList  = 0xc004ae02
	ioctlKvmFeatures = 0xc004ae0a
	ioctlKvmGetMsrs  = 0xc008ae88
	ioctlKvmSetMsrs  = 0x4008ae89
	ioctlKvmCpuid    = 0xc008ae05
	ioctlKvmSetCpuid = 0x4008ae90
)

func (it *Iterator) ioctl(addr uint64) {
	cmd := uint32(it.call.Args[1])
	if it.ioctlPointers(cmd, addr) {
		return
	}
	if row := findIoctl(cmd); row != nil {
		n := uint64(row.size)
		switch row.what {
		case ioctlReads:
			it.reads(addr, n, 0, "")
		case ioctlWrites:
			it.writes(addr, n, 0, "")
		case ioctlBoth:
			it.both(addr, n, 0, "")
		}
		return
	}
	const toKernel, fromKernel = 1, 2
	n := uint64(cmd >> 16 & 0x3fff)
	switch {
	case n != 0 && cmd>>30 != 0:
		if cmd>>30&toKernel != 0 {
			it.reads(addr, n, Bound, "")
		}
		if cmd>>30&fromKernel != 0 {
			it.writes(addr, n, Bound, "")
		}
	case cmd>>8 == 0x89:
		it.reads(addr, 40, Bound, "") // struct ifreq
		it.writes(addr, 40, Bound, "")
	case cmd>>8 == 'T', cmd>>8 == 'V', cmd>>8 == 'K', cmd>>8 == 'L', cmd>>8 == 0xae:
		// Those of terminals, loop devices and KVM that are not in the table have a number.
	case readable(addr):
		// Nothing tells an address from a number here.
		it.reads(addr, 1, Bound|AtLeast, "")
		it.writes(addr, 1, Bound|AtLeast, "")
	}
}

func findIoctl(cmd uint32) *ioctlRow {
	from, to := 0, len(ioctlRows)
	for from < to {
		m := int(uint(from+to) >> 1)
		switch r := &ioctlRows[m]; {
		case r.cmd == cmd:
			return r
		case r.cmd < cmd:
			from = m + 1
		default:
			to = m
		}
	}
	return nil
}

// ioctlPointers adds what a command has whose argument points to more, or has a length in itself.
func (it *Iterator) ioctlPointers(cmd uint32, addr uint64) bool {
	switch cmd {
	case ioctlSgIO:
		it.scsi(addr)
	case ioctlIfconf:
		it.both(addr, 16, 0, "")
		it.writes(read64(addr+8), uint64(max(int32(read32(addr)), 0)), it.until(), "ifc_buf")
	case ioctlEthtool:
		it.both(addr, 40, Bound, "")
		data := read64(addr + 16)
		it.reads(data, 4, MayChange|AtLeast, "ifr_data")
		it.writes(data, 4, MayChange|AtLeast|Bound, "ifr_data")
	case ioctlBlkpg:
		it.reads(addr, 24, 0, "")
		it.reads(read64(addr+16), uint64(max(int32(read32(addr+8)), 0)), MayChange|Bound, "data")
	case ioctlFont:
		it.font(addr)
	case ioctlGetUnimap:
		it.both(addr, 16, 0, "")
		it.writes(read64(addr+8), uint64(read32(addr)&0xffff)*4, it.until(), "entries")
	case ioctlPutUnimap:
		it.reads(addr, 16, 0, "")
		it.reads(read64(addr+8), uint64(read32(addr)&0xffff)*4, MayChange, "entries")
	case ioctlFiemap:
		const header, extent = 32, 56
		it.both(addr, header, 0, "")
		n := uint64(read32(addr + 24))
		if it.when == succeeded {
			n = min(n, uint64(read32(addr+20))) // fm_mapped_extents
		}
		it.writes(addr+header, times(n, extent), it.until(), "fm_extents")
	case ioctlDedupe:
		it.both(addr, 24+uint64(read32(addr+16)&0xffff)*32, MayChange, "")
	case ioctlAddEntropy:
		it.reads(addr, 8, 0, "")
		it.reads(addr+8, uint64(max(int32(read32(addr+4)), 0)), MayChange, "buf")
	case ioctlPerfFilter:
		it.text(addr, pageSize, "")
	case ioctlPerfQuery:
		it.both(addr, 8, 0, "")
		it.writes(addr+8, times(uint64(read32(addr)), 4), MayChange|Bound, "ids")
	case ioctlTunFilter:
		it.program(addr, "")
	case ioctlUffdCopy, ioctlUffdZero, ioctlUffdMove:
		it.filled(cmd, addr)
	case ioctlKvmMsrList, ioctlKvmFeatures:
		it.counted(cmd, addr, 4, 4)
	case ioctlKvmGetMsrs, ioctlKvmSetMsrs:
		it.counted(cmd, addr, 8, 16)
	case ioctlKvmCpuid, ioctlKvmSetCpuid:
		it.counted(cmd, addr, 8, 40)
	default:
		return false
	}
	return true
}

// until is what a length is that the call replaces: the most, before it.
func (it *Iterator) until() Flags {
	if it.when == succeeded {
		return MayChange
	}
	return MayChange | Bound
}

// counted adds an array whose length its head begins with, read or written as the number says.
func (it *Iterator) counted(cmd uint32, addr, head, element uint64) {
	n := head + times(uint64(read32(addr)), element)
	it.reads(addr, n, MayChange|Bound, "")
	if cmd>>31 != 0 {
		it.writes(addr, n, MayChange|Bound, "")
	}
}

// scsi adds struct sg_io_hdr (include/scsi/sg.h).
func (it *Iterator) scsi(addr uint64) {
	it.both(addr, 88, 0, "")
	var b [40]byte
	if systrap.Read(b[:], addr) != len(b) {
		return
	}
	const toDevice, fromDevice, toAndFrom = -2, -3, -4
	vectors, n, data := uint64(le32(b[8:])>>16), uint64(le32(b[12:])), le64(b[16:])
	d := int32(le32(b[4:]))
	it.flags |= MayChange
	it.reads(le64(b[24:]), uint64(b[8]), 0, "cmdp")
	it.writes(le64(b[32:]), uint64(b[9]), Bound, "sbp")
	switch {
	case vectors != 0 && d == toDevice:
		it.vector(Reads, data, vectors, "dxferp[#].iov_base", 0)
	case vectors != 0:
		it.vectorOf(Writes, data, vectors, "dxferp[#].iov_base", 0, n)
	default:
		if d == toDevice || d == toAndFrom {
			it.reads(data, n, 0, "dxferp")
		}
		if d == fromDevice || d == toAndFrom {
			it.writes(data, n, Bound, "dxferp")
		}
	}
}

// font adds struct console_font_op (include/uapi/linux/kd.h) and its data, of 32 rows for each character.
func (it *Iterator) font(addr uint64) {
	it.both(addr, 32, 0, "")
	var b [32]byte
	if systrap.Read(b[:], addr) != len(b) {
		return
	}
	data := le64(b[24:])
	n := times(times(plus(uint64(le32(b[8:])), 7)/8, 32), uint64(le32(b[16:])))
	switch le32(b[:]) {
	case 0: // KD_FONT_OP_SET
		it.reads(data, n, MayChange|Bound, "data")
	case 1: // KD_FONT_OP_GET
		it.writes(data, n, MayChange|Bound, "data")
	case 2: // KD_FONT_OP_SET_DEFAULT: a name
		it.text(data, 32, "data")
	}
}

// filled adds the memory that userfaultfd's commands put something into (ioctl_userfaultfd(2)), whose result, in the
// last field, is how much that was. It is that of the process that made the descriptor, usually the caller.
func (it *Iterator) filled(cmd uint32, addr uint64) {
	if cmd == ioctlUffdZero {
		it.both(addr, 32, 0, "")
		it.writesAnyway(read64(addr), read64(addr+8), MayChange|Bound, "range")
		return
	}
	it.both(addr, 40, 0, "")
	dst, src, n := read64(addr), read64(addr+8), read64(addr+16)
	it.reads(src, n, MayChange, "src")
	it.writesAnyway(dst, n, MayChange|Bound, "dst")
	if cmd == ioctlUffdMove {
		it.maps(src, n, MayChange, "src")
	}
}
