package tracetool

// Btrfs' structures that are more than a table of fields.

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const btrfsKeySize = 104 // struct btrfs_ioctl_search_key

// btrfs prints what a command is given and, behind "=>", what it answers.
func (p *printer) btrfs(cmd uint32, v uint64) step {
	if !p.cont {
		p.comma()
		size := uint64(cmd >> 16 & 0x3fff)
		if cmd == cmdBTRFS_IOC_TREE_SEARCH {
			size = btrfsKeySize // the buffer behind it is only written
		}
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		w := window{addr: v, end: size}
		p.btrfsGiven(cmd, &w)
		switch {
		case cmd == cmdBTRFS_IOC_SEND || cmd == cmdBTRFS_IOC_SET_FEATURES:
			return last
		case !p.exit:
			return wait
		}
	}
	switch {
	case !p.failed():
		w := window{addr: v, end: uint64(cmd >> 16 & 0x3fff)}
		p.Str(" => ")
		p.btrfsAnswer(cmd, &w)
	case cmd == cmdBTRFS_IOC_TREE_SEARCH_V2 && p.c.Errno() == int(unix.EOVERFLOW):
		var size uint64
		if peek(unsafe.Pointer(&size), 8, v+btrfsKeySize) {
			p.Str(" => {buf_size=")
			p.Uint(size)
			p.Byte('}')
		}
	}
	return last
}

//go:noinline
func (p *printer) btrfsGiven(cmd uint32, w *window) {
	if cmd == cmdBTRFS_IOC_SET_FEATURES {
		p.btrfsFeatures(w, false)
		return
	}
	p.Byte('{')
	switch cmd {
	case cmdBTRFS_IOC_SNAP_CREATE_V2, cmdBTRFS_IOC_SUBVOL_CREATE_V2:
		p.btrfsVol2(w)
	case cmdBTRFS_IOC_TREE_SEARCH:
		p.btrfsKey(w)
	case cmdBTRFS_IOC_TREE_SEARCH_V2:
		p.btrfsKey(w)
		p.fieldUint("buf_size", w.num(btrfsKeySize, 8))
	case cmdBTRFS_IOC_INO_LOOKUP:
		p.saved[0] = w.num(0, 8)
		p.fieldsIn(w, sBtrfsLookup, true)
	case cmdBTRFS_IOC_SPACE_INFO:
		p.saved[0] = w.num(0, 8)
		p.Str("space_slots=")
		p.Uint(p.saved[0])
	case cmdBTRFS_IOC_BALANCE_V2:
		p.btrfsBalance(w, false)
	case cmdBTRFS_IOC_INO_PATHS:
		p.fieldsIn(w, sBtrfsPaths, true)
	case cmdBTRFS_IOC_LOGICAL_INO:
		p.fieldsIn(w, sBtrfsLogical, true)
	case cmdBTRFS_IOC_SET_RECEIVED_SUBVOL:
		p.Str("uuid=")
		p.uuid(w, 0)
		p.fieldUint("stransid", w.num(16, 8))
		p.field("stime")
		p.btrfsTime(w, 32)
		p.fieldUint("flags", w.num(64, 8))
	case cmdBTRFS_IOC_SEND:
		p.btrfsSend(w)
	case cmdBTRFS_IOC_GET_DEV_STATS:
		p.fieldsIn(w, sBtrfsStats, true)
	case cmdBTRFS_IOC_DEV_REPLACE:
		p.Str("cmd=")
		p.val(xBtrfsReplace, w.num(0, 8))
		if w.num(0, 8) == 0 { // BTRFS_IOCTL_DEV_REPLACE_CMD_START
			p.fieldsIn(w, sBtrfsStart, false)
		}
	}
	p.Byte('}')
}

