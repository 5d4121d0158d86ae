package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/text"
)

// Commands that x/sys/unix has no name for (include/uapi/asm-generic/ioctls.h).
const (
	fionclex = 0x5450
	Fioclex  = 0x5451
	fioasync = 0x5452
	fionbio  = 0x5421
	fionread = 0x541b
	fioqsize = 0x5460
)

// ioctlName returns the names of an ioctl command, or "".
func ioctlName(cmd uint64) string {
	lo, hi := 0, len(names.Ioctls)
	for lo < hi {
		m := (lo + hi) / 2
		if names.Ioctls[m].Value < cmd {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(names.Ioctls) && names.Ioctls[lo].Value == cmd {
		return names.Ioctls[lo].Name.String()
	}
	return ""
}

// Ioctl prints the command of ioctl(2) and, where it is known what it is, the
// argument.
func Ioctl(p *text.Printer) text.Step {
	cmd, v := uint32(p.C.Args[1]), p.C.Args[2]
	if !p.Cont && p.Named(uint64(cmd), text.Hexadecimal) {
		ioctlCmd(p, cmd)
		p.EndNamed()
	}
	a := ioctlFind(cmd)
	if a == nil {
		if cmd>>8&0xff == 'E' {
			if s, ok := evdev(p, cmd, v); ok {
				return s
			}
		}
		p.Comma()
		p.AltHex(v)
		return text.Last
	}
	switch {
	case a.k == None:
		return text.Last
	case !text.Opt.Verb.Has(p.C.Sysno) && a.k&^Out >= TextArg:
		p.Comma()
		if v4l2Cmd(cmd) {
			p.AltHex(v)
		} else {
			p.Ptr(v)
		}
		return text.Last
	}
	switch a.k {
	case Special:
		return ioctlSpecial(p, cmd, v)
	case Special | Out:
		if !ioctlReturned(p, cmd) {
			return text.Wait
		}
		if p.Out(v) {
			ioctlObject(p, cmd, v)
		}
		return text.Last
	}
	return ioctlValue(p, a, v)
}

// ioctlSpecial prints the argument of a command that has a function of its own
// for it.
func ioctlSpecial(p *text.Printer, cmd uint32, v uint64) text.Step {
	switch cmd >> 8 & 0xff {
	case 'K':
		return kd(p, cmd, v)
	case 0x94:
		if cmd != names.FIDEDUPERANGE {
			return btrfs(p, cmd, v)
		}
	case 0xa4:
		return tee(p, cmd, v)
	case 0xfd:
		return dm(p, cmd, v)
	}
	switch cmd {
	case names.FS_IOC_FIEMAP:
		return fiemap(p, v)
	case names.FIDEDUPERANGE:
		return dedupe(p, v)
	case names.RNDADDENTROPY:
		return entropy(p, v)
	case names.BLKPG:
		return blkpg(p, v)
	case names.RTC_PARAM_GET, names.RTC_PARAM_SET:
		return rtcParam(p, v, cmd == names.RTC_PARAM_GET)
	case names.UFFDIO_API:
		return uffdAPI(p, v)
	case names.UBI_IOCMKVOL:
		return mkvol(p, v)
	case names.UBI_IOCRNVOL:
		return rnvol(p, v)
	case names.HDIO_DRIVE_CMD:
		return driveCmd(p, v)
	case names.SECCOMP_IOCTL_NOTIF_RECV:
		return notif(p, v)
	case names.PERF_EVENT_IOC_QUERY_BPF:
		return queryBpf(p, v)
	case names.SG_IO:
		return sgIO(p, v)
	case names.SG_SCSI_RESET:
		return sgReset(p, v)
	case names.GPIO_GET_LINEHANDLE_IOCTL:
		return lineHandle(p, v)
	case names.GPIO_V2_GET_LINEINFO_IOCTL, names.GPIO_V2_GET_LINEINFO_WATCH_IOCTL:
		return line2Info(p, v)
	case names.GPIO_V2_GET_LINE_IOCTL:
		return line2Request(p, v)
	case names.PTP_PEROUT_REQUEST, names.PTP_PEROUT_REQUEST2:
		return perout(p, v, cmd == names.PTP_PEROUT_REQUEST2)
	case names.PTP_SYS_OFFSET, names.PTP_SYS_OFFSET2:
		return sysOffset(p, v, 832, false)
	case names.PTP_SYS_OFFSET_EXTENDED, names.PTP_SYS_OFFSET_EXTENDED2:
		return sysOffset(p, v, 1216, true)
	case names.PTP_PIN_GETFUNC, names.PTP_PIN_GETFUNC2:
		return pinFunc(p, v, cmd == names.PTP_PIN_GETFUNC2)
	case names.SIOCGIFCONF:
		return ifconf(p, v)
	}
	if cmd>>8&0xff == 0x89 {
		return ifreq(p, cmd, v)
	}
	if v4l2Cmd(cmd) {
		return v4l2(p, cmd, v)
	}
	p.Comma()
	ioctlObject(p, cmd, v)
	return text.Last
}

// ioctlObject prints the object at v that is the same for reading and writing.
func ioctlObject(p *text.Printer, cmd uint32, v uint64) {
	switch cmd >> 8 & 0xff {
	case 'K':
		kdObject(p, cmd, v)
		return
	case 0x94:
		btrfsObject(p, cmd, v)
		return
	case 0xa4:
		teeVersion(p, v)
		return
	case 0xae:
		kvmObject(p, cmd, v)
		return
	}
	switch cmd {
	case names.LOOP_GET_STATUS, names.LOOP_SET_STATUS:
		loopInfo(p, v)
	case names.LOOP_GET_STATUS64, names.LOOP_SET_STATUS64:
		loopInfo64(p, v)
	case names.LOOP_CONFIGURE:
		loopConfig(p, v)
	case names.RTC_WKALM_RD, names.RTC_WKALM_SET:
		wkalrm(p, v)
	case names.PERF_EVENT_IOC_MODIFY_ATTRIBUTES:
		var n uint32
		if !text.Peek(unsafe.Pointer(&n), 4, v+4) {
			p.Ptr(v)
			break
		}
		common.PerfAttr(p, v, n)
	case names.GPIO_V2_LINE_SET_CONFIG_IOCTL:
		line2Config(p, v)
	case names.PTP_SYS_OFFSET_PRECISE, names.PTP_SYS_OFFSET_PRECISE2:
		sysPrecise(p, v)
	case names.EVIOCGKEYCODE, names.EVIOCSKEYCODE:
		keycode(p, v)
	case names.EVIOCSFF:
		effect(p, v)
	case names.TCGETA, names.TCSETA, names.TCSETAW, names.TCSETAF:
		termios(p, v, 18)
	case names.TCGETS2, names.TCSETS2, names.TCSETSW2, names.TCSETSF2:
		termios(p, v, 44)
	default:
		termios(p, v, 36)
	}
}

func ioctlCmd(p *text.Printer, cmd uint32) {
	sized := ioctlSized(p, cmd)
	if s := ioctlName(uint64(cmd)); s != "" {
		if sized {
			p.Str(" or ")
		}
		p.Str(s)
		return
	}
	if sized {
		return
	}
	if prefix, s := zfsName(cmd); s != "" {
		p.Str(prefix)
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
	p.Comma()
	p.AltHex(uint64(kind))
	p.Comma()
	p.AltHex(uint64(nr))
	p.Comma()
	p.AltHex(uint64(size))
	p.Byte(')')
}
