package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Block devices (linux/fs.h, blkpg.h, blktrace_api.h), loop devices
// (linux/loop.h).

var ioctlBlock = []Arg{
	{cmd: names.BLKRASET, k: Uint}, {cmd: names.BLKFRASET, k: Uint}, {cmd: names.BLKSECTGET, k: U16At | Out}, {cmd: names.BLKROTATIONAL, k: U16At | Out},
	{cmd: names.BLKROGET, k: IntAt | Out}, {cmd: names.BLKBSZGET, k: IntAt | Out}, {cmd: names.BLKSSZGET, k: IntAt | Out},
	{cmd: names.BLKALIGNOFF, k: IntAt | Out}, {cmd: names.BLKROSET, k: IntAt}, {cmd: names.BLKBSZSET, k: IntAt}, {cmd: names.BLKPBSZGET, k: UintAt | Out},
	{cmd: names.BLKIOMIN, k: UintAt | Out}, {cmd: names.BLKIOOPT, k: UintAt | Out}, {cmd: names.BLKDISCARDZEROES, k: UintAt | Out},
	{cmd: names.BLKGETZONESZ, k: UintAt | Out}, {cmd: names.BLKGETNRZONES, k: UintAt | Out}, {cmd: names.BLKRAGET, k: S64At | Out},
	{cmd: names.BLKFRAGET, k: S64At | Out}, {cmd: names.BLKGETSIZE, k: U64At | Out}, {cmd: names.BLKGETSIZE64, k: U64At | Out},
	{cmd: names.BLKGETDISKSEQ, k: U64At | Out}, {cmd: names.BLKDISCARD, k: PairU64}, {cmd: names.BLKSECDISCARD, k: PairU64},
	{cmd: names.BLKZEROOUT, k: PairU64}, {cmd: names.BLKPG, k: Special},
	{cmd: names.BLKTRACESETUP, k: Grow, S: []text.Field{{Kind: text.At, Arg: 32}, {Name: "act_mask", Kind: text.U16}, {Name: "buf_size", Kind: text.U32}, {Name: "buf_nr", Kind: text.U32},
		{Kind: text.At, Arg: 48}, {Name: "start_lba", Kind: text.U64}, {Name: "end_lba", Kind: text.U64}, {Name: "pid", Kind: text.Pid}, {Kind: text.Pad, Arg: 4}}, s2: []text.Field{{Name: "name", Kind: text.Str, Arg: 32}}},
	{cmd: names.BLKRRPART}, {cmd: names.BLKFLSBUF}, {cmd: names.BLKTRACESTART}, {cmd: names.BLKTRACESTOP}, {cmd: names.BLKTRACETEARDOWN},
}

var (
	sBlkpg    = []text.Field{{Name: "op", Kind: text.V32, Arg: names.Blkpg}, {Name: "flags", Kind: text.D32}, {Name: "datalen", Kind: text.D32}}
	sBlkpgPar = []text.Field{{Name: "start", Kind: text.D64}, {Name: "length", Kind: text.D64}, {Name: "pno", Kind: text.D32}, {Name: "devname", Kind: text.Str, Arg: 64}, {Name: "volname", Kind: text.Str, Arg: 64}}
)

func blkpg(p *text.Printer, v uint64) text.Step {
	var data uint64
	p.Comma()
	if !text.Readable(v, 24) || !text.Peek(unsafe.Pointer(&data), 8, v+16) {
		p.Ptr(v)
		return text.Last
	}
	p.Byte('{')
	p.Fields(v, sBlkpg, 12, true)
	p.Field("data")
	p.StructAt(data, sBlkpgPar)
	p.Byte('}')
	return text.Last
}

