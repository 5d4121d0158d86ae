package tracetool

import "golang.org/x/sys/unix"

// Terminals (ioctl_tty(2)).

var ioctlTerm = []ioctlArg{
	{cmd: cmdTCGETS, k: iSpecial | out}, {cmd: cmdTIOCGLCKTRMIOS, k: iSpecial | out}, {cmd: cmdTCSETS, k: iSpecial}, {cmd: cmdTCSETSW, k: iSpecial},
	{cmd: cmdTCSETSF, k: iSpecial}, {cmd: cmdTIOCSLCKTRMIOS, k: iSpecial}, {cmd: cmdTCGETS2, k: iSpecial | out}, {cmd: cmdTCSETS2, k: iSpecial},
	{cmd: cmdTCSETSW2, k: iSpecial}, {cmd: cmdTCSETSF2, k: iSpecial}, {cmd: cmdTCGETA, k: iSpecial | out}, {cmd: cmdTCSETA, k: iSpecial},
	{cmd: cmdTCSETAW, k: iSpecial}, {cmd: cmdTCSETAF, k: iSpecial},
	{cmd: cmdTIOCGWINSZ, k: iStruct | out, s: sWinsize}, {cmd: cmdTIOCSWINSZ, k: iStruct, s: sWinsize},
	{cmd: cmdTCXONC, k: iValArg, x: xTcxonc}, {cmd: cmdTCFLSH, k: iValArg, x: xTcflsh},
	{cmd: cmdTCSBRK, k: iInt}, {cmd: cmdTCSBRKP, k: iInt}, {cmd: cmdTIOCSCTTY, k: iInt},
	{cmd: cmdTIOCMGET, k: iFlagAt | out, x: xTiocm}, {cmd: cmdTIOCMBIS, k: iFlagAt, x: xTiocm}, {cmd: cmdTIOCMBIC, k: iFlagAt, x: xTiocm},
	{cmd: cmdTIOCMSET, k: iFlagAt, x: xTiocm},
	{cmd: cmdTIOCGPGRP, k: iIntAt | out}, {cmd: cmdTIOCGSID, k: iIntAt | out}, {cmd: cmdTIOCGETD, k: iIntAt | out},
	{cmd: cmdTIOCGSOFTCAR, k: iIntAt | out}, {cmd: cmdTIOCGPTN, k: iIntAt | out}, {cmd: fionread, k: iIntAt | out}, {cmd: cmdTIOCOUTQ, k: iIntAt | out},
	{cmd: cmdTIOCGEXCL, k: iIntAt | out}, {cmd: cmdTIOCGDEV, k: iIntAt | out}, {cmd: cmdTIOCSPGRP, k: iIntAt}, {cmd: cmdTIOCSETD, k: iIntAt},
	{cmd: fionbio, k: iIntAt}, {cmd: fioasync, k: iIntAt}, {cmd: cmdTIOCPKT, k: iIntAt}, {cmd: cmdTIOCSSOFTCAR, k: iIntAt}, {cmd: cmdTIOCSPTLCK, k: iIntAt},
	{cmd: cmdTIOCSTI, k: iByteArg},
	{cmd: cmdTIOCSBRK}, {cmd: cmdTIOCCBRK}, {cmd: cmdTIOCCONS}, {cmd: cmdTIOCNOTTY}, {cmd: cmdTIOCEXCL}, {cmd: cmdTIOCNXCL}, {cmd: fioclex},
	{cmd: fionclex}, {cmd: cmdTIOCVHANGUP}, {cmd: cmdTIOCSSERIAL},
}

var sWinsize = []field{{"ws_row", fU16, 0}, {"ws_col", fU16, 0}, {"ws_xpixel", fU16, 0}, {"ws_ypixel", fU16, 0}}

// termios prints struct termio, termios or termios2, which their sizes tell
// apart; c_oflag and c_cflag hold fields as well as flags.
func (p *printer) termios(addr, size uint64) {
	if !readable(addr, size) {
		p.ptr(addr)
		return
	}
	w := window{addr: addr, end: size}
	n := uint64(4) // of a flag word
	if size == 18 {
		n = 2
	}
	p.Str("{c_iflag=")
	p.termFlags(xIflag, w.num(0, n))
	p.field("c_oflag")
	p.oflag(w.num(n, n))
	p.field("c_cflag")
	p.cflag(w.num(2*n, n))
	p.field("c_lflag")
	p.termFlags(xLflag, w.num(3*n, n))
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.field("c_line")
	p.val(xLdisc, w.num(4*n, 1))
	chars, count := nameID(xTermCc), uint64(19)
	if n == 2 {
		chars, count = xTermioCc, 8
	}
	p.Str(", c_cc=[")
	for i := uint64(0); i < count; i++ {
		if i > 0 {
			p.comma()
		}
		p.Byte('[')
		if s := name(chars, i); s != "" {
			p.Str(s)
		} else {
			p.Uint(i)
		}
		p.Str("]=")
		p.hex(w.num(4*n+1+i, 1))
	}
	p.Byte(']')
	if size == 44 {
		p.fieldUint("c_ispeed", w.num(36, 4))
		p.fieldUint("c_ospeed", w.num(40, 4))
	}
	p.Byte('}')
}

// termFlags prints flags; strace prints nothing where none is set.
func (p *printer) termFlags(id nameID, v uint64) {
	if v != 0 {
		p.flags(id, v)
	}
}

func (p *printer) oflag(v uint64) {
	p.val(xNldly, v&unix.NLDLY)
	p.Byte('|')
	p.val(xCrdly, v&unix.CRDLY)
	p.Byte('|')
	p.val(xTabdly, v&unix.TABDLY)
	p.Byte('|')
	p.val(xBsdly, v&unix.BSDLY)
	p.Byte('|')
	p.val(xVtdly, v&unix.VTDLY)
	p.Byte('|')
	p.val(xFfdly, v&unix.FFDLY)
	p.Byte('|')
	p.termFlags(xOflag, v&^(unix.NLDLY|unix.CRDLY|unix.TABDLY|unix.BSDLY|unix.VTDLY|unix.FFDLY))
}

func (p *printer) cflag(v uint64) {
	const shift = 16 // IBSHIFT
	p.val(xBaud, v&unix.CBAUD)
	p.Byte('|')
	if v&unix.CIBAUD != 0 {
		p.val(xBaud, v&unix.CIBAUD>>shift)
		p.Str("<<")
		p.constant(shift, "IBSHIFT", "", hexBase)
		p.Byte('|')
	}
	p.val(xCsize, v&unix.CSIZE)
	p.Byte('|')
	p.termFlags(xCflag, v&^(unix.CBAUD|unix.CIBAUD|unix.CSIZE))
}
