package tracetool

// Flash memory (mtd/mtd-abi.h, mtd/ubi-user.h).

var (
	sErase   = []field{{"start", fX32, 0}, {"length", fX32, 0}}
	sOob     = []field{{"start", fX32, 0}, {"length", fX32, 0}, {"ptr", fPtr, 0}}
	sOob64   = []field{{"start", fX64, 0}, {"", fAt, 12}, {"length", fX32, 0}, {"", fAt, 16}, {"usr_ptr", fPtr, 0}}
	sOtp     = []field{{"start", fX32, 0}, {"length", fX32, 0}, {"locked", fU32, 0}}
	sUbiMap  = []field{{"lnum", fD32, 0}, {"dtype", fV8, xUbiData}, {"", fPad, 3}}
	sUbiProp = []field{{"property", fV8, xUbiProp}, {"", fAt, 8}, {"value", fX64, 0}}
)

var ioctlMtd = []ioctlArg{
	{cmd: cmdMEMERASE, k: iStruct, s: sErase}, {cmd: cmdMEMLOCK, k: iStruct, s: sErase}, {cmd: cmdMEMUNLOCK, k: iStruct, s: sErase},
	{cmd: cmdMEMISLOCKED, k: iStruct, s: sErase}, {cmd: cmdMEMERASE64, k: iStruct, s: []field{{"start", fX64, 0}, {"length", fX64, 0}}},
	{cmd: cmdMEMWRITEOOB, k: iStruct, s: sOob}, {cmd: cmdMEMREADOOB, k: iStruct, s: sOob}, {cmd: cmdMEMWRITEOOB64, k: iStruct, s: sOob64},
	{cmd: cmdMEMREADOOB64, k: iStruct, s: sOob64},
	{cmd: cmdMEMWRITE, k: iStruct, s: []field{{"start", fX64, 0}, {"len", fX64, 0}, {"ooblen", fX64, 0}, {"usr_data", fPtr, 0},
		{"usr_oob", fPtr, 0}, {"mode", fV8, xMtdOps}, {"", fPad, 7}}},
	{cmd: cmdOTPGETREGIONINFO, k: iStruct | out, s: sOtp}, {cmd: cmdOTPLOCK, k: iStruct, s: sOtp}, {cmd: cmdOTPSELECT, k: iValAt, x: xMtdOtp},
	{cmd: cmdMTDFILEMODE, k: iValArg, x: xMtdFileMode}, {cmd: cmdMEMGETBADBLOCK, k: iU64At}, {cmd: cmdMEMSETBADBLOCK, k: iU64At},
	{cmd: cmdMEMGETINFO, k: iStruct | out, s: []field{{"type", fV8, xMtdType}, {"flags", fF32, xMtdFlag}, {"size", fX32, 0},
		{"erasesize", fX32, 0}, {"writesize", fX32, 0}, {"oobsize", fX32, 0}, {"padding", fX64, 0}}},
	{cmd: cmdMEMGETOOBSEL, k: iStruct | out, s: []field{{"useecc", fV32, xMtdNand}, {"eccbytes", fX32, 0}, {"oobfree", fPairs, 8},
		{"", fTimes, 32}, {"eccpos", fX32, 0}}},
	{cmd: cmdECCGETLAYOUT, k: iStruct | out, s: []field{{"eccbytes", fX32, 0}, {"", fTimes, 64}, {"eccpos", fX32, 0}, {"oobavail", fX32, 0},
		{"oobfree", fElems, 8}, {"offset", fX32, 0}, {"length", fX32, 0}, {"", fClose, 0}}},
	{cmd: cmdECCGETSTATS, k: iStruct | out, s: []field{{"corrected", fX32, 0}, {"failed", fX32, 0}, {"badblocks", fX32, 0}, {"bbtblocks", fX32, 0}}},
	{cmd: cmdOTPGETREGIONCOUNT, k: iUintAt | out}, {cmd: cmdMEMGETREGIONCOUNT, k: iIntAt | out},
	{cmd: cmdMEMGETREGIONINFO, k: iGrow, s: []field{{"", fAt, 12}, {"regionindex", fX32, 0}},
		s2: []field{{"offset", fX32, 0}, {"erasesize", fX32, 0}, {"numblocks", fX32, 0}, {"", fPad, 4}}},
}

