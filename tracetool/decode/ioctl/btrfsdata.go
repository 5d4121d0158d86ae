package ioctl

// Btrfs' structures that are more than a table of fields.

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

const btrfsKeySize = 104 // struct btrfs_ioctl_search_key

// btrfs prints what a command is given and, behind "=>", what it answers.
func btrfs(p *text.Printer, cmd uint32, v uint64) text.Step {
	if !p.Cont {
		p.Comma()
		size := uint64(cmd >> 16 & 0x3fff)
		if cmd == names.BTRFS_IOC_TREE_SEARCH {
			size = btrfsKeySize // the buffer behind it is only written
		}
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		w := text.Window{Addr: v, End: size}
		btrfsGiven(p, cmd, &w)
		switch {
		case cmd == names.BTRFS_IOC_SEND || cmd == names.BTRFS_IOC_SET_FEATURES:
			return text.Last
		case !p.Exit:
			return text.Wait
		}
	}
	switch {
	case !p.Failed():
		w := text.Window{Addr: v, End: uint64(cmd >> 16 & 0x3fff)}
		p.Str(" => ")
		btrfsAnswer(p, cmd, &w)
	case cmd == names.BTRFS_IOC_TREE_SEARCH_V2 && p.C.Errno() == int(unix.EOVERFLOW):
		var size uint64
		if text.Peek(unsafe.Pointer(&size), 8, v+btrfsKeySize) {
			p.Str(" => {buf_size=")
			p.Uint(size)
			p.Byte('}')
		}
	}
	return text.Last
}

//go:noinline
func btrfsGiven(p *text.Printer, cmd uint32, w *text.Window) {
	if cmd == names.BTRFS_IOC_SET_FEATURES {
		btrfsFeatures(p, w, false)
		return
	}
	p.Byte('{')
	switch cmd {
	case names.BTRFS_IOC_SNAP_CREATE_V2, names.BTRFS_IOC_SUBVOL_CREATE_V2:
		btrfsVol2(p, w)
	case names.BTRFS_IOC_TREE_SEARCH:
		btrfsKey(p, w)
	case names.BTRFS_IOC_TREE_SEARCH_V2:
		btrfsKey(p, w)
		p.FieldUint("buf_size", w.Num(btrfsKeySize, 8))
	case names.BTRFS_IOC_INO_LOOKUP:
		p.Saved[0] = w.Num(0, 8)
		p.FieldsIn(w, sBtrfsLookup, true)
	case names.BTRFS_IOC_SPACE_INFO:
		p.Saved[0] = w.Num(0, 8)
		p.Str("space_slots=")
		p.Uint(p.Saved[0])
	case names.BTRFS_IOC_BALANCE_V2:
		btrfsBalance(p, w, false)
	case names.BTRFS_IOC_INO_PATHS:
		p.FieldsIn(w, sBtrfsPaths, true)
	case names.BTRFS_IOC_LOGICAL_INO:
		p.FieldsIn(w, sBtrfsLogical, true)
	case names.BTRFS_IOC_SET_RECEIVED_SUBVOL:
		p.Str("uuid=")
		p.Uuid(w, 0)
		p.FieldUint("stransid", w.Num(16, 8))
		p.Field("stime")
		btrfsTime(p, w, 32)
		p.FieldUint("flags", w.Num(64, 8))
	case names.BTRFS_IOC_SEND:
		btrfsSend(p, w)
	case names.BTRFS_IOC_GET_DEV_STATS:
		p.FieldsIn(w, sBtrfsStats, true)
	case names.BTRFS_IOC_DEV_REPLACE:
		p.Str("cmd=")
		p.Val(names.BtrfsReplace, w.Num(0, 8))
		if w.Num(0, 8) == 0 { // BTRFS_IOCTL_DEV_REPLACE_CMD_START
			p.FieldsIn(w, sBtrfsStart, false)
		}
	}
	p.Byte('}')
}

