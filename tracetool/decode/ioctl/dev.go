package tracetool

import "unsafe"

// Disks, seccomp's listener, performance events, SCSI (linux/hdreg.h,
// linux/seccomp.h, linux/perf_event.h, scsi/sg.h).

var (
	sDriveIn  = []field{{"command", fV8, xAtaCmd}, {"sector_number", fU8, 0}, {"feature", fU8, 0}, {"sector_count", fU8, 0}}
	sDriveOut = []field{{"status", fX8, 0}, {"error", fU8, 0}, {"nsector", fU8, 0}}
)

// driveCmd prints HDIO_DRIVE_CMD's argument; what the drive says comes back
// with EIO, too.
func (p *printer) driveCmd(v uint64) step {
	const sector, eio = 512, 5
	if !p.cont {
		p.comma()
		if !p.structAt(v, sDriveIn) {
			return last
		}
		if !p.exit {
			return wait
		}
	}
	var b [4]byte
	if p.failed() && p.c.Errno() != eio || !peek(unsafe.Pointer(&b), 4, v) {
		return last
	}
	p.Str(" => {")
	p.fields(v, sDriveOut, 4, true)
	if b[3] != 0 {
		p.field("buf")
		p.random(v+4, uint64(b[3])*sector)
	}
	p.Byte('}')
	return last
}

var ioctlSeccomp = []ioctlArg{
	{cmd: cmdSECCOMP_IOCTL_NOTIF_RECV, k: iSpecial},
	{cmd: cmdSECCOMP_IOCTL_NOTIF_SEND, k: iStruct, s: []field{{"id", fX64, 0}, {"val", fD64, 0}, {"error", fErr32, 0}, {"flags", fF32, xNotifResp}}},
	{cmd: cmdSECCOMP_IOCTL_NOTIF_ID_VALID, k: iX64At}, {cmd: notifIdOld, k: iX64At},
	{cmd: cmdSECCOMP_IOCTL_NOTIF_ADDFD, k: iStruct, s: []field{{"id", fX64, 0}, {"flags", fF32, xNotifAddfd}, {"srcfd", fFd, 0},
		{"newfd", fD32, 0}, {"newfd_flags", fF32, xOpen}}},
}

// notifIdOld is SECCOMP_IOCTL_NOTIF_ID_VALID with the direction that it had
// first.
const notifIdOld = 0x80082102

// notif prints struct seccomp_notif, which should be zero when it is given.
func (p *printer) notif(v uint64) step {
	const size = 80
	if !p.cont {
		p.comma()
	}
	if !readable(v, size) {
		p.ptr(v)
		return last
	}
	w := window{addr: v, end: size}
	if !p.exit && w.zero(0, size) {
		return wait
	}
	if p.exit && p.failed() && p.saved[0] == 0 {
		p.ptr(v)
		return last
	}
	if p.exit && p.failed() {
		p.ptr(v)
		return last
	}
	p.Byte('{')
	p.fieldsIn(&w, sNotif, true)
	p.Byte('}')
	if !p.exit {
		p.Str(" => ")
		return wait
	}
	return last
}

var sNotif = []field{{"id", fX64, 0}, {"pid", fPid, 0}, {"flags", fX32, 0}, {"data", fOpen, 0}, {"nr", fCallNr, 0}, {"arch", fV32, xAuditArch},
	{"instruction_pointer", fPtr, 0}, {"", fTimes, 6}, {"args", fX64, 0}, {"", fClose, 0}}

var ioctlPerf = []ioctlArg{
	{cmd: cmdPERF_EVENT_IOC_ENABLE, k: iFlagArg, x: xPerfIoc}, {cmd: cmdPERF_EVENT_IOC_DISABLE, k: iFlagArg, x: xPerfIoc},
	{cmd: cmdPERF_EVENT_IOC_RESET, k: iFlagArg, x: xPerfIoc}, {cmd: cmdPERF_EVENT_IOC_REFRESH, k: iInt},
	{cmd: cmdPERF_EVENT_IOC_PERIOD, k: iU64At}, {cmd: cmdPERF_EVENT_IOC_SET_OUTPUT, k: iFdArg}, {cmd: cmdPERF_EVENT_IOC_SET_BPF, k: iFdArg},
	{cmd: cmdPERF_EVENT_IOC_PAUSE_OUTPUT, k: iUint}, {cmd: cmdPERF_EVENT_IOC_SET_FILTER, k: iTextArg, x: 4095},
	{cmd: cmdPERF_EVENT_IOC_ID, k: iU64At | out}, {cmd: cmdPERF_EVENT_IOC_QUERY_BPF, k: iSpecial},
	{cmd: cmdPERF_EVENT_IOC_MODIFY_ATTRIBUTES, k: iSpecial},
}