var ioctlUbi = []ioctlArg{
	{cmd: cmdUBI_IOCATT, k: iBothInt, s: []field{{"ubi_num", fD32, 0}, {"mtd_num", fD32, 0}, {"vid_hdr_offset", fD32, 0},
		{"max_beb_per1024", fD16, 0}, {"", fPad, 10}}},
	{cmd: cmdUBI_IOCEBCH, k: iStruct, s: []field{{"lnum", fD32, 0}, {"bytes", fD32, 0}, {"dtype", fV8, xUbiData}, {"", fPad, 7}}},
	{cmd: cmdUBI_IOCEBMAP, k: iStruct, s: sUbiMap}, {cmd: cmdUBI_IOCMKVOL, k: iSpecial}, {cmd: cmdUBI_IOCRNVOL, k: iSpecial},
	{cmd: cmdUBI_IOCRSVOL, k: iStruct, s: []field{{"bytes", fD64, 0}, {"vol_id", fD32, 0}}},
	{cmd: cmdUBI_IOCSETVOLPROP, k: iStruct, s: sUbiProp}, {cmd: cmdUBI_IOCVOLUP, k: iS64At}, {cmd: cmdUBI_IOCDET, k: iIntAt},
	{cmd: cmdUBI_IOCEBER, k: iIntAt}, {cmd: cmdUBI_IOCEBISMAP, k: iIntAt}, {cmd: cmdUBI_IOCEBUNMAP, k: iIntAt}, {cmd: cmdUBI_IOCRMVOL, k: iIntAt},
	{cmd: cmdUBI_IOCRPEB, k: iIntAt}, {cmd: cmdUBI_IOCSPEB, k: iIntAt}, {cmd: 0x40804f07}, {cmd: 0x4f08}, // UBI_IOCVOLCRBLK, UBI_IOCVOLRMBLK
}

var sMkvol = []field{{"vol_id", fD32, 0}, {"alignment", fD32, 0}, {"bytes", fD64, 0}, {"vol_type", fV8, xUbiVol}, {"flags", fF8, xUbiVolFlag},
	{"name_len", fD16, 0}}

// ubiName prints a name of n bytes at offset off.
func (p *printer) ubiName(w *window, off uint64, n int64) {
	n = min(max(n, 0), 127)
	p.field("name")
	p.charArray(w, off, uint64(n)+1)
}

func (p *printer) mkvol(v uint64) step {
	const size, name = 152, 24
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		w := window{addr: v, end: size}
		p.Byte('{')
		p.fieldsIn(&w, sMkvol, true)
		p.ubiName(&w, name, signed(w.num(18, 2), 2))
		p.Byte('}')
		if !p.exit {
			return wait
		}
	}
	if !p.failed() {
		p.Str(" => ")
		p.intAt(v)
	}
	return last
}

func (p *printer) rnvol(v uint64) step {
	const head, elem, most = 16, 136, 32
	p.comma()
	if !readableRange(v, head+elem*most) {
		p.ptr(v)
		return last
	}
	w := window{addr: v, end: head + elem*most}
	count := signed(w.num(0, 4), 4)
	p.Str("{count=")
	p.Int(count)
	p.Str(", ents=[")
	n := uint64(min(max(count, 0), most))
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		at := head + elem*i
		p.Str("{vol_id=")
		p.Int(signed(w.num(at, 4), 4))
		k := signed(w.num(at+4, 2), 2)
		p.fieldInt("name_len", k)
		p.ubiName(&w, at+8, k)
		p.Byte('}')
	}
	p.Str("]}")
	return last
}
