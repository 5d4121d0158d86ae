package tracetool

import "unsafe"

// sockFilter is struct sock_filter, an instruction of classic BPF
// (include/uapi/linux/filter.h).
type sockFilter struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

// filterMax is BPF_MAXINSNS.
const filterMax = 4096

// fprog prints the struct sock_fprog at addr, of a size that the caller knows.
// ret says that what a program returns is a verdict of seccomp(2).
func (p *printer) fprog(addr uint64, n uint32, ret bool) {
	var v struct {
		len  uint16
		_    [6]byte
		prog uint64
	}
	if n < 16 {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&v), 16, addr) {
		return
	}
	p.Str("{len=")
	p.Uint(uint64(v.len))
	p.field("filter")
	p.filter(v.prog, uint64(v.len), ret)
	p.Byte('}')
}

// filter prints n instructions at addr, with -v only.
func (p *printer) filter(addr, n uint64, ret bool) {
	if !p.full() {
		p.ptr(addr)
		return
	}
	var f sockFilter
	for i := uint64(0); p.each(unsafe.Pointer(&f), 8, addr, i, n); i++ {
		if i >= filterMax {
			p.Str("...]")
			return
		}
		p.instruction(&f, ret)
	}
}

func (p *printer) instruction(f *sockFilter, ret bool) {
	jump := f.jt != 0 || f.jf != 0
	if jump {
		p.Str("BPF_JUMP(")
	} else {
		p.Str("BPF_STMT(")
	}
	p.opcode(f.code)
	p.comma()
	switch {
	case jump:
		p.hex(uint64(f.k))
		p.comma()
		p.hex(uint64(f.jt))
		p.comma()
		p.hex(uint64(f.jf))
	case ret && f.code&7 == 6:
		p.seccompRet(f.k)
	case !ret && f.code&7 == 0 && f.code&0xe0 == 0x20:
		p.ancillary(f.k)
	default:
		p.hex(uint64(f.k))
	}
	p.Byte(')')
}

// opcode prints an instruction's code, whose parts depend on its class.
func (p *printer) opcode(c uint16) {
	p.val(xBpfClass, uint64(c&7))
	rest := c &^ 7
	switch c & 7 {
	case 0, 1: // BPF_LD, BPF_LDX
		p.part(xBpfSize, c&0x18)
		p.part(xBpfMode, c&0xe0)
		return
	case 4: // BPF_ALU
		p.part(xBpfSrc, c&8)
		p.part(xBpfAlu, c&0xf0)
		return
	case 5: // BPF_JMP
		p.part(xBpfSrc, c&8)
		p.part(xBpfJmp, c&0xf0)
		return
	case 6: // BPF_RET
		p.part(xBpfRval, c&0x18)
		rest &^= 0x18
	case 7: // BPF_MISC
		p.part(xBpfMisc, c&0xf8)
		rest &^= 0xf8
	}
	p.unknownBits(rest)
}

func (p *printer) part(x nameID, v uint16) {
	p.Byte('|')
	p.val(x, uint64(v))
}

// seccompRet prints what a filter of seccomp(2) returns.
func (p *printer) seccompRet(k uint32) {
	const action = 0xffff0000 // SECCOMP_RET_ACTION_FULL
	p.val(xSeccompRet, uint64(k&action))
	if d := k &^ action; d != 0 {
		p.Byte('|')
		p.hex(uint64(d))
	}
}

// ancillary prints an offset of BPF_ABS: large ones are not into the packet.
func (p *printer) ancillary(k uint32) {
	const ad, net, ll = 0xfffff000, 0xfff00000, 0xffe00000 // SKF_AD_OFF, SKF_NET_OFF, SKF_LL_OFF
	switch {
	case k >= ad:
		p.constant(ad, "SKF_AD_OFF", "", hexBase)
		p.Byte('+')
		p.val(xSkfAd, uint64(k-ad))
	case k >= net:
		p.constant(net, "SKF_NET_OFF", "", hexBase)
		p.Byte('+')
		p.Uint(uint64(k - net))
	case k >= ll:
		p.constant(ll, "SKF_LL_OFF", "", hexBase)
		p.Byte('+')
		p.Uint(uint64(k - ll))
	default:
		p.hex(uint64(k))
	}
}
