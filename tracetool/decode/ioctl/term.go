package ioctl

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Terminals (ioctl_tty(2)).

var ioctlTerm = []IoctlArg{
	{cmd: names.TCGETS, k: ISpecial | Out}, {cmd: names.TIOCGLCKTRMIOS, k: ISpecial | Out}, {cmd: names.TCSETS, k: ISpecial}, {cmd: names.TCSETSW, k: ISpecial},
	{cmd: names.TCSETSF, k: ISpecial}, {cmd: names.TIOCSLCKTRMIOS, k: ISpecial}, {cmd: names.TCGETS2, k: ISpecial | Out}, {cmd: names.TCSETS2, k: ISpecial},
	{cmd: names.TCSETSW2, k: ISpecial}, {cmd: names.TCSETSF2, k: ISpecial}, {cmd: names.TCGETA, k: ISpecial | Out}, {cmd: names.TCSETA, k: ISpecial},
	{cmd: names.TCSETAW, k: ISpecial}, {cmd: names.TCSETAF, k: ISpecial},
	{cmd: names.TIOCGWINSZ, k: IStruct | Out, S: sWinsize}, {cmd: names.TIOCSWINSZ, k: IStruct, S: sWinsize},
	{cmd: names.TCXONC, k: iValArg, X: names.Tcxonc}, {cmd: names.TCFLSH, k: iValArg, X: names.Tcflsh},
	{cmd: names.TCSBRK, k: iInt}, {cmd: names.TCSBRKP, k: iInt}, {cmd: names.TIOCSCTTY, k: iInt},
	{cmd: names.TIOCMGET, k: IFlagAt | Out, X: names.Tiocm}, {cmd: names.TIOCMBIS, k: IFlagAt, X: names.Tiocm}, {cmd: names.TIOCMBIC, k: IFlagAt, X: names.Tiocm},
	{cmd: names.TIOCMSET, k: IFlagAt, X: names.Tiocm},
	{cmd: names.TIOCGPGRP, k: iIntAt | Out}, {cmd: names.TIOCGSID, k: iIntAt | Out}, {cmd: names.TIOCGETD, k: iIntAt | Out},
	{cmd: names.TIOCGSOFTCAR, k: iIntAt | Out}, {cmd: names.TIOCGPTN, k: iIntAt | Out}, {cmd: fionread, k: iIntAt | Out}, {cmd: names.TIOCOUTQ, k: iIntAt | Out},
	{cmd: names.TIOCGEXCL, k: iIntAt | Out}, {cmd: names.TIOCGDEV, k: iIntAt | Out}, {cmd: names.TIOCSPGRP, k: iIntAt}, {cmd: names.TIOCSETD, k: iIntAt},
	{cmd: fionbio, k: iIntAt}, {cmd: fioasync, k: iIntAt}, {cmd: names.TIOCPKT, k: iIntAt}, {cmd: names.TIOCSSOFTCAR, k: iIntAt}, {cmd: names.TIOCSPTLCK, k: iIntAt},
	{cmd: names.TIOCSTI, k: iByteArg},
	{cmd: names.TIOCSBRK}, {cmd: names.TIOCCBRK}, {cmd: names.TIOCCONS}, {cmd: names.TIOCNOTTY}, {cmd: names.TIOCEXCL}, {cmd: names.TIOCNXCL}, {cmd: Fioclex},
	{cmd: fionclex}, {cmd: names.TIOCVHANGUP}, {cmd: names.TIOCSSERIAL},
}

var sWinsize = []text.Field{{Name: "ws_row", Kind: text.U16}, {Name: "ws_col", Kind: text.U16}, {Name: "ws_xpixel", Kind: text.U16}, {Name: "ws_ypixel", Kind: text.U16}}

// termios prints struct termio, termios or termios2, which their sizes tell
// apart; c_oflag and c_cflag hold fields as well as flags.
func termios(p *text.Printer, addr, size uint64) {
	if !text.Readable(addr, size) {
		p.Ptr(addr)
		return
	}
	w := text.Window{Addr: addr, End: size}
	n := uint64(4) // of a flag word
	if size == 18 {
		n = 2
	}
	p.Str("{c_iflag=")
	termFlags(p, names.Iflag, w.Num(0, n))
	p.Field("c_oflag")
	oflag(p, w.Num(n, n))
	p.Field("c_cflag")
	cflag(p, w.Num(2*n, n))
	p.Field("c_lflag")
	termFlags(p, names.Lflag, w.Num(3*n, n))
	if !p.Full() {
		p.Str(", ...}")
		return
	}
	p.Field("c_line")
	p.Val(names.Ldisc, w.Num(4*n, 1))
	chars, count := names.ID(names.TermCc), uint64(19)
	if n == 2 {
		chars, count = names.TermioCc, 8
	}
	p.Str(", c_cc=[")
	for i := uint64(0); i < count; i++ {
		if i > 0 {
			p.Comma()
		}
		p.Byte('[')
		if s := text.NameOf(chars, i); s != "" {
			p.Str(s)
		} else {
			p.Uint(i)
		}
		p.Str("]=")
		p.AltHex(w.Num(4*n+1+i, 1))
	}
	p.Byte(']')
	if size == 44 {
		p.FieldUint("c_ispeed", w.Num(36, 4))
		p.FieldUint("c_ospeed", w.Num(40, 4))
	}
	p.Byte('}')
}

// termFlags prints flags; strace prints nothing where none is set.
func termFlags(p *text.Printer, id names.ID, v uint64) {
	if v != 0 {
		p.Flags(id, v)
	}
}

func oflag(p *text.Printer, v uint64) {
	p.Val(names.Nldly, v&unix.NLDLY)
	p.Byte('|')
	p.Val(names.Crdly, v&unix.CRDLY)
	p.Byte('|')
	p.Val(names.Tabdly, v&unix.TABDLY)
	p.Byte('|')
	p.Val(names.Bsdly, v&unix.BSDLY)
	p.Byte('|')
	p.Val(names.Vtdly, v&unix.VTDLY)
	p.Byte('|')
	p.Val(names.Ffdly, v&unix.FFDLY)
	p.Byte('|')
	termFlags(p, names.Oflag, v&^(unix.NLDLY|unix.CRDLY|unix.TABDLY|unix.BSDLY|unix.VTDLY|unix.FFDLY))
}

func cflag(p *text.Printer, v uint64) {
	const shift = 16 // IBSHIFT
	p.Val(names.Baud, v&unix.CBAUD)
	p.Byte('|')
	if v&unix.CIBAUD != 0 {
		p.Val(names.Baud, v&unix.CIBAUD>>shift)
		p.Str("<<")
		p.Constant(shift, "IBSHIFT", "", text.Hexadecimal)
		p.Byte('|')
	}
	p.Val(names.Csize, v&unix.CSIZE)
	p.Byte('|')
	termFlags(p, names.Cflag, v&^(unix.CBAUD|unix.CIBAUD|unix.CSIZE))
}
