package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Disks, seccomp's listener, performance events, SCSI (linux/hdreg.h,
// linux/seccomp.h, linux/perf_event.h, scsi/sg.h).

var (
	sDriveIn  = []text.Field{{Name: "command", Kind: text.V8, Arg: names.AtaCmd}, {Name: "sector_number", Kind: text.U8}, {Name: "feature", Kind: text.U8}, {Name: "sector_count", Kind: text.U8}}
	sDriveOut = []text.Field{{Name: "status", Kind: text.X8}, {Name: "error", Kind: text.U8}, {Name: "nsector", Kind: text.U8}}
)

// driveCmd prints HDIO_DRIVE_CMD's argument; what the drive says comes back
// with EIO, too.
func driveCmd(p *text.Printer, v uint64) text.Step {
	const sector, eio = 512, 5
	if !p.Cont {
		p.Comma()
		if !p.StructAt(v, sDriveIn) {
			return text.Last
		}
		if !p.Exit {
			return text.Wait
		}
	}
	var b [4]byte
	if p.Failed() && p.C.Errno() != eio || !text.Peek(unsafe.Pointer(&b), 4, v) {
		return text.Last
	}
	p.Str(" => {")
	p.Fields(v, sDriveOut, 4, true)
	if b[3] != 0 {
		p.Field("buf")
		p.Random(v+4, uint64(b[3])*sector)
	}
	p.Byte('}')
	return text.Last
}

var ioctlSeccomp = []Arg{
	{cmd: names.SECCOMP_IOCTL_NOTIF_RECV, k: Special},
	{cmd: names.SECCOMP_IOCTL_NOTIF_SEND, k: Struct, S: []text.Field{{Name: "id", Kind: text.X64}, {Name: "val", Kind: text.D64}, {Name: "error", Kind: text.Err32}, {Name: "flags", Kind: text.F32, Arg: names.NotifResp}}},
	{cmd: names.SECCOMP_IOCTL_NOTIF_ID_VALID, k: X64At}, {cmd: notifIdOld, k: X64At},
	{cmd: names.SECCOMP_IOCTL_NOTIF_ADDFD, k: Struct, S: []text.Field{{Name: "id", Kind: text.X64}, {Name: "flags", Kind: text.F32, Arg: names.NotifAddfd}, {Name: "srcfd", Kind: text.Fd},
		{Name: "newfd", Kind: text.D32}, {Name: "newfd_flags", Kind: text.F32, Arg: names.Open}}},
}

// notifIdOld is SECCOMP_IOCTL_NOTIF_ID_VALID with the direction that it had
// first.
const notifIdOld = 0x80082102

// notif prints struct seccomp_notif, which should be zero when it is given.
func notif(p *text.Printer, v uint64) text.Step {
	const size = 80
	if !p.Cont {
		p.Comma()
	}
	if !text.Readable(v, size) {
		p.Ptr(v)
		return text.Last
	}
	w := text.Window{Addr: v, End: size}
	if !p.Exit && w.Zero(0, size) {
		return text.Wait
	}
	if p.Exit && p.Failed() && p.Saved[0] == 0 {
		p.Ptr(v)
		return text.Last
	}
	if p.Exit && p.Failed() {
		p.Ptr(v)
		return text.Last
	}
	p.Byte('{')
	p.FieldsIn(&w, sNotif, true)
	p.Byte('}')
	if !p.Exit {
		p.Str(" => ")
		return text.Wait
	}
	return text.Last
}

var sNotif = []text.Field{{Name: "id", Kind: text.X64}, {Name: "pid", Kind: text.Pid}, {Name: "flags", Kind: text.X32}, {Name: "data", Kind: text.Open}, {Name: "nr", Kind: text.CallNr}, {Name: "arch", Kind: text.V32, Arg: names.AuditArch},
	{Name: "instruction_pointer", Kind: text.Ptr}, {Kind: text.Times, Arg: 6}, {Name: "args", Kind: text.X64}, {Kind: text.Close}}

