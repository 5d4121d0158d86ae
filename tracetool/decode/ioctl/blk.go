package tracetool

import "unsafe"

// Block devices (linux/fs.h, blkpg.h, blktrace_api.h), loop devices
// (linux/loop.h).

var ioctlBlock = []ioctlArg{
	{cmd: cmdBLKRASET, k: iUint}, {cmd: cmdBLKFRASET, k: iUint}, {cmd: cmdBLKSECTGET, k: iU16At | out}, {cmd: cmdBLKROTATIONAL, k: iU16At | out},
	{cmd: cmdBLKROGET, k: iIntAt | out}, {cmd: cmdBLKBSZGET, k: iIntAt | out}, {cmd: cmdBLKSSZGET, k: iIntAt | out},
	{cmd: cmdBLKALIGNOFF, k: iIntAt | out}, {cmd: cmdBLKROSET, k: iIntAt}, {cmd: cmdBLKBSZSET, k: iIntAt}, {cmd: cmdBLKPBSZGET, k: iUintAt | out},
	{cmd: cmdBLKIOMIN, k: iUintAt | out}, {cmd: cmdBLKIOOPT, k: iUintAt | out}, {cmd: cmdBLKDISCARDZEROES, k: iUintAt | out},
	{cmd: cmdBLKGETZONESZ, k: iUintAt | out}, {cmd: cmdBLKGETNRZONES, k: iUintAt | out}, {cmd: cmdBLKRAGET, k: iS64At | out},
	{cmd: cmdBLKFRAGET, k: iS64At | out}, {cmd: cmdBLKGETSIZE, k: iU64At | out}, {cmd: cmdBLKGETSIZE64, k: iU64At | out},
	{cmd: cmdBLKGETDISKSEQ, k: iU64At | out}, {cmd: cmdBLKDISCARD, k: iPairU64}, {cmd: cmdBLKSECDISCARD, k: iPairU64},
	{cmd: cmdBLKZEROOUT, k: iPairU64}, {cmd: cmdBLKPG, k: iSpecial},
	{cmd: cmdBLKTRACESETUP, k: iGrow, s: []field{{"", fAt, 32}, {"act_mask", fU16, 0}, {"buf_size", fU32, 0}, {"buf_nr", fU32, 0},
		{"", fAt, 48}, {"start_lba", fU64, 0}, {"end_lba", fU64, 0}, {"pid", fPid, 0}, {"", fPad, 4}}, s2: []field{{"name", fStr, 32}}},
	{cmd: cmdBLKRRPART}, {cmd: cmdBLKFLSBUF}, {cmd: cmdBLKTRACESTART}, {cmd: cmdBLKTRACESTOP}, {cmd: cmdBLKTRACETEARDOWN},
}

var (
	sBlkpg    = []field{{"op", fV32, xBlkpg}, {"flags", fD32, 0}, {"datalen", fD32, 0}}
	sBlkpgPar = []field{{"start", fD64, 0}, {"length", fD64, 0}, {"pno", fD32, 0}, {"devname", fStr, 64}, {"volname", fStr, 64}}
)

func (p *printer) blkpg(v uint64) step {
	var data uint64
	p.comma()
	if !readable(v, 24) || !peek(unsafe.Pointer(&data), 8, v+16) {
		p.ptr(v)
		return last
	}
	p.Byte('{')
	p.fields(v, sBlkpg, 12, true)
	p.field("data")
	p.structAt(data, sBlkpgPar)
	p.Byte('}')
	return last
}

// The fields of struct loop_info64 in their groups: those that are shown with
// -v only, those that are always, those of an encryption.
var (
	sLoop64Dev   = []field{{"lo_device", fDev64, 0}, {"lo_inode", fU64, 0}, {"lo_rdevice", fDev64, 0}}
	sLoop64Off   = []field{{"", fAt, 24}, {"lo_offset", fX64, 0}}
	sLoop64Limit = []field{{"", fAt, 32}, {"lo_sizelimit", fU64, 0}}
	sLoop64Num   = []field{{"", fAt, 40}, {"lo_number", fU32, 0}}
	sLoop64Type  = []field{{"", fAt, 44}, {"lo_encrypt_type", fV32, xLoCrypt}, {"lo_encrypt_key_size", fU32, 0}}
	sLoop64Name  = []field{{"", fAt, 52}, {"lo_flags", fF32, xLoFlag}, {"lo_file_name", fStr, 64}}
	sLoop64Crypt = []field{{"", fAt, 120}, {"lo_crypt_name", fStr, 64}}
	sLoop64Init  = []field{{"", fAt, 216}, {"", fTimes, 2}, {"lo_init", fX64, 0}}
	sLoopNum     = []field{{"lo_number", fD32, 0}}
	sLoopDev     = []field{{"", fAt, 8}, {"lo_device", fDev64, 0}, {"lo_inode", fU64, 0}, {"lo_rdevice", fDev64, 0}}
	sLoopOff     = []field{{"", fAt, 32}, {"lo_offset", fX32, 0}}
	sLoopType    = []field{{"", fAt, 36}, {"lo_encrypt_type", fV32, xLoCrypt}, {"lo_encrypt_key_size", fU32, 0}}
	sLoopName    = []field{{"", fAt, 44}, {"lo_flags", fF32, xLoFlag}, {"lo_name", fStr, 64}}
	sLoopInit    = []field{{"", fAt, 144}, {"", fTimes, 2}, {"lo_init", fX64, 0}, {"", fTimes, 4}, {"reserved", fX8, 0}}
)