//go:noinline
func btrfsAnswer(p *text.Printer, cmd uint32, w *text.Window) {
	p.Byte('{')
	switch cmd {
	case names.BTRFS_IOC_SNAP_CREATE_V2, names.BTRFS_IOC_SUBVOL_CREATE_V2:
		p.Str("transid=")
		p.Uint(w.Num(8, 8))
	case names.BTRFS_IOC_TREE_SEARCH:
		btrfsFound(p, w, false)
	case names.BTRFS_IOC_TREE_SEARCH_V2:
		btrfsFound(p, w, true)
	case names.BTRFS_IOC_INO_LOOKUP:
		if p.Saved[0] == 0 { // the tree of the file descriptor was asked for
			p.FieldsIn(w, sBtrfsKeyTreeId, true)
			p.Comma()
		}
		p.Str("name=")
		p.CharArray(w, 16, 4080)
	case names.BTRFS_IOC_SPACE_INFO:
		btrfsSpaces(p, w)
	case names.BTRFS_IOC_BALANCE_V2:
		btrfsBalance(p, w, true)
	case names.BTRFS_IOC_INO_PATHS:
		p.Str("fspath=")
		btrfsInodes(p, w.Num(48, 8), true)
	case names.BTRFS_IOC_LOGICAL_INO:
		p.Str("inodes=")
		btrfsInodes(p, w.Num(48, 8), false)
	case names.BTRFS_IOC_SET_RECEIVED_SUBVOL:
		p.Str("rtransid=")
		p.Uint(w.Num(24, 8))
		p.Field("rtime")
		btrfsTime(p, w, 48)
	case names.BTRFS_IOC_GET_DEV_STATS:
		btrfsStats(p, w)
	case names.BTRFS_IOC_DEV_REPLACE:
		p.Str("result=")
		p.Val(names.BtrfsReplaceResult, w.Num(8, 8))
		if w.Num(0, 8) == 1 { // BTRFS_IOCTL_DEV_REPLACE_CMD_STATUS
			btrfsStatus(p, w)
		}
	}
	p.Byte('}')
}

// btrfsObject prints what a command only answers.
func btrfsObject(p *text.Printer, cmd uint32, v uint64) {
	size := uint64(cmd >> 16 & 0x3fff)
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	if cmd == names.BTRFS_IOC_GET_SUPPORTED_FEATURES {
		btrfsFeatures(p, &w, true)
		return
	}
	p.Byte('{')
	if cmd == names.BTRFS_IOC_BALANCE_PROGRESS {
		btrfsBalance(p, &w, true)
	} else {
		const csum, generation, uuid = 1, 2, 4 // BTRFS_FS_INFO_FLAG_…
		flags := w.Num(48, 8)
		p.FieldsIn(&w, sBtrfsInfo, true)
		if flags&csum != 0 {
			p.FieldsIn(&w, sBtrfsInfoCsum, false)
		}
		p.FieldsIn(&w, sBtrfsInfoFlag, false)
		if flags&generation != 0 {
			p.FieldsIn(&w, sBtrfsInfoGen, false)
		}
		if flags&uuid != 0 {
			p.FieldsIn(&w, sBtrfsInfoUuid, false)
		}
	}
	p.Byte('}')
}

// btrfsFeatures prints an array of struct btrfs_ioctl_feature_flags.
func btrfsFeatures(p *text.Printer, w *text.Window, supported bool) {
	const size = 24
	p.Byte('[')
	p.StructAt(w.Addr, sBtrfsFeatures)
	if supported {
		p.Comment("supported")
	}
	p.Comma()
	p.StructAt(w.Addr+size, sBtrfsFeatures)
	if supported {
		p.Comment("safe to set")
		p.Comma()
		p.StructAt(w.Addr+2*size, sBtrfsFeatures)
		p.Comment("safe to clear")
	}
	p.Byte(']')
}

// btrfsVol2 prints struct btrfs_ioctl_vol_args_v2.
func btrfsVol2(p *text.Printer, w *text.Window) {
	const inherit = 4 // BTRFS_SUBVOL_QGROUP_INHERIT
	p.FieldsIn(w, sBtrfsVol2, true)
	if w.Num(16, 8)&inherit != 0 {
		p.FieldUint("size", w.Num(24, 8))
		p.Field("qgroup_inherit")
		btrfsInherit(p, w.Num(32, 8))
	}
	p.FieldsIn(w, sBtrfsVol2Name, false)
}

func btrfsInherit(p *text.Printer, addr uint64) {
	const size = 72
	if !text.Readable(addr, size) {
		p.Ptr(addr)
		return
	}
	p.Byte('{')
	p.Fields(addr, sBtrfsInherit, size, true)
	p.Comma()
	var n uint64
	if !p.Full() {
		p.Str("...")
	} else if text.Peek(unsafe.Pointer(&n), 8, addr+8) {
		var id uint64
		p.Str("qgroups=")
		for i := uint64(0); p.Each(unsafe.Pointer(&id), 8, addr+size, i, n); i++ {
			p.Uint(id)
		}
	}
	p.Byte('}')
}

