package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Files and file systems (linux/fs.h, linux/fiemap.h), and devices with little
// to say.

var sFsxattrSet = []text.Field{{Name: "fsx_xflags", Kind: text.F32, Arg: names.FsXflag}, {Name: "fsx_extsize", Kind: text.U32}, {Kind: text.At, Arg: 12}, {Name: "fsx_projid", Kind: text.X32},
	{Name: "fsx_cowextsize", Kind: text.U32}, {Kind: text.Pad, Arg: 8}}

var ioctlFs = []Arg{
	{cmd: names.FITRIM, k: Struct, S: []text.Field{{Name: "start", Kind: text.X64}, {Name: "len", Kind: text.U64}, {Name: "minlen", Kind: text.U64}}},
	{cmd: names.FS_IOC_FSGETXATTR, k: Struct | Out, S: []text.Field{{Name: "fsx_xflags", Kind: text.F32, Arg: names.FsXflag}, {Name: "fsx_extsize", Kind: text.U32},
		{Name: "fsx_nextents", Kind: text.U32}, {Name: "fsx_projid", Kind: text.X32}, {Name: "fsx_cowextsize", Kind: text.U32}, {Kind: text.Pad, Arg: 8}}},
	{cmd: names.FS_IOC_FSSETXATTR, k: Struct, S: sFsxattrSet},
	{cmd: names.FIFREEZE}, {cmd: names.FITHAW},
	{cmd: names.FS_IOC_FIEMAP, k: Special},
	{cmd: names.FS_IOC_GETFLAGS, k: FlagAt | Out, X: names.FsFl}, {cmd: names.FS_IOC32_GETFLAGS, k: FlagAt | Out, X: names.FsFl},
	{cmd: names.FS_IOC_SETFLAGS, k: FlagAt, X: names.FsFl}, {cmd: names.FS_IOC32_SETFLAGS, k: FlagAt, X: names.FsFl},
	{cmd: names.FICLONE, k: Int},
	{cmd: names.FICLONERANGE, k: Struct, S: []text.Field{{Name: "src_fd", Kind: text.Fd}, {Kind: text.At, Arg: 8}, {Name: "src_offset", Kind: text.U64}, {Name: "src_length", Kind: text.U64},
		{Name: "dest_offset", Kind: text.U64}}},
	{cmd: names.FIDEDUPERANGE, k: Special},
	{cmd: names.FS_IOC_GETFSLABEL, k: CharArg | Out, X: 256}, {cmd: names.FS_IOC_SETFSLABEL, k: CharArg, X: 256},
}

var (
	sFiemapIn = []text.Field{{Name: "fm_start", Kind: text.U64}, {Name: "fm_length", Kind: text.U64}, {Name: "fm_flags", Kind: text.F32, Arg: names.Fiemap}, {Kind: text.At, Arg: 24},
		{Name: "fm_extent_count", Kind: text.U32}}
	sFiemapOut = []text.Field{{Kind: text.At, Arg: 16}, {Name: "fm_flags", Kind: text.F32, Arg: names.Fiemap}, {Name: "fm_mapped_extents", Kind: text.U32}}
	sExtent    = []text.Field{{Name: "fe_logical", Kind: text.U64}, {Name: "fe_physical", Kind: text.U64}, {Name: "fe_length", Kind: text.U64}, {Kind: text.Pad, Arg: 16},
		{Name: "fe_flags", Kind: text.F32, Arg: names.FiemapExtent}, {Kind: text.Pad, Arg: 12}}
	sDedupe    = []text.Field{{Name: "src_offset", Kind: text.U64}, {Name: "src_length", Kind: text.U64}, {Name: "dest_count", Kind: text.U16}}
	sDedupeIn  = []text.Field{{Name: "dest_fd", Kind: text.Fd64}, {Name: "dest_offset", Kind: text.U64}, {Kind: text.Pad, Arg: 16}}
	sDedupeOut = []text.Field{{Kind: text.Pad, Arg: 16}, {Name: "bytes_deduped", Kind: text.U64}, {Name: "status", Kind: text.D32}, {Kind: text.Pad, Arg: 4}}
)