//go:noinline
func (p *printer) btrfsAnswer(cmd uint32, w *window) {
	p.Byte('{')
	switch cmd {
	case cmdBTRFS_IOC_SNAP_CREATE_V2, cmdBTRFS_IOC_SUBVOL_CREATE_V2:
		p.Str("transid=")
		p.Uint(w.num(8, 8))
	case cmdBTRFS_IOC_TREE_SEARCH:
		p.btrfsFound(w, false)
	case cmdBTRFS_IOC_TREE_SEARCH_V2:
		p.btrfsFound(w, true)
	case cmdBTRFS_IOC_INO_LOOKUP:
		if p.saved[0] == 0 { // the tree of the file descriptor was asked for
			p.fieldsIn(w, sBtrfsKeyTreeId, true)
			p.comma()
		}
		p.Str("name=")
		p.charArray(w, 16, 4080)
	case cmdBTRFS_IOC_SPACE_INFO:
		p.btrfsSpaces(w)
	case cmdBTRFS_IOC_BALANCE_V2:
		p.btrfsBalance(w, true)
	case cmdBTRFS_IOC_INO_PATHS:
		p.Str("fspath=")
		p.btrfsInodes(w.num(48, 8), true)
	case cmdBTRFS_IOC_LOGICAL_INO:
		p.Str("inodes=")
		p.btrfsInodes(w.num(48, 8), false)
	case cmdBTRFS_IOC_SET_RECEIVED_SUBVOL:
		p.Str("rtransid=")
		p.Uint(w.num(24, 8))
		p.field("rtime")
		p.btrfsTime(w, 48)
	case cmdBTRFS_IOC_GET_DEV_STATS:
		p.btrfsStats(w)
	case cmdBTRFS_IOC_DEV_REPLACE:
		p.Str("result=")
		p.val(xBtrfsReplaceResult, w.num(8, 8))
		if w.num(0, 8) == 1 { // BTRFS_IOCTL_DEV_REPLACE_CMD_STATUS
			p.btrfsStatus(w)
		}
	}
	p.Byte('}')
}

// btrfsObject prints what a command only answers.
func (p *printer) btrfsObject(cmd uint32, v uint64) {
	size := uint64(cmd >> 16 & 0x3fff)
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	if cmd == cmdBTRFS_IOC_GET_SUPPORTED_FEATURES {
		p.btrfsFeatures(&w, true)
		return
	}
	p.Byte('{')
	if cmd == cmdBTRFS_IOC_BALANCE_PROGRESS {
		p.btrfsBalance(&w, true)
	} else {
		const csum, generation, uuid = 1, 2, 4 // BTRFS_FS_INFO_FLAG_…
		flags := w.num(48, 8)
		p.fieldsIn(&w, sBtrfsInfo, true)
		if flags&csum != 0 {
			p.fieldsIn(&w, sBtrfsInfoCsum, false)
		}
		p.fieldsIn(&w, sBtrfsInfoFlag, false)
		if flags&generation != 0 {
			p.fieldsIn(&w, sBtrfsInfoGen, false)
		}
		if flags&uuid != 0 {
			p.fieldsIn(&w, sBtrfsInfoUuid, false)
		}
	}
	p.Byte('}')
}

// btrfsFeatures prints an array of struct btrfs_ioctl_feature_flags.
func (p *printer) btrfsFeatures(w *window, supported bool) {
	const size = 24
	p.Byte('[')
	p.structAt(w.addr, sBtrfsFeatures)
	if supported {
		p.comment("supported")
	}
	p.comma()
	p.structAt(w.addr+size, sBtrfsFeatures)
	if supported {
		p.comment("safe to set")
		p.comma()
		p.structAt(w.addr+2*size, sBtrfsFeatures)
		p.comment("safe to clear")
	}
	p.Byte(']')
}

// btrfsVol2 prints struct btrfs_ioctl_vol_args_v2.
func (p *printer) btrfsVol2(w *window) {
	const inherit = 4 // BTRFS_SUBVOL_QGROUP_INHERIT
	p.fieldsIn(w, sBtrfsVol2, true)
	if w.num(16, 8)&inherit != 0 {
		p.fieldUint("size", w.num(24, 8))
		p.field("qgroup_inherit")
		p.btrfsInherit(w.num(32, 8))
	}
	p.fieldsIn(w, sBtrfsVol2Name, false)
}

func (p *printer) btrfsInherit(addr uint64) {
	const size = 72
	if !readable(addr, size) {
		p.ptr(addr)
		return
	}
	p.Byte('{')
	p.fields(addr, sBtrfsInherit, size, true)
	p.comma()
	var n uint64
	if !p.full() {
		p.Str("...")
	} else if peek(unsafe.Pointer(&n), 8, addr+8) {
		var id uint64
		p.Str("qgroups=")
		for i := uint64(0); p.each(unsafe.Pointer(&id), 8, addr+size, i, n); i++ {
			p.Uint(id)
		}
	}
	p.Byte('}')
}

