package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// sizedCmd is a command that programs make with a size of their own, which is
// part of its number.
type sizedCmd struct {
	t, dir, nr uint8
	name       string
}

// sizedCmds are from linux/input.h, hidraw.h, hiddev.h, uinput.h, joystick.h
// and spi/spidev.h.
var sizedCmds = [...]sizedCmd{
	{'E', iocRead, 0x06, "EVIOCGNAME"}, {'E', iocRead, 0x07, "EVIOCGPHYS"}, {'E', iocRead, 0x08, "EVIOCGUNIQ"},
	{'E', iocRead, 0x09, "EVIOCGPROP"}, {'E', iocRead, 0x0a, "EVIOCGMTSLOTS"}, {'E', iocRead, 0x18, "EVIOCGKEY"},
	{'E', iocRead, 0x19, "EVIOCGLED"}, {'E', iocRead, 0x1a, "EVIOCGSND"}, {'E', iocRead, 0x1b, "EVIOCGSW"},
	{'H', iocRead, 0x04, "HIDIOCGRAWNAME"}, {'H', iocRead, 0x05, "HIDIOCGRAWPHYS"}, {'H', iocRead, 0x06, "HIDIOCSFEATURE"},
	{'H', iocRead, 0x08, "HIDIOCGRAWUNIQ"}, {'H', iocRead, 0x12, "HIDIOCGPHYS"}, {'H', iocRead | iocWrite, 0x06, "HIDIOCSFEATURE"},
	{'H', iocRead | iocWrite, 0x07, "HIDIOCGFEATURE"}, {'U', iocRead, 0x2c, "UI_GET_SYSNAME"}, {'j', iocRead, 0x13, "JSIOCGNAME"},
	{'k', iocWrite, 0, "SPI_IOC_MESSAGE"},
}

// ioctlSized prints a command that is made for a size or a number, as it is
// written in C.
func ioctlSized(p *text.Printer, cmd uint32) bool {
	dir, size, t, nr := uint8(cmd>>30), uint64(cmd>>16&0x3fff), uint8(cmd>>8), uint8(cmd)
	for i := range sizedCmds {
		if c := &sizedCmds[i]; c.t == t && c.dir == dir && c.nr == nr {
			p.Str(c.name)
			p.Byte('(')
			p.Uint(size)
			p.Byte(')')
			return true
		}
	}
	switch {
	case cmd == notifIdOld:
		p.Str("SECCOMP_IOCTL_NOTIF_ID_VALID_WRONG_DIR")
		return true
	case t == 'E' && dir == iocWrite && nr&^0x3f == 0xc0:
		cmdOf(p, "EVIOCSABS(", names.Abs, uint64(nr)-0xc0)
	case t == 'E' && dir == iocRead && nr&^0x1f == 0x20:
		if nr == 0x20 {
			p.Str("EVIOCGBIT(0")
		} else {
			cmdOf(p, "EVIOCGBIT(", names.Ev, uint64(nr)-0x20)
		}
		p.Comma()
		p.Uint(size)
	case t == 'E' && dir == iocRead && nr&^0x3f == 0x40:
		cmdOf(p, "EVIOCGABS(", names.Abs, uint64(nr)-0x40)
	case t == 'M' && dir == iocWrite:
		p.Str("MIXER_WRITE(")
		p.Uint(uint64(nr))
	case t == 'M' && dir == iocRead:
		p.Str("MIXER_READ(")
		p.Uint(uint64(nr))
	default:
		return false
	}
	p.Byte(')')
	return true
}

// cmdOf prints the head of a command and the name of its number.
func cmdOf(p *text.Printer, s string, x names.ID, v uint64) {
	p.Str(s)
	if s := text.NameOf(x, v); s != "" {
		p.Str(s)
		return
	}
	p.AltHex(v)
	if text.Opt.Style == text.StyleAbbrev {
		p.Comment(names.Tables[x].Unknown.String())
	}
}