// fiemap prints FS_IOC_FIEMAP's argument.
func fiemap(p *text.Printer, v uint64) text.Step {
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, 32) {
			p.Ptr(v)
			return text.Last
		}
		p.StructAt(v, sFiemapIn)
		if !p.Exit {
			return text.Wait
		}
	}
	if p.Failed() {
		return text.Last
	}
	p.Str(" => ")
	if !text.Readable(v, 32) {
		p.Ptr(v)
		return text.Last
	}
	p.Byte('{')
	p.Fields(v, sFiemapOut, 24, true)
	if !p.Full() {
		p.Str(", ...}")
		return text.Last
	}
	var n uint32
	text.Peek(unsafe.Pointer(&n), 4, v+20)
	p.Field("fm_extents")
	p.StructArray(sExtent, v+32, uint64(n))
	p.Byte('}')
	return text.Last
}

// dedupe prints FIDEDUPERANGE's argument.
func dedupe(p *text.Printer, v uint64) text.Step {
	const head, elem, shown = 24, 32, 2
	var count uint16
	if !p.Cont {
		p.Comma()
	} else if p.Failed() {
		return text.Last
	} else {
		p.Str(" => ")
	}
	if !text.Readable(v, head) {
		p.Ptr(v)
		return text.Last
	}
	text.Peek(unsafe.Pointer(&count), 2, v+16)
	p.Byte('{')
	s := sDedupeOut
	if !p.Cont {
		p.Fields(v, sDedupe, head, true)
		p.Comma()
		s = sDedupeIn
	}
	p.Str("info=")
	var b [elem]byte
	n := uint64(count)
	for i := uint64(0); p.Each(unsafe.Pointer(&b), elem, v+head, i, n); i++ {
		if i == shown && !p.Full() && n > shown {
			p.Str("...]")
			break
		}
		p.StructAt(v+head+elem*i, s)
	}
	p.Byte('}')
	if !p.Full() {
		n = min(n, shown)
	}
	if p.Exit || n == 0 || !text.Readable(v+head, n*elem) {
		return text.Last
	}
	return text.Wait
}

var (
	ioctlRandom = []Arg{
		{cmd: names.RNDGETENTCNT, k: IntAt | Out}, {cmd: names.RNDADDTOENTCNT, k: IntAt}, {cmd: names.RNDADDENTROPY, k: Special},
		{cmd: names.RNDZAPENTCNT}, {cmd: names.RNDCLEARPOOL}, {cmd: names.RNDRESEEDCRNG},
	}
	ioctlWatchdog = []Arg{
		{cmd: names.WDIOC_GETSTATUS, k: IntAt | Out}, {cmd: names.WDIOC_GETBOOTSTATUS, k: IntAt | Out}, {cmd: names.WDIOC_GETTEMP, k: IntAt | Out},
		{cmd: names.WDIOC_GETTIMEOUT, k: IntAt | Out}, {cmd: names.WDIOC_GETPRETIMEOUT, k: IntAt | Out},
		{cmd: names.WDIOC_GETTIMELEFT, k: IntAt | Out}, {cmd: names.WDIOC_SETTIMEOUT, k: IntAt}, {cmd: names.WDIOC_SETPRETIMEOUT, k: IntAt},
		{cmd: names.WDIOC_KEEPALIVE},
	}
	ioctlNsfs = []Arg{
		{cmd: names.NS_GET_USERNS}, {cmd: names.NS_GET_PARENT}, {cmd: names.NS_GET_NSTYPE}, {cmd: names.NS_GET_OWNER_UID, k: IdAt | Out},
	}
	ioctlNbd = []Arg{
		{cmd: names.NBD_DISCONNECT}, {cmd: names.NBD_CLEAR_SOCK}, {cmd: names.NBD_DO_IT}, {cmd: names.NBD_CLEAR_QUE}, {cmd: names.NBD_PRINT_DEBUG},
		{cmd: names.NBD_SET_SOCK, k: FdArg}, {cmd: names.NBD_SET_BLKSIZE, k: Uint}, {cmd: names.NBD_SET_SIZE, k: Uint},
		{cmd: names.NBD_SET_SIZE_BLOCKS, k: Uint}, {cmd: names.NBD_SET_TIMEOUT, k: Uint}, {cmd: names.NBD_SET_FLAGS, k: FlagArg, X: names.NbdFlag},
	}
	ioctlCounter = []Arg{
		{cmd: names.COUNTER_ADD_WATCH_IOCTL, k: Struct, S: []text.Field{{Name: "component", Kind: text.Open}, {Name: "type", Kind: text.V8, Arg: names.CounterComp},
			{Name: "scope", Kind: text.V8, Arg: names.CounterScope}, {Name: "parent", Kind: text.U8}, {Name: "id", Kind: text.U8}, {Kind: text.Close}, {Name: "event", Kind: text.V8, Arg: names.CounterEvent}, {Name: "channel", Kind: text.U8}}},
		{cmd: names.COUNTER_ENABLE_EVENTS_IOCTL}, {cmd: names.COUNTER_DISABLE_EVENTS_IOCTL},
	}
	ioctlInotify = []Arg{{cmd: 0x40044900, k: Int}} // INOTIFY_IOC_SETNEXTWD
)