// queryBpf prints struct perf_event_query_bpf.
func (p *printer) queryBpf(v uint64) step {
	var n uint32
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&n), 4, v) {
			return last
		}
		p.Str("{ids_len=")
		p.Uint(uint64(n))
		p.comma()
		if !p.exit {
			return wait
		}
	}
	if p.failed() || !peek(unsafe.Pointer(&n), 4, v+4) {
		p.Str("...}")
		return last
	}
	p.Str("prog_cnt=")
	p.Uint(uint64(n))
	p.field("ids")
	count := uint64(n)
	for i := uint64(0); p.each(unsafe.Pointer(&n), 4, v+8, i, count); i++ {
		p.Uint(uint64(n))
	}
	p.Byte('}')
	return last
}

var ioctlScsi = []ioctlArg{
	{cmd: cmdSG_GET_SCSI_ID, k: iStruct | out, s: []field{{"host_no", fD32, 0}, {"channel", fD32, 0}, {"scsi_id", fX32, 0}, {"lun", fD32, 0},
		{"scsi_type", fX32, 0}, {"h_cmd_per_lun", fD16, 0}, {"d_queue_depth", fD16, 0}, {"", fPad, 8}}},
	{cmd: cmdSG_SCSI_RESET, k: iSpecial}, {cmd: cmdSG_IO, k: iSpecial},
	{cmd: cmdSG_NEXT_CMD_LEN, k: iIntAt}, {cmd: cmdSG_SET_COMMAND_Q, k: iIntAt}, {cmd: cmdSG_SET_DEBUG, k: iIntAt},
	{cmd: cmdSG_SET_FORCE_LOW_DMA, k: iIntAt}, {cmd: cmdSG_SET_FORCE_PACK_ID, k: iIntAt}, {cmd: cmdSG_SET_KEEP_ORPHAN, k: iIntAt},
	{cmd: cmdSG_SET_RESERVED_SIZE, k: iIntAt}, {cmd: cmdSG_SET_TIMEOUT, k: iIntAt}, {cmd: cmdSG_EMULATED_HOST, k: iIntAt | out},
	{cmd: cmdSG_GET_ACCESS_COUNT, k: iIntAt | out}, {cmd: cmdSG_GET_REQUEST_TABLE, k: iAddr}, {cmd: cmdSG_GET_COMMAND_Q, k: iIntAt | out}, {cmd: cmdSG_GET_KEEP_ORPHAN, k: iIntAt | out},
	{cmd: cmdSG_GET_LOW_DMA, k: iIntAt | out}, {cmd: cmdSG_GET_NUM_WAITING, k: iIntAt | out}, {cmd: cmdSG_GET_PACK_ID, k: iIntAt | out},
	{cmd: cmdSG_GET_RESERVED_SIZE, k: iIntAt | out}, {cmd: cmdSG_GET_SG_TABLESIZE, k: iIntAt | out}, {cmd: cmdSG_GET_TRANSFORM, k: iIntAt | out},
	{cmd: cmdSG_GET_VERSION_NUM, k: iIntAt | out}, {cmd: cmdSG_SET_TRANSFORM, k: iHex32}, {cmd: cmdSG_GET_TIMEOUT},
}

func (p *printer) sgReset(v uint64) step {
	const noEscalate = 0x100
	var n uint32
	p.comma()
	if !p.fetch(unsafe.Pointer(&n), 4, v) {
		return last
	}
	p.Byte('[')
	if n&noEscalate != 0 {
		p.val(xSgReset, noEscalate)
		p.Byte('|')
	}
	p.val(xSgReset, uint64(n&^noEscalate))
	p.Byte(']')
	return last
}