// btrfsBalance prints struct btrfs_ioctl_balance_args.
func (p *printer) btrfsBalance(w *window, state bool) {
	const data, system, metadata = 1, 2, 4 // BTRFS_BALANCE_…
	flags := w.num(0, 8)
	p.Str("flags=")
	p.flags(xBtrfsBalance, flags)
	if state {
		p.field("state")
		p.flags(xBtrfsState, w.num(8, 8))
	}
	const first, size = 16, 136
	if flags&data != 0 {
		p.field("data")
		p.structAt(w.addr+first, sBtrfsBalance)
	}
	if flags&metadata != 0 {
		p.field("meta")
		p.structAt(w.addr+first+size, sBtrfsBalance)
	}
	if flags&system != 0 {
		p.field("sys")
		p.structAt(w.addr+first+2*size, sBtrfsBalance)
	}
}

// btrfsInodes prints struct btrfs_data_container, which holds paths or inodes.
func (p *printer) btrfsInodes(addr uint64, paths bool) {
	const head, size = 16, 24
	var n uint32
	if !readable(addr, head) || !peek(unsafe.Pointer(&n), 4, addr+8) {
		p.ptr(addr)
		return
	}
	p.Byte('{')
	p.fields(addr, sBtrfsContainer, head, true)
	p.comma()
	var v [3]uint64
	switch {
	case !p.full():
		p.Str("...")
	case paths:
		p.Str("val=")
		for i := uint64(0); p.each(unsafe.Pointer(&v), 8, addr+head, i, uint64(n)); i++ {
			p.path(addr + head + v[0])
		}
	default:
		p.Str("val=")
		for i := uint64(0); p.each(unsafe.Pointer(&v), size, addr+head, i, uint64(n)/3); i++ {
			p.first("inum")
			p.Uint(v[0])
			p.fieldUint("offset", v[1])
			p.fieldUint("root", v[2])
			p.Byte('}')
		}
	}
	p.Byte('}')
}

// btrfsTime prints struct btrfs_ioctl_timespec.
func (p *printer) btrfsTime(w *window, off uint64) {
	sec, nsec := w.num(off, 8), w.num(off+8, 4)
	p.first("sec")
	p.Uint(sec)
	p.fieldUint("nsec", nsec)
	p.Byte('}')
	p.date(int64(sec), nsec, 9)
}

// btrfsSend prints struct btrfs_ioctl_send_args.
func (p *printer) btrfsSend(w *window) {
	p.fieldsIn(w, sBtrfsSend, true)
	p.field("clone_sources")
	list := w.num(16, 8)
	if p.full() {
		var id uint64
		n := w.num(8, 8)
		for i := uint64(0); p.each(unsafe.Pointer(&id), 8, list, i, n); i++ {
			p.valUint(xBtrfsId, id)
		}
	} else {
		p.ptr(list)
	}
	p.fieldsIn(w, sBtrfsSendRest, false)
}

// btrfsStats prints the counters of struct btrfs_ioctl_get_dev_stats.
func (p *printer) btrfsStats(w *window) {
	const counters = 5 // BTRFS_DEV_STAT_VALUES_MAX
	n := w.num(8, 8)
	p.Str("nr_items=")
	p.Uint(n)
	p.field("flags")
	p.flags(xBtrfsStats, w.num(16, 8))
	p.Str(", [")
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= counters {
			p.Str("...")
			break
		}
		p.index(xBtrfsStat, i)
		p.Uint(w.num(24+8*i, 8))
	}
	p.Byte(']')
}

// btrfsStatus prints struct btrfs_ioctl_dev_replace_status_params.
func (p *printer) btrfsStatus(w *window) {
	p.Str(", status={replace_state=")
	p.val(xBtrfsReplaceState, w.num(16, 8))
	done := w.num(24, 8)
	p.fieldUint("progress_1000", done)
	if done <= 1000 {
		p.Str(" /* ")
		p.Uint(done / 10)
		p.Byte('.')
		p.Uint(done % 10)
		p.Str("% */")
	}
	p.fieldUint("time_started", w.num(32, 8))
	p.date(int64(w.num(32, 8)), 0, 9)
	p.fieldUint("time_stopped", w.num(40, 8))
	p.date(int64(w.num(40, 8)), 0, 9)
	p.fieldUint("num_write_errors", w.num(48, 8))
	p.fieldUint("num_uncorrectable_read_errors", w.num(56, 8))
	p.Byte('}')
}
