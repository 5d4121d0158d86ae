package bpf

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// BpfInsn is struct bpf_insn, an instruction of eBPF (include/uapi/linux/bpf.h).
type BpfInsn struct {
	Code uint8
	Regs uint8 // the destination's in the lower four bits
	Off  int16
	Imm  uint32
}

// ebpf prints n instructions at addr, with -v only; out says that the kernel
// has written them, if it did.
func ebpf(p *text.Printer, addr, n uint64, out bool) {
	if !p.Full() {
		p.Ptr(addr)
		return
	}
	var v BpfInsn
	for i := uint64(0); ; i++ {
		if out && !p.EachOut(unsafe.Pointer(&v), 8, addr, i, n) || !out && !p.Each(unsafe.Pointer(&v), 8, addr, i, n) {
			return
		}
		if i >= filterMax {
			p.Str("...]")
			return
		}
		p.Str("{code=")
		ebpfCode(p, uint16(v.Code))
		p.Field("dst_reg")
		p.Val(names.EbpfReg, uint64(v.Regs&15))
		p.Field("src_reg")
		p.Val(names.EbpfReg, uint64(v.Regs>>4))
		p.FieldInt("off", int64(v.Off))
		p.FieldHex("imm", uint64(v.Imm))
		p.Byte('}')
	}
}

// ebpfCode is opcode for eBPF.
func ebpfCode(p *text.Printer, c uint16) {
	p.Val(names.EbpfClass, uint64(c&7))
	switch c & 7 {
	case 0, 1, 2, 3: // BPF_LD, BPF_LDX, BPF_ST, BPF_STX
		part(p, names.EbpfSize, c&0x18)
		part(p, names.EbpfMode, c&0xe0)
	case 4, 7: // BPF_ALU, BPF_ALU64
		part(p, names.BpfSrc, c&8)
		part(p, names.EbpfAlu, c&0xf0)
	case 5: // BPF_JMP
		part(p, names.BpfSrc, c&8)
		part(p, names.EbpfJmp, c&0xf0)
	case 6: // BPF_JMP32, whose operations strace does not name
		unknownBits(p, c&^7)
	}
}

// unknownBits prints the bits of an instruction's code that have no name here.
func unknownBits(p *text.Printer, c uint16) {
	if c == 0 {
		return
	}
	p.Byte('|')
	p.AltHex(uint64(c))
	if text.Opt.Style != text.StyleRaw {
		p.Comment("BPF_???")
	}
}
