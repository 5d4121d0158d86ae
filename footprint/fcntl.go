package footprint

// fcntl(2): commands of include/uapi/linux/fcntl.h and asm-generic/fcntl.h.
func (it *Iterator) fcntl(addr uint64) {
	switch int32(it.call.Args[1]) {
	case 5, 36: // F_GETLK, F_OFD_GETLK
		it.both(addr, 32, 0, "")
	case 6, 7, 37, 38: // F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
		it.reads(addr, 32, 0, "")
	case 15: // F_SETOWN_EX
		it.reads(addr, 8, 0, "")
	case 16, 17: // F_GETOWN_EX, F_GETOWNER_UIDS
		it.writes(addr, 8, 0, "")
	case 1035, 1037: // F_GET_RW_HINT, F_GET_FILE_RW_HINT
		it.writes(addr, 8, 0, "")
	case 1036, 1038: // F_SET_RW_HINT, F_SET_FILE_RW_HINT
		it.reads(addr, 8, 0, "")
	case 1039: // F_GETDELEG
		it.both(addr, 8, 0, "")
	case 1040: // F_SETDELEG
		it.reads(addr, 8, 0, "")
	}
}
