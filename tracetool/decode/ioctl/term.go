package ioctl

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Terminals (ioctl_tty(2)).

var ioctlTerm = []Arg{
	{cmd: names.TCGETS, k: Special | Out}, {cmd: names.TIOCGLCKTRMIOS, k: Special | Out}, {cmd: names.TCSETS, k: Special}, {cmd: names.TCSETSW, k: Special},
	{cmd: names.TCSETSF, k: Special}, {cmd: names.TIOCSLCKTRMIOS, k: Special}, {cmd: names.TCGETS2, k: Special | Out}, {cmd: names.TCSETS2, k: Special},
	{cmd: names.TCSETSW2, k: Special}, {cmd: names.TCSETSF2, k: Special}, {cmd: names.TCGETA, k: Special | Out}, {cmd: names.TCSETA, k: Special},
	{cmd: names.TCSETAW, k: Special}, {cmd: names.TCSETAF, k: Special},
	{cmd: names.TIOCGWINSZ, k: Struct | Out, S: sWinsize}, {cmd: names.TIOCSWINSZ, k: Struct, S: sWinsize},
	{cmd: names.TCXONC, k: ValArg, X: names.Tcxonc}, {cmd: names.TCFLSH, k: ValArg, X: names.Tcflsh},
	{cmd: names.TCSBRK, k: Int}, {cmd: names.TCSBRKP, k: Int}, {cmd: names.TIOCSCTTY, k: Int},
	{cmd: names.TIOCMGET, k: FlagAt | Out, X: names.Tiocm}, {cmd: names.TIOCMBIS, k: FlagAt, X: names.Tiocm}, {cmd: names.TIOCMBIC, k: FlagAt, X: names.Tiocm},
	{cmd: names.TIOCMSET, k: FlagAt, X: names.Tiocm},
	{cmd: names.TIOCGPGRP, k: IntAt | Out}, {cmd: names.TIOCGSID, k: IntAt | Out}, {cmd: names.TIOCGETD, k: IntAt | Out},
	{cmd: names.TIOCGSOFTCAR, k: IntAt | Out}, {cmd: names.TIOCGPTN, k: IntAt | Out}, {cmd: fionread, k: IntAt | Out}, {cmd: names.TIOCOUTQ, k: IntAt | Out},
	{cmd: names.TIOCGEXCL, k: IntAt | Out}, {cmd: names.TIOCGDEV, k: IntAt | Out}, {cmd: names.TIOCSPGRP, k: IntAt}, {cmd: names.TIOCSETD, k: IntAt},
	{cmd: fionbio, k: IntAt}, {cmd: fioasync, k: IntAt}, {cmd: names.TIOCPKT, k: IntAt}, {cmd: names.TIOCSSOFTCAR, k: IntAt}, {cmd: names.TIOCSPTLCK, k: IntAt},
	{cmd: names.TIOCSTI, k: ByteArg},
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
