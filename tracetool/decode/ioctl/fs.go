package tracetool

import "unsafe"

// Files and file systems (linux/fs.h, linux/fiemap.h), and devices with little
// to say.

var sFsxattrSet = []field{{"fsx_xflags", fF32, xFsXflag}, {"fsx_extsize", fU32, 0}, {"", fAt, 12}, {"fsx_projid", fX32, 0},
	{"fsx_cowextsize", fU32, 0}, {"", fPad, 8}}

var ioctlFs = []ioctlArg{
	{cmd: cmdFITRIM, k: iStruct, s: []field{{"start", fX64, 0}, {"len", fU64, 0}, {"minlen", fU64, 0}}},
	{cmd: cmdFS_IOC_FSGETXATTR, k: iStruct | out, s: []field{{"fsx_xflags", fF32, xFsXflag}, {"fsx_extsize", fU32, 0},
		{"fsx_nextents", fU32, 0}, {"fsx_projid", fX32, 0}, {"fsx_cowextsize", fU32, 0}, {"", fPad, 8}}},
	{cmd: cmdFS_IOC_FSSETXATTR, k: iStruct, s: sFsxattrSet},
	{cmd: cmdFIFREEZE}, {cmd: cmdFITHAW},
	{cmd: cmdFS_IOC_FIEMAP, k: iSpecial},
	{cmd: cmdFS_IOC_GETFLAGS, k: iFlagAt | out, x: xFsFl}, {cmd: cmdFS_IOC32_GETFLAGS, k: iFlagAt | out, x: xFsFl},
	{cmd: cmdFS_IOC_SETFLAGS, k: iFlagAt, x: xFsFl}, {cmd: cmdFS_IOC32_SETFLAGS, k: iFlagAt, x: xFsFl},
	{cmd: cmdFICLONE, k: iInt},
	{cmd: cmdFICLONERANGE, k: iStruct, s: []field{{"src_fd", fFd, 0}, {"", fAt, 8}, {"src_offset", fU64, 0}, {"src_length", fU64, 0},
		{"dest_offset", fU64, 0}}},
	{cmd: cmdFIDEDUPERANGE, k: iSpecial},
	{cmd: cmdFS_IOC_GETFSLABEL, k: iCharArg | out, x: 256}, {cmd: cmdFS_IOC_SETFSLABEL, k: iCharArg, x: 256},
}

var (
	sFiemapIn = []field{{"fm_start", fU64, 0}, {"fm_length", fU64, 0}, {"fm_flags", fF32, xFiemap}, {"", fAt, 24},
		{"fm_extent_count", fU32, 0}}
	sFiemapOut = []field{{"", fAt, 16}, {"fm_flags", fF32, xFiemap}, {"fm_mapped_extents", fU32, 0}}
	sExtent    = []field{{"fe_logical", fU64, 0}, {"fe_physical", fU64, 0}, {"fe_length", fU64, 0}, {"", fPad, 16},
		{"fe_flags", fF32, xFiemapExtent}, {"", fPad, 12}}
	sDedupe    = []field{{"src_offset", fU64, 0}, {"src_length", fU64, 0}, {"dest_count", fU16, 0}}
	sDedupeIn  = []field{{"dest_fd", fFd64, 0}, {"dest_offset", fU64, 0}, {"", fPad, 16}}
	sDedupeOut = []field{{"", fPad, 16}, {"bytes_deduped", fU64, 0}, {"status", fD32, 0}, {"", fPad, 4}}
)

// fiemap prints FS_IOC_FIEMAP's argument.
func (p *printer) fiemap(v uint64) step {
	if !p.cont {
		p.comma()
		if !readable(v, 32) {
			p.ptr(v)
			return last
		}
		p.structAt(v, sFiemapIn)
		if !p.exit {
			return wait
		}
	}
	if p.failed() {
		return last
	}
	p.Str(" => ")
	if !readable(v, 32) {
		p.ptr(v)
		return last
	}
	p.Byte('{')
	p.fields(v, sFiemapOut, 24, true)
	if !p.full() {
		p.Str(", ...}")
		return last
	}
	var n uint32
	peek(unsafe.Pointer(&n), 4, v+20)
	p.field("fm_extents")
	p.structArray(sExtent, v+32, uint64(n))
	p.Byte('}')
	return last
}

// dedupe prints FIDEDUPERANGE's argument.
func (p *printer) dedupe(v uint64) step {
	const head, elem, shown = 24, 32, 2
	var count uint16
	if !p.cont {
		p.comma()
	} else if p.failed() {
		return last
	} else {
		p.Str(" => ")
	}
	if !readable(v, head) {
		p.ptr(v)
		return last
	}
	peek(unsafe.Pointer(&count), 2, v+16)
	p.Byte('{')
	s := sDedupeOut
	if !p.cont {
		p.fields(v, sDedupe, head, true)
		p.comma()
		s = sDedupeIn
	}
	p.Str("info=")
	var b [elem]byte
	n := uint64(count)
	for i := uint64(0); p.each(unsafe.Pointer(&b), elem, v+head, i, n); i++ {
		if i == shown && !p.full() && n > shown {
			p.Str("...]")
			break
		}
		p.structAt(v+head+elem*i, s)
	}
	p.Byte('}')
	if !p.full() {
		n = min(n, shown)
	}
	if p.exit || n == 0 || !readable(v+head, n*elem) {
		return last
	}
	return wait
}

