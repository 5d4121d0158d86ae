package tracetool

import (
	"unsafe"
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
	if !p.cont && p.named(uint64(cmd), hexBase) {
		p.ioctlCmd(cmd)
		p.endNamed()
	}
	a := ioctlFind(cmd)
	if a == nil {
		if cmd>>8&0xff == 'E' {
			if s, ok := p.evdev(cmd, v); ok {
				return s
			}
		}
		p.comma()
		p.hex(v)
		return last
	}
	switch {
	case a.k == iNone:
		return last
	case !look.verb.has(p.c.Sysno) && a.k&^out >= iTextArg:
		p.comma()
		if v4l2Cmd(cmd) {
			p.hex(v)
		} else {
			p.ptr(v)
		}
		return last
	}
	switch a.k {
	case iSpecial:
		return p.ioctlSpecial(cmd, v)
	case iSpecial | out:
		if !p.ioctlReturned(cmd) {
			return wait
		}
		if p.out(v) {
			p.ioctlObject(cmd, v)
		}
		return last
	}
	return p.ioctlValue(a, v)
}

// ioctlSpecial prints the argument of a command that has a function of its own
// for it.
func (p *printer) ioctlSpecial(cmd uint32, v uint64) step {
	switch cmd >> 8 & 0xff {
	case 'K':
		return p.kd(cmd, v)
	case 0x94:
		if cmd != cmdFIDEDUPERANGE {
			return p.btrfs(cmd, v)
		}
	case 0xa4:
		return p.tee(cmd, v)
	case 0xfd:
		return p.dm(cmd, v)
	}
	switch cmd {
	case cmdFS_IOC_FIEMAP:
		return p.fiemap(v)
	case cmdFIDEDUPERANGE:
		return p.dedupe(v)
	case cmdRNDADDENTROPY:
		return p.entropy(v)
	case cmdBLKPG:
		return p.blkpg(v)
	case cmdRTC_PARAM_GET, cmdRTC_PARAM_SET:
		return p.rtcParam(v, cmd == cmdRTC_PARAM_GET)
	case cmdUFFDIO_API:
		return p.uffdAPI(v)
	case cmdUBI_IOCMKVOL:
		return p.mkvol(v)
	case cmdUBI_IOCRNVOL:
		return p.rnvol(v)
	case cmdHDIO_DRIVE_CMD:
		return p.driveCmd(v)
	case cmdSECCOMP_IOCTL_NOTIF_RECV:
		return p.notif(v)
	case cmdPERF_EVENT_IOC_QUERY_BPF:
		return p.queryBpf(v)
	case cmdSG_IO:
		return p.sgIO(v)
	case cmdSG_SCSI_RESET:
		return p.sgReset(v)
	case cmdGPIO_GET_LINEHANDLE_IOCTL:
		return p.lineHandle(v)
	case cmdGPIO_V2_GET_LINEINFO_IOCTL, cmdGPIO_V2_GET_LINEINFO_WATCH_IOCTL:
		return p.line2Info(v)
	case cmdGPIO_V2_GET_LINE_IOCTL:
		return p.line2Request(v)
	case cmdPTP_PEROUT_REQUEST, cmdPTP_PEROUT_REQUEST2:
		return p.perout(v, cmd == cmdPTP_PEROUT_REQUEST2)
	case cmdPTP_SYS_OFFSET, cmdPTP_SYS_OFFSET2:
		return p.sysOffset(v, 832, false)
	case cmdPTP_SYS_OFFSET_EXTENDED, cmdPTP_SYS_OFFSET_EXTENDED2:
		return p.sysOffset(v, 1216, true)
	case cmdPTP_PIN_GETFUNC, cmdPTP_PIN_GETFUNC2:
		return p.pinFunc(v, cmd == cmdPTP_PIN_GETFUNC2)
	case cmdSIOCGIFCONF:
		return p.ifconf(v)
	}
	if cmd>>8&0xff == 0x89 {
		return p.ifreq(cmd, v)
	}
	if v4l2Cmd(cmd) {
		return p.v4l2(cmd, v)
	}
	p.comma()
	p.ioctlObject(cmd, v)
	return last
}

// ioctlObject prints the object at v that is the same for reading and writing.
func (p *printer) ioctlObject(cmd uint32, v uint64) {
	switch cmd >> 8 & 0xff {
	case 'K':
		p.kdObject(cmd, v)
		return
	case 0x94:
		p.btrfsObject(cmd, v)
		return
	case 0xa4:
		p.teeVersion(v)
		return
	case 0xae:
		p.kvmObject(cmd, v)
		return
	}
	switch cmd {
	case cmdLOOP_GET_STATUS, cmdLOOP_SET_STATUS:
		p.loopInfo(v)
	case cmdLOOP_GET_STATUS64, cmdLOOP_SET_STATUS64:
		p.loopInfo64(v)
	case cmdLOOP_CONFIGURE:
		p.loopConfig(v)
	case cmdRTC_WKALM_RD, cmdRTC_WKALM_SET:
		p.wkalrm(v)
	case cmdPERF_EVENT_IOC_MODIFY_ATTRIBUTES:
		var n uint32
		if !peek(unsafe.Pointer(&n), 4, v+4) {
			p.ptr(v)
			break
		}
		p.perfAttr(v, n)
	case cmdGPIO_V2_LINE_SET_CONFIG_IOCTL:
		p.line2Config(v)
	case cmdPTP_SYS_OFFSET_PRECISE, cmdPTP_SYS_OFFSET_PRECISE2:
		p.sysPrecise(v)
	case cmdEVIOCGKEYCODE, cmdEVIOCSKEYCODE:
		p.keycode(v)
	case cmdEVIOCSFF:
		p.effect(v)
	case cmdTCGETA, cmdTCSETA, cmdTCSETAW, cmdTCSETAF:
		p.termios(v, 18)
	case cmdTCGETS2, cmdTCSETS2, cmdTCSETSW2, cmdTCSETSF2:
		p.termios(v, 44)
	default:
		p.termios(v, 36)
	}
}

func (p *printer) ioctlCmd(cmd uint32) {
	sized := p.ioctlSized(cmd)
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
	p.comma()
	p.hex(uint64(kind))
	p.comma()
	p.hex(uint64(nr))
	p.comma()
	p.hex(uint64(size))
	p.Byte(')')
}
