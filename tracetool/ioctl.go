package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Commands that x/sys/unix has no name for (include/uapi/asm-generic/ioctls.h).
const (
	fionclex = 0x5450
	fioclex  = 0x5451
	fioasync = 0x5452
	fionbio  = 0x5421
	fionread = 0x541b
	fioqsize = 0x5460
)

// ioctlName returns the names of an ioctl command, or "".
func ioctlName(cmd uint64) string {
	lo, hi := 0, len(ioctls)
	for lo < hi {
		m := (lo + hi) / 2
		if ioctls[m].v < cmd {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(ioctls) && ioctls[lo].v == cmd {
		return ioctls[lo].name
	}
	return ""
}

// ioctl prints the command of ioctl(2) and, where it is known what it is, the
// argument.
func (p *printer) ioctl() step {
	cmd, v := uint32(p.c.Args[1]), p.c.Args[2]
	if !p.cont {
		p.ioctlCmd(cmd)
	}
	switch cmd {
	case fioclex, fionclex, unix.TIOCSBRK, unix.TIOCCBRK, unix.TIOCCONS, unix.TIOCNOTTY, unix.TIOCEXCL,
		unix.TIOCNXCL, unix.TIOCVHANGUP, unix.TIOCSSERIAL:
		return last
	case unix.TCGETS, unix.TIOCGWINSZ, unix.TIOCGPGRP, unix.TIOCGSID, unix.TIOCOUTQ, fionread, unix.TIOCGPTN,
		unix.TIOCGPTLCK, unix.TIOCGETD, unix.TIOCMGET, unix.TIOCGEXCL, unix.BLKGETSIZE64, unix.BLKSSZGET, fioqsize:
		if !p.exit {
			p.comma()
			return wait
		}
		if !p.cont {
			p.comma()
		}
		if p.out(v) {
			p.ioctlOut(cmd, v)
		}
		return last
	}
	p.comma()
	switch cmd {
	case unix.TCSETS, unix.TCSETSW, unix.TCSETSF:
		p.termios(v)
	case unix.TIOCSWINSZ:
		p.winsize(v)
	case unix.TIOCSPGRP, unix.TIOCSPTLCK, fionbio, fioasync, unix.TIOCSETD, unix.TIOCMBIS, unix.TIOCMBIC,
		unix.TIOCMSET, unix.TIOCPKT:
		p.intAt(v)
	case unix.TCFLSH:
		p.tcflush(v)
	case unix.TIOCSTI:
		p.buf(v, 1)
	case unix.TIOCSCTTY, unix.TCSBRK, unix.TCSBRKP:
		p.Int(int64(int32(v)))
	case unix.FICLONE:
		p.Int(int64(int32(v)))
	default:
		p.hex(v)
	}
	return last
}

func (p *printer) ioctlCmd(cmd uint32) {
	if s := ioctlName(uint64(cmd)); s != "" {
		p.Str(s)
		return
	}
	// include/uapi/asm-generic/ioctl.h
	dir, size, kind, nr := cmd>>30, cmd>>16&0x3fff, cmd>>8&0xff, cmd&0xff
	p.Str("_IOC(")
	switch dir {
	case 0:
		p.Str("_IOC_NONE")
	case 1:
		p.Str("_IOC_WRITE")
	case 2:
		p.Str("_IOC_READ")
	case 3:
		p.Str("_IOC_READ|_IOC_WRITE")
	}
	p.comma()
	p.hex(uint64(kind))
	p.comma()
	p.hex(uint64(nr))
	p.comma()
	p.hex(uint64(size))
	p.Byte(')')
}

func (p *printer) ioctlOut(cmd uint32, addr uint64) {
	switch cmd {
	case unix.TCGETS:
		p.termios(addr)
	case unix.TIOCGWINSZ:
		p.winsize(addr)
	case unix.BLKGETSIZE64, fioqsize:
		p.numOut(kUlongOut, addr)
	default:
		p.intAt(addr)
	}
}

// intAt prints the int at addr.
func (p *printer) intAt(addr uint64) {
	var v int32
	if p.fetch(unsafe.Pointer(&v), 4, addr) {
		p.Byte('[')
		p.Int(int64(v))
		p.Byte(']')
	}
}

func (p *printer) winsize(addr uint64) {
	var w [4]uint16
	if p.fetch(unsafe.Pointer(&w), 8, addr) {
		p.Str("{ws_row=")
		p.Uint(uint64(w[0]))
		p.fieldUint("ws_col", uint64(w[1]))
		p.fieldUint("ws_xpixel", uint64(w[2]))
		p.fieldUint("ws_ypixel", uint64(w[3]))
		p.Byte('}')
	}
}

func (p *printer) tcflush(v uint64) {
	switch v {
	case unix.TCIFLUSH:
		p.Str("TCIFLUSH")
	case unix.TCOFLUSH:
		p.Str("TCOFLUSH")
	case unix.TCIOFLUSH:
		p.Str("TCIOFLUSH")
	default:
		p.hex(v)
		p.Str(" /* TC?FLUSH */")
	}
}

// kernelTermios is struct termios of the kernel (termbits.h), without c_cc's
// end.
type kernelTermios struct {
	iflag, oflag, cflag, lflag uint32
	line                       uint8
	cc                         [19]uint8
}

// termios prints struct termios; c_oflag and c_cflag hold fields as well as
// flags.
func (p *printer) termios(addr uint64) {
	var t kernelTermios
	if systrap.Read(unsafe.Slice((*byte)(unsafe.Pointer(&t)), 36), addr) != 36 {
		p.ptr(addr)
		return
	}
	p.Str("{c_iflag=")
	p.flags(xIflag, uint64(t.iflag))
	p.field("c_oflag")
	p.val(xNldly, uint64(t.oflag&unix.NLDLY))
	p.Byte('|')
	p.val(xCrdly, uint64(t.oflag&unix.CRDLY))
	p.Byte('|')
	p.val(xTabdly, uint64(t.oflag&unix.TABDLY))
	p.Byte('|')
	p.val(xBsdly, uint64(t.oflag&unix.BSDLY))
	p.Byte('|')
	p.val(xVtdly, uint64(t.oflag&unix.VTDLY))
	p.Byte('|')
	p.val(xFfdly, uint64(t.oflag&unix.FFDLY))
	p.rest(xOflag, uint64(t.oflag&^(unix.NLDLY|unix.CRDLY|unix.TABDLY|unix.BSDLY|unix.VTDLY|unix.FFDLY)))
	p.field("c_cflag")
	p.val(xBaud, uint64(t.cflag&unix.CBAUD))
	p.Byte('|')
	p.val(xCsize, uint64(t.cflag&unix.CSIZE))
	p.rest(xCflag, uint64(t.cflag&^(unix.CBAUD|unix.CSIZE)))
	p.field("c_lflag")
	p.flags(xLflag, uint64(t.lflag))
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.field("c_line")
	p.val(xLdisc, uint64(t.line))
	p.Str(", c_cc=\"")
	for i := range t.cc {
		p.Str("\\x")
		p.HexDigits(uint64(t.cc[i]), 2)
	}
	p.Str("\"}")
}

// rest prints further flags after a '|', if there are any.
func (p *printer) rest(id kind, v uint64) {
	if v == 0 {
		return
	}
	if r, _ := p.someFlags(id, v, true); r != 0 {
		p.Byte('|')
		p.Hex(r)
	}
}
