package footprint

import "libsystrap/systrap"

// io_uring: include/uapi/linux/io_uring.h. What requests in the rings point to is the kernel's business from when it sees
// them, which need not be in a call, and where the rings are mapped no call says: that is not here.

// uringWait adds io_uring_enter(2)'s mask, or struct io_uring_getevents_arg.
func (it *Iterator) uringWait(addr uint64) {
	const extended, registered = 8, 64 // IORING_ENTER_EXT_ARG, _EXT_ARG_REG
	size := it.call.Args[5]
	switch flags := it.call.Args[3]; {
	case flags&registered != 0:
		// An offset into memory that was registered.
	case flags&extended == 0:
		it.reads(addr, maskBytes(size), 0, "")
	case size == 24:
		it.reads(addr, size, 0, "")
		if mask := read64(addr); mask != 0 {
			it.reads(mask, maskBytes(uint64(read32(addr+8))), MayChange, "sigmask")
		}
		if ts := read64(addr + 16); ts != 0 {
			it.reads(ts, 16, MayChange, "ts")
		}
	}
}

// uringSetup adds struct io_uring_params, and rings that the program has brought the memory for.
func (it *Iterator) uringSetup(addr uint64) {
	it.both(addr, 120, 0, "")
	const noMmap = 1 << 14 // IORING_SETUP_NO_MMAP
	if read32(addr+8)&noMmap == 0 {
		return
	}
	for _, at := range [...]uint64{72, 112} { // sq_off.user_addr, cq_off.user_addr
		ring := read64(addr + at)
		it.later(ReadsLater, ring, pageSize, AtLeast|MayChange, "user_addr")
		it.later(WritesLater, ring, pageSize, AtLeast|MayChange, "user_addr")
	}
}

// uringRegister adds io_uring_register(2)'s argument, with n elements.
func (it *Iterator) uringRegister(addr uint64) {
	n := uint64(uint32(it.call.Args[3]))
	const registered = 1 << 31 // IORING_REGISTER_USE_REGISTERED_RING
	switch opcode := uint32(it.call.Args[1]) &^ registered; opcode {
	case 0: // IORING_REGISTER_BUFFERS
		it.vector(WritesLater, addr, n, vectorElement, 0)
	case 2: // IORING_REGISTER_FILES
		it.reads(addr, times(n, 4), 0, "")
	case 4, 7: // IORING_REGISTER_EVENTFD, IORING_REGISTER_EVENTFD_ASYNC
		it.reads(addr, 4, 0, "")
	case 6: // IORING_REGISTER_FILES_UPDATE
		it.reads(addr, 16, 0, "")
		it.reads(read64(addr+8), times(n, 4), MayChange, "data")
	case 8: // IORING_REGISTER_PROBE
		it.both(addr, 16+n*8, 0, "")
	case 11: // IORING_REGISTER_RESTRICTIONS
		it.reads(addr, n*16, 0, "")
	case 13, 15: // IORING_REGISTER_FILES2, IORING_REGISTER_BUFFERS2
		it.reads(addr, n, 0, "")
		it.resources(addr, uint64(read32(addr)), opcode == 15)
	case 14, 16: // IORING_REGISTER_FILES_UPDATE2, IORING_REGISTER_BUFFERS_UPDATE
		it.reads(addr, n, 0, "")
		it.resources(addr-8, uint64(read32(addr+24)), opcode == 16)
	case 17: // IORING_REGISTER_IOWQ_AFF
		it.reads(addr, n, Bound, "")
	case 19: // IORING_REGISTER_IOWQ_MAX_WORKERS
		it.both(addr, 8, 0, "")
	case 20: // IORING_REGISTER_RING_FDS
		it.both(addr, n*16, 0, "")
	case 21: // IORING_UNREGISTER_RING_FDS
		it.reads(addr, n*16, 0, "")
	case 22: // IORING_REGISTER_PBUF_RING
		it.reads(addr, 40, 0, "")
		if ring := read64(addr); ring != 0 && read32(addr+12)>>16&1 == 0 { // without IOU_PBUF_RING_MMAP
			it.later(ReadsLater, ring, uint64(read32(addr+8))*16, MayChange, "ring_addr")
			it.later(WritesLater, ring, uint64(read32(addr+8))*16, MayChange, "ring_addr")
		}
	case 23: // IORING_UNREGISTER_PBUF_RING
		it.reads(addr, 40, 0, "")
	case 24: // IORING_REGISTER_SYNC_CANCEL
		it.reads(addr, 64, 0, "")
	case 25, 29: // IORING_REGISTER_FILE_ALLOC_RANGE, IORING_REGISTER_CLOCK
		it.reads(addr, 16, 0, "")
	case 26: // IORING_REGISTER_PBUF_STATUS
		it.both(addr, 40, 0, "")
	case 27: // IORING_REGISTER_NAPI
		it.both(addr, 16, 0, "")
	case 28: // IORING_UNREGISTER_NAPI
		it.writes(addr, 16, 0, "")
	case 30: // IORING_REGISTER_CLONE_BUFFERS
		it.reads(addr, 32, 0, "")
	case 31: // IORING_REGISTER_SEND_MSG_RING
		it.reads(addr, 64, 0, "")
	case 32: // IORING_REGISTER_ZCRX_IFQ
		it.both(addr, 96, Bound, "")
	case 33: // IORING_REGISTER_RESIZE_RINGS
		it.both(addr, 120, 0, "")
	case 34: // IORING_REGISTER_MEM_REGION
		it.reads(addr, 32, 0, "")
		it.both(read64(addr), 64, MayChange, "region_uptr")
	}
}

// resources adds the descriptors or buffers, and their tags, of a struct io_uring_rsrc_register at addr.
func (it *Iterator) resources(addr, n uint64, buffers bool) {
	var b [16]byte
	if systrap.Read(b[:], addr+16) != len(b) {
		return
	}
	it.flags |= MayChange
	data, tags := le64(b[0:]), le64(b[8:])
	if tags != 0 {
		it.reads(tags, times(n, 8), 0, "tags")
	}
	if buffers {
		it.vector(WritesLater, data, n, "data[#].iov_base", 0)
	} else {
		it.reads(data, times(n, 4), 0, "data")
	}
}
