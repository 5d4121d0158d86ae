package bpf

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// sockFilter is struct sock_filter, an instruction of classic BPF
// (include/uapi/linux/filter.h).
type sockFilter struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

// filterMax is BPF_MAXINSNS.
const filterMax = 4096

// Fprog prints the struct sock_fprog at addr, of a size that the caller knows.
// ret says that what a program returns is a verdict of seccomp(2).
func Fprog(p *text.Printer, addr uint64, n uint32, ret bool) {
	var v struct {
		len  uint16
		_    [6]byte
		prog uint64
	}
	if n < 16 {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&v), 16, addr) {
		return
	}
	p.Str("{len=")
	p.Uint(uint64(v.len))
	p.Field("filter")
	Filter(p, v.prog, uint64(v.len), ret)
	p.Byte('}')
}

// Filter prints n instructions at addr, with -v only.
func Filter(p *text.Printer, addr, n uint64, ret bool) {
	if !p.Full() {
		p.Ptr(addr)
		return
	}
	var f sockFilter
	for i := uint64(0); p.Each(unsafe.Pointer(&f), 8, addr, i, n); i++ {
		if i >= filterMax {
			p.Str("...]")
			return
		}
		instruction(p, &f, ret)
	}
}

func instruction(p *text.Printer, f *sockFilter, ret bool) {
	jump := f.jt != 0 || f.jf != 0
	if jump {
		p.Str("BPF_JUMP(")
	} else {
		p.Str("BPF_STMT(")
	}
	opcode(p, f.code)
	p.Comma()
	switch {
	case jump:
		p.AltHex(uint64(f.k))
		p.Comma()
		p.AltHex(uint64(f.jt))
		p.Comma()
		p.AltHex(uint64(f.jf))
	case ret && f.code&7 == 6:
		seccompRet(p, f.k)
	case !ret && f.code&7 == 0 && f.code&0xe0 == 0x20:
		ancillary(p, f.k)
	default:
		p.AltHex(uint64(f.k))
	}
	p.Byte(')')
}

// opcode prints an instruction's code, whose parts depend on its class.
func opcode(p *text.Printer, c uint16) {
	p.Val(names.BpfClass, uint64(c&7))
	rest := c &^ 7
	switch c & 7 {
	case 0, 1: // BPF_LD, BPF_LDX
		part(p, names.BpfSize, c&0x18)
		part(p, names.BpfMode, c&0xe0)
		return
	case 4: // BPF_ALU
		part(p, names.BpfSrc, c&8)
		part(p, names.BpfAlu, c&0xf0)
		return
	case 5: // BPF_JMP
		part(p, names.BpfSrc, c&8)
		part(p, names.BpfJmp, c&0xf0)
		return
	case 6: // BPF_RET
		part(p, names.BpfRval, c&0x18)
		rest &^= 0x18
	case 7: // BPF_MISC
		part(p, names.BpfMisc, c&0xf8)
		rest &^= 0xf8
	}
	unknownBits(p, rest)
}

func part(p *text.Printer, x names.ID, v uint16) {
	p.Byte('|')
	p.Val(x, uint64(v))
}

// seccompRet prints what a filter of seccomp(2) returns.
func seccompRet(p *text.Printer, k uint32) {
	const action = 0xffff0000 // SECCOMP_RET_ACTION_FULL
	p.Val(names.SeccompRet, uint64(k&action))
	if d := k &^ action; d != 0 {
		p.Byte('|')
		p.AltHex(uint64(d))
	}
}

// ancillary prints an offset of BPF_ABS: large ones are not into the packet.
func ancillary(p *text.Printer, k uint32) {
	const ad, net, ll = 0xfffff000, 0xfff00000, 0xffe00000 // SKF_AD_OFF, SKF_NET_OFF, SKF_LL_OFF
	switch {
	case k >= ad:
		p.Constant(ad, "SKF_AD_OFF", "", text.Hexadecimal)
		p.Byte('+')
		p.Val(names.SkfAd, uint64(k-ad))
	case k >= net:
		p.Constant(net, "SKF_NET_OFF", "", text.Hexadecimal)
		p.Byte('+')
		p.Uint(uint64(k - net))
	case k >= ll:
		p.Constant(ll, "SKF_LL_OFF", "", text.Hexadecimal)
		p.Byte('+')
		p.Uint(uint64(k - ll))
	default:
		p.AltHex(uint64(k))
	}
}