var ioctlLirc = []Arg{
	{cmd: names.LIRC_GET_FEATURES, k: FlagAt | Out, X: names.LircFeature}, {cmd: names.LIRC_GET_SEND_MODE, k: ValAt | Out, X: names.LircMode},
	{cmd: names.LIRC_GET_REC_MODE, k: ValAt | Out, X: names.LircMode}, {cmd: names.LIRC_GET_REC_RESOLUTION, k: UintAt | Out},
	{cmd: names.LIRC_GET_MIN_TIMEOUT, k: UintAt | Out}, {cmd: names.LIRC_GET_MAX_TIMEOUT, k: UintAt | Out},
	{cmd: names.LIRC_GET_LENGTH, k: UintAt | Out}, {cmd: names.LIRC_GET_REC_TIMEOUT, k: UintAt | Out},
	{cmd: names.LIRC_SET_SEND_MODE, k: ValAt, X: names.LircMode}, {cmd: names.LIRC_SET_REC_MODE, k: ValAt, X: names.LircMode},
	{cmd: names.LIRC_SET_SEND_CARRIER, k: UintAt}, {cmd: names.LIRC_SET_REC_CARRIER, k: UintAt}, {cmd: names.LIRC_SET_SEND_DUTY_CYCLE, k: UintAt},
	{cmd: names.LIRC_SET_TRANSMITTER_MASK, k: X32At}, {cmd: names.LIRC_SET_REC_TIMEOUT, k: UintAt},
	{cmd: names.LIRC_SET_REC_TIMEOUT_REPORTS, k: UintAt}, {cmd: names.LIRC_SET_MEASURE_CARRIER_MODE, k: UintAt},
	{cmd: names.LIRC_SET_REC_CARRIER_RANGE, k: UintAt}, {cmd: names.LIRC_SET_WIDEBAND_RECEIVER, k: UintAt},
}

// entropy prints struct rand_pool_info (random(4)).
func entropy(p *text.Printer, v uint64) text.Step {
	var h [2]int32
	p.Comma()
	if p.Fetch(unsafe.Pointer(&h), 8, v) {
		p.Str("{entropy_count=")
		p.Int(int64(h[0]))
		p.FieldInt("buf_size", int64(h[1]))
		p.Field("buf")
		p.Buf(v+8, uint64(int64(h[1])))
		p.Byte('}')
	}
	return text.Last
}