var (
	ioctlRandom = []ioctlArg{
		{cmd: cmdRNDGETENTCNT, k: iIntAt | out}, {cmd: cmdRNDADDTOENTCNT, k: iIntAt}, {cmd: cmdRNDADDENTROPY, k: iSpecial},
		{cmd: cmdRNDZAPENTCNT}, {cmd: cmdRNDCLEARPOOL}, {cmd: cmdRNDRESEEDCRNG},
	}
	ioctlWatchdog = []ioctlArg{
		{cmd: cmdWDIOC_GETSTATUS, k: iIntAt | out}, {cmd: cmdWDIOC_GETBOOTSTATUS, k: iIntAt | out}, {cmd: cmdWDIOC_GETTEMP, k: iIntAt | out},
		{cmd: cmdWDIOC_GETTIMEOUT, k: iIntAt | out}, {cmd: cmdWDIOC_GETPRETIMEOUT, k: iIntAt | out},
		{cmd: cmdWDIOC_GETTIMELEFT, k: iIntAt | out}, {cmd: cmdWDIOC_SETTIMEOUT, k: iIntAt}, {cmd: cmdWDIOC_SETPRETIMEOUT, k: iIntAt},
		{cmd: cmdWDIOC_KEEPALIVE},
	}
	ioctlNsfs = []ioctlArg{
		{cmd: cmdNS_GET_USERNS}, {cmd: cmdNS_GET_PARENT}, {cmd: cmdNS_GET_NSTYPE}, {cmd: cmdNS_GET_OWNER_UID, k: iIdAt | out},
	}
	ioctlNbd = []ioctlArg{
		{cmd: cmdNBD_DISCONNECT}, {cmd: cmdNBD_CLEAR_SOCK}, {cmd: cmdNBD_DO_IT}, {cmd: cmdNBD_CLEAR_QUE}, {cmd: cmdNBD_PRINT_DEBUG},
		{cmd: cmdNBD_SET_SOCK, k: iFdArg}, {cmd: cmdNBD_SET_BLKSIZE, k: iUint}, {cmd: cmdNBD_SET_SIZE, k: iUint},
		{cmd: cmdNBD_SET_SIZE_BLOCKS, k: iUint}, {cmd: cmdNBD_SET_TIMEOUT, k: iUint}, {cmd: cmdNBD_SET_FLAGS, k: iFlagArg, x: xNbdFlag},
	}
	ioctlCounter = []ioctlArg{
		{cmd: cmdCOUNTER_ADD_WATCH_IOCTL, k: iStruct, s: []field{{"component", fOpen, 0}, {"type", fV8, xCounterComp},
			{"scope", fV8, xCounterScope}, {"parent", fU8, 0}, {"id", fU8, 0}, {"", fClose, 0}, {"event", fV8, xCounterEvent}, {"channel", fU8, 0}}},
		{cmd: cmdCOUNTER_ENABLE_EVENTS_IOCTL}, {cmd: cmdCOUNTER_DISABLE_EVENTS_IOCTL},
	}
	ioctlInotify = []ioctlArg{{cmd: 0x40044900, k: iInt}} // INOTIFY_IOC_SETNEXTWD
)

var ioctlLirc = []ioctlArg{
	{cmd: cmdLIRC_GET_FEATURES, k: iFlagAt | out, x: xLircFeature}, {cmd: cmdLIRC_GET_SEND_MODE, k: iValAt | out, x: xLircMode},
	{cmd: cmdLIRC_GET_REC_MODE, k: iValAt | out, x: xLircMode}, {cmd: cmdLIRC_GET_REC_RESOLUTION, k: iUintAt | out},
	{cmd: cmdLIRC_GET_MIN_TIMEOUT, k: iUintAt | out}, {cmd: cmdLIRC_GET_MAX_TIMEOUT, k: iUintAt | out},
	{cmd: cmdLIRC_GET_LENGTH, k: iUintAt | out}, {cmd: cmdLIRC_GET_REC_TIMEOUT, k: iUintAt | out},
	{cmd: cmdLIRC_SET_SEND_MODE, k: iValAt, x: xLircMode}, {cmd: cmdLIRC_SET_REC_MODE, k: iValAt, x: xLircMode},
	{cmd: cmdLIRC_SET_SEND_CARRIER, k: iUintAt}, {cmd: cmdLIRC_SET_REC_CARRIER, k: iUintAt}, {cmd: cmdLIRC_SET_SEND_DUTY_CYCLE, k: iUintAt},
	{cmd: cmdLIRC_SET_TRANSMITTER_MASK, k: iX32At}, {cmd: cmdLIRC_SET_REC_TIMEOUT, k: iUintAt},
	{cmd: cmdLIRC_SET_REC_TIMEOUT_REPORTS, k: iUintAt}, {cmd: cmdLIRC_SET_MEASURE_CARRIER_MODE, k: iUintAt},
	{cmd: cmdLIRC_SET_REC_CARRIER_RANGE, k: iUintAt}, {cmd: cmdLIRC_SET_WIDEBAND_RECEIVER, k: iUintAt},
}

// entropy prints struct rand_pool_info (random(4)).
func (p *printer) entropy(v uint64) step {
	var h [2]int32
	p.comma()
	if p.fetch(unsafe.Pointer(&h), 8, v) {
		p.Str("{entropy_count=")
		p.Int(int64(h[0]))
		p.fieldInt("buf_size", int64(h[1]))
		p.field("buf")
		p.buf(v+8, uint64(int64(h[1])))
		p.Byte('}')
	}
	return last
}