var ioctlPerf = []Arg{
	{cmd: names.PERF_EVENT_IOC_ENABLE, k: FlagArg, X: names.PerfIoc}, {cmd: names.PERF_EVENT_IOC_DISABLE, k: FlagArg, X: names.PerfIoc},
	{cmd: names.PERF_EVENT_IOC_RESET, k: FlagArg, X: names.PerfIoc}, {cmd: names.PERF_EVENT_IOC_REFRESH, k: Int},
	{cmd: names.PERF_EVENT_IOC_PERIOD, k: U64At}, {cmd: names.PERF_EVENT_IOC_SET_OUTPUT, k: FdArg}, {cmd: names.PERF_EVENT_IOC_SET_BPF, k: FdArg},
	{cmd: names.PERF_EVENT_IOC_PAUSE_OUTPUT, k: Uint}, {cmd: names.PERF_EVENT_IOC_SET_FILTER, k: TextArg, X: 4095},
	{cmd: names.PERF_EVENT_IOC_ID, k: U64At | Out}, {cmd: names.PERF_EVENT_IOC_QUERY_BPF, k: Special},
	{cmd: names.PERF_EVENT_IOC_MODIFY_ATTRIBUTES, k: Special},
}

// queryBpf prints struct perf_event_query_bpf.
func queryBpf(p *text.Printer, v uint64) text.Step {
	var n uint32
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&n), 4, v) {
			return text.Last
		}
		p.Str("{ids_len=")
		p.Uint(uint64(n))
		p.Comma()
		if !p.Exit {
			return text.Wait
		}
	}
	if p.Failed() || !text.Peek(unsafe.Pointer(&n), 4, v+4) {
		p.Str("...}")
		return text.Last
	}
	p.Str("prog_cnt=")
	p.Uint(uint64(n))
	p.Field("ids")
	count := uint64(n)
	for i := uint64(0); p.Each(unsafe.Pointer(&n), 4, v+8, i, count); i++ {
		p.Uint(uint64(n))
	}
	p.Byte('}')
	return text.Last
}

var ioctlScsi = []Arg{
	{cmd: names.SG_GET_SCSI_ID, k: Struct | Out, S: []text.Field{{Name: "host_no", Kind: text.D32}, {Name: "channel", Kind: text.D32}, {Name: "scsi_id", Kind: text.X32}, {Name: "lun", Kind: text.D32},
		{Name: "scsi_type", Kind: text.X32}, {Name: "h_cmd_per_lun", Kind: text.D16}, {Name: "d_queue_depth", Kind: text.D16}, {Kind: text.Pad, Arg: 8}}},
	{cmd: names.SG_SCSI_RESET, k: Special}, {cmd: names.SG_IO, k: Special},
	{cmd: names.SG_NEXT_CMD_LEN, k: IntAt}, {cmd: names.SG_SET_COMMAND_Q, k: IntAt}, {cmd: names.SG_SET_DEBUG, k: IntAt},
	{cmd: names.SG_SET_FORCE_LOW_DMA, k: IntAt}, {cmd: names.SG_SET_FORCE_PACK_ID, k: IntAt}, {cmd: names.SG_SET_KEEP_ORPHAN, k: IntAt},
	{cmd: names.SG_SET_RESERVED_SIZE, k: IntAt}, {cmd: names.SG_SET_TIMEOUT, k: IntAt}, {cmd: names.SG_EMULATED_HOST, k: IntAt | Out},
	{cmd: names.SG_GET_ACCESS_COUNT, k: IntAt | Out}, {cmd: names.SG_GET_REQUEST_TABLE, k: Addr}, {cmd: names.SG_GET_COMMAND_Q, k: IntAt | Out}, {cmd: names.SG_GET_KEEP_ORPHAN, k: IntAt | Out},
	{cmd: names.SG_GET_LOW_DMA, k: IntAt | Out}, {cmd: names.SG_GET_NUM_WAITING, k: IntAt | Out}, {cmd: names.SG_GET_PACK_ID, k: IntAt | Out},
	{cmd: names.SG_GET_RESERVED_SIZE, k: IntAt | Out}, {cmd: names.SG_GET_SG_TABLESIZE, k: IntAt | Out}, {cmd: names.SG_GET_TRANSFORM, k: IntAt | Out},
	{cmd: names.SG_GET_VERSION_NUM, k: IntAt | Out}, {cmd: names.SG_SET_TRANSFORM, k: Hex32}, {cmd: names.SG_GET_TIMEOUT},
}

func sgReset(p *text.Printer, v uint64) text.Step {
	const noEscalate = 0x100
	var n uint32
	p.Comma()
	if !p.Fetch(unsafe.Pointer(&n), 4, v) {
		return text.Last
	}
	p.Byte('[')
	if n&noEscalate != 0 {
		p.Val(names.SgReset, noEscalate)
		p.Byte('|')
	}
	p.Val(names.SgReset, uint64(n&^noEscalate))
	p.Byte(']')
	return text.Last
}