// The fields of struct loop_info64 in their groups: those that are shown with
// -v only, those that are always, those of an encryption.
var (
	sLoop64Dev   = []text.Field{{Name: "lo_device", Kind: text.Dev64}, {Name: "lo_inode", Kind: text.U64}, {Name: "lo_rdevice", Kind: text.Dev64}}
	sLoop64Off   = []text.Field{{Kind: text.At, Arg: 24}, {Name: "lo_offset", Kind: text.X64}}
	sLoop64Limit = []text.Field{{Kind: text.At, Arg: 32}, {Name: "lo_sizelimit", Kind: text.U64}}
	sLoop64Num   = []text.Field{{Kind: text.At, Arg: 40}, {Name: "lo_number", Kind: text.U32}}
	sLoop64Type  = []text.Field{{Kind: text.At, Arg: 44}, {Name: "lo_encrypt_type", Kind: text.V32, Arg: names.LoCrypt}, {Name: "lo_encrypt_key_size", Kind: text.U32}}
	sLoop64Name  = []text.Field{{Kind: text.At, Arg: 52}, {Name: "lo_flags", Kind: text.F32, Arg: names.LoFlag}, {Name: "lo_file_name", Kind: text.Str, Arg: 64}}
	sLoop64Crypt = []text.Field{{Kind: text.At, Arg: 120}, {Name: "lo_crypt_name", Kind: text.Str, Arg: 64}}
	sLoop64Init  = []text.Field{{Kind: text.At, Arg: 216}, {Kind: text.Times, Arg: 2}, {Name: "lo_init", Kind: text.X64}}
	sLoopNum     = []text.Field{{Name: "lo_number", Kind: text.D32}}
	sLoopDev     = []text.Field{{Kind: text.At, Arg: 8}, {Name: "lo_device", Kind: text.Dev64}, {Name: "lo_inode", Kind: text.U64}, {Name: "lo_rdevice", Kind: text.Dev64}}
	sLoopOff     = []text.Field{{Kind: text.At, Arg: 32}, {Name: "lo_offset", Kind: text.X32}}
	sLoopType    = []text.Field{{Kind: text.At, Arg: 36}, {Name: "lo_encrypt_type", Kind: text.V32, Arg: names.LoCrypt}, {Name: "lo_encrypt_key_size", Kind: text.U32}}
	sLoopName    = []text.Field{{Kind: text.At, Arg: 44}, {Name: "lo_flags", Kind: text.F32, Arg: names.LoFlag}, {Name: "lo_name", Kind: text.Str, Arg: 64}}
	sLoopInit    = []text.Field{{Kind: text.At, Arg: 144}, {Kind: text.Times, Arg: 2}, {Name: "lo_init", Kind: text.X64}, {Kind: text.Times, Arg: 4}, {Name: "reserved", Kind: text.X8}}
)

const (
	loopKeyMax   = 32 // LO_KEY_SIZE
	loopInfoSize = 168
	loop64Size   = 232
)

var ioctlLoop = []Arg{
	{cmd: names.LOOP_GET_STATUS, k: Special | Out}, {cmd: names.LOOP_SET_STATUS, k: Special}, {cmd: names.LOOP_GET_STATUS64, k: Special | Out},
	{cmd: names.LOOP_SET_STATUS64, k: Special}, {cmd: names.LOOP_CONFIGURE, k: Special}, {cmd: names.LOOP_CLR_FD}, {cmd: names.LOOP_SET_CAPACITY},
	{cmd: names.LOOP_CTL_GET_FREE}, {cmd: names.LOOP_SET_FD, k: FdArg}, {cmd: names.LOOP_CHANGE_FD, k: FdArg}, {cmd: names.LOOP_CTL_ADD, k: Int},
	{cmd: names.LOOP_CTL_REMOVE, k: Int}, {cmd: names.LOOP_SET_DIRECT_IO, k: Uint}, {cmd: names.LOOP_SET_BLOCK_SIZE, k: Uint},
}

func loopInfo(p *text.Printer, v uint64) {
	if !text.Readable(v, loopInfoSize) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: loopInfoSize}
	crypt := p.Full() || w.Num(36, 4) != 0
	p.Byte('{')
	p.FieldsIn(&w, sLoopNum, true)
	if p.Full() {
		p.FieldsIn(&w, sLoopDev, false)
	}
	p.FieldsIn(&w, sLoopOff, false)
	if crypt {
		p.FieldsIn(&w, sLoopType, false)
	}
	p.FieldsIn(&w, sLoopName, false)
	if crypt {
		loopKey(p, &w, 40, 112)
	}
	if p.Full() {
		p.FieldsIn(&w, sLoopInit, false)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

// loopKey prints the key at offset key, whose size is at offset size.
func loopKey(p *text.Printer, w *text.Window, size, key uint64) {
	n := min(w.Num(size, 4), loopKeyMax)
	p.Field("lo_encrypt_key")
	p.WinText(w, key, key+n)
}

func loopInfo64(p *text.Printer, v uint64) {
	if !text.Readable(v, loop64Size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: loop64Size}
	crypt := p.Full() || w.Num(44, 4) != 0
	p.Byte('{')
	if p.Full() {
		p.FieldsIn(&w, sLoop64Dev, true)
	}
	p.FieldsIn(&w, sLoop64Off, !p.Full())
	if p.Full() {
		p.FieldsIn(&w, sLoop64Limit, false)
	}
	p.FieldsIn(&w, sLoop64Num, false)
	if crypt {
		p.FieldsIn(&w, sLoop64Type, false)
	}
	p.FieldsIn(&w, sLoop64Name, false)
	if crypt {
		p.FieldsIn(&w, sLoop64Crypt, false)
		loopKey(p, &w, 48, 184)
	}
	if p.Full() {
		p.FieldsIn(&w, sLoop64Init, false)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

var (
	sLoopConfig    = []text.Field{{Name: "fd", Kind: text.Fd}, {Name: "block_size", Kind: text.U32}}
	sLoopConfigRsv = []text.Field{{Kind: text.At, Arg: 240}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 8}, {Name: "__reserved", Kind: text.X64}}
)

func loopConfig(p *text.Printer, v uint64) {
	const size = 304
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	p.Byte('{')
	p.Fields(v, sLoopConfig, size, true)
	p.Field("info")
	loopInfo64(p, v+8)
	p.Fields(v, sLoopConfigRsv, size, false)
	p.Byte('}')
}