// btrfsBalance prints struct btrfs_ioctl_balance_args.
func btrfsBalance(p *text.Printer, w *text.Window, state bool) {
	const data, system, metadata = 1, 2, 4 // BTRFS_BALANCE_…
	flags := w.Num(0, 8)
	p.Str("flags=")
	p.Flags(names.BtrfsBalance, flags)
	if state {
		p.Field("state")
		p.Flags(names.BtrfsState, w.Num(8, 8))
	}
	const first, size = 16, 136
	if flags&data != 0 {
		p.Field("data")
		p.StructAt(w.Addr+first, sBtrfsBalance)
	}
	if flags&metadata != 0 {
		p.Field("meta")
		p.StructAt(w.Addr+first+size, sBtrfsBalance)
	}
	if flags&system != 0 {
		p.Field("sys")
		p.StructAt(w.Addr+first+2*size, sBtrfsBalance)
	}
}

// btrfsInodes prints struct btrfs_data_container, which holds paths or inodes.
func btrfsInodes(p *text.Printer, addr uint64, paths bool) {
	const head, size = 16, 24
	var n uint32
	if !text.Readable(addr, head) || !text.Peek(unsafe.Pointer(&n), 4, addr+8) {
		p.Ptr(addr)
		return
	}
	p.Byte('{')
	p.Fields(addr, sBtrfsContainer, head, true)
	p.Comma()
	var v [3]uint64
	switch {
	case !p.Full():
		p.Str("...")
	case paths:
		p.Str("val=")
		for i := uint64(0); p.Each(unsafe.Pointer(&v), 8, addr+head, i, uint64(n)); i++ {
			p.Path(addr + head + v[0])
		}
	default:
		p.Str("val=")
		for i := uint64(0); p.Each(unsafe.Pointer(&v), size, addr+head, i, uint64(n)/3); i++ {
			p.First("inum")
			p.Uint(v[0])
			p.FieldUint("offset", v[1])
			p.FieldUint("root", v[2])
			p.Byte('}')
		}
	}
	p.Byte('}')
}

// btrfsTime prints struct btrfs_ioctl_timespec.
func btrfsTime(p *text.Printer, w *text.Window, off uint64) {
	sec, nsec := w.Num(off, 8), w.Num(off+8, 4)
	p.First("sec")
	p.Uint(sec)
	p.FieldUint("nsec", nsec)
	p.Byte('}')
	p.Date(int64(sec), nsec, 9)
}

// btrfsSend prints struct btrfs_ioctl_send_args.
func btrfsSend(p *text.Printer, w *text.Window) {
	p.FieldsIn(w, sBtrfsSend, true)
	p.Field("clone_sources")
	list := w.Num(16, 8)
	if p.Full() {
		var id uint64
		n := w.Num(8, 8)
		for i := uint64(0); p.Each(unsafe.Pointer(&id), 8, list, i, n); i++ {
			p.ValUint(names.BtrfsId, id)
		}
	} else {
		p.Ptr(list)
	}
	p.FieldsIn(w, sBtrfsSendRest, false)
}

// btrfsStats prints the counters of struct btrfs_ioctl_get_dev_stats.
func btrfsStats(p *text.Printer, w *text.Window) {
	const counters = 5 // BTRFS_DEV_STAT_VALUES_MAX
	n := w.Num(8, 8)
	p.Str("nr_items=")
	p.Uint(n)
	p.Field("flags")
	p.Flags(names.BtrfsStats, w.Num(16, 8))
	p.Str(", [")
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= counters {
			p.Str("...")
			break
		}
		p.Index(names.BtrfsStat, i)
		p.Uint(w.Num(24+8*i, 8))
	}
	p.Byte(']')
}

// btrfsStatus prints struct btrfs_ioctl_dev_replace_status_params.
func btrfsStatus(p *text.Printer, w *text.Window) {
	p.Str(", status={replace_state=")
	p.Val(names.BtrfsReplaceState, w.Num(16, 8))
	done := w.Num(24, 8)
	p.FieldUint("progress_1000", done)
	if done <= 1000 {
		p.Str(" /* ")
		p.Uint(done / 10)
		p.Byte('.')
		p.Uint(done % 10)
		p.Str("% */")
	}
	p.FieldUint("time_started", w.Num(32, 8))
	p.Date(int64(w.Num(32, 8)), 0, 9)
	p.FieldUint("time_stopped", w.Num(40, 8))
	p.Date(int64(w.Num(40, 8)), 0, 9)
	p.FieldUint("num_write_errors", w.Num(48, 8))
	p.FieldUint("num_uncorrectable_read_errors", w.Num(56, 8))
	p.Byte('}')
}