const (
	loopKeyMax   = 32 // LO_KEY_SIZE
	loopInfoSize = 168
	loop64Size   = 232
)

var ioctlLoop = []ioctlArg{
	{cmd: cmdLOOP_GET_STATUS, k: iSpecial | out}, {cmd: cmdLOOP_SET_STATUS, k: iSpecial}, {cmd: cmdLOOP_GET_STATUS64, k: iSpecial | out},
	{cmd: cmdLOOP_SET_STATUS64, k: iSpecial}, {cmd: cmdLOOP_CONFIGURE, k: iSpecial}, {cmd: cmdLOOP_CLR_FD}, {cmd: cmdLOOP_SET_CAPACITY},
	{cmd: cmdLOOP_CTL_GET_FREE}, {cmd: cmdLOOP_SET_FD, k: iFdArg}, {cmd: cmdLOOP_CHANGE_FD, k: iFdArg}, {cmd: cmdLOOP_CTL_ADD, k: iInt},
	{cmd: cmdLOOP_CTL_REMOVE, k: iInt}, {cmd: cmdLOOP_SET_DIRECT_IO, k: iUint}, {cmd: cmdLOOP_SET_BLOCK_SIZE, k: iUint},
}

func (p *printer) loopInfo(v uint64) {
	if !readable(v, loopInfoSize) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: loopInfoSize}
	crypt := p.full() || w.num(36, 4) != 0
	p.Byte('{')
	p.fieldsIn(&w, sLoopNum, true)
	if p.full() {
		p.fieldsIn(&w, sLoopDev, false)
	}
	p.fieldsIn(&w, sLoopOff, false)
	if crypt {
		p.fieldsIn(&w, sLoopType, false)
	}
	p.fieldsIn(&w, sLoopName, false)
	if crypt {
		p.loopKey(&w, 40, 112)
	}
	if p.full() {
		p.fieldsIn(&w, sLoopInit, false)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

// loopKey prints the key at offset key, whose size is at offset size.
func (p *printer) loopKey(w *window, size, key uint64) {
	n := min(w.num(size, 4), loopKeyMax)
	p.field("lo_encrypt_key")
	p.winText(w, key, key+n)
}

func (p *printer) loopInfo64(v uint64) {
	if !readable(v, loop64Size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: loop64Size}
	crypt := p.full() || w.num(44, 4) != 0
	p.Byte('{')
	if p.full() {
		p.fieldsIn(&w, sLoop64Dev, true)
	}
	p.fieldsIn(&w, sLoop64Off, !p.full())
	if p.full() {
		p.fieldsIn(&w, sLoop64Limit, false)
	}
	p.fieldsIn(&w, sLoop64Num, false)
	if crypt {
		p.fieldsIn(&w, sLoop64Type, false)
	}
	p.fieldsIn(&w, sLoop64Name, false)
	if crypt {
		p.fieldsIn(&w, sLoop64Crypt, false)
		p.loopKey(&w, 48, 184)
	}
	if p.full() {
		p.fieldsIn(&w, sLoop64Init, false)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

var (
	sLoopConfig    = []field{{"fd", fFd, 0}, {"block_size", fU32, 0}}
	sLoopConfigRsv = []field{{"", fAt, 240}, {"", fNonzero, 0}, {"", fTimes, 8}, {"__reserved", fX64, 0}}
)

func (p *printer) loopConfig(v uint64) {
	const size = 304
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	p.Byte('{')
	p.fields(v, sLoopConfig, size, true)
	p.field("info")
	p.loopInfo64(v + 8)
	p.fields(v, sLoopConfigRsv, size, false)
	p.Byte('}')
}
