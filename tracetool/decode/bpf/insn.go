package tracetool

import "unsafe"

// bpfInsn is struct bpf_insn, an instruction of eBPF (include/uapi/linux/bpf.h).
type bpfInsn struct {
	code uint8
	regs uint8 // the destination's in the lower four bits
	off  int16
	imm  uint32
}

// ebpf prints n instructions at addr, with -v only; out says that the kernel
// has written them, if it did.
func (p *printer) ebpf(addr, n uint64, out bool) {
	if !p.full() {
		p.ptr(addr)
		return
	}
	var v bpfInsn
	for i := uint64(0); ; i++ {
		if out && !p.eachOut(unsafe.Pointer(&v), 8, addr, i, n) || !out && !p.each(unsafe.Pointer(&v), 8, addr, i, n) {
			return
		}
		if i >= filterMax {
			p.Str("...]")
			return
		}
		p.Str("{code=")
		p.ebpfCode(uint16(v.code))
		p.field("dst_reg")
		p.val(xEbpfReg, uint64(v.regs&15))
		p.field("src_reg")
		p.val(xEbpfReg, uint64(v.regs>>4))
		p.fieldInt("off", int64(v.off))
		p.fieldHex("imm", uint64(v.imm))
		p.Byte('}')
	}
}

// ebpfCode is opcode for eBPF.
func (p *printer) ebpfCode(c uint16) {
	p.val(xEbpfClass, uint64(c&7))
	switch c & 7 {
	case 0, 1, 2, 3: // BPF_LD, BPF_LDX, BPF_ST, BPF_STX
		p.part(xEbpfSize, c&0x18)
		p.part(xEbpfMode, c&0xe0)
	case 4, 7: // BPF_ALU, BPF_ALU64
		p.part(xBpfSrc, c&8)
		p.part(xEbpfAlu, c&0xf0)
	case 5: // BPF_JMP
		p.part(xBpfSrc, c&8)
		p.part(xEbpfJmp, c&0xf0)
	case 6: // BPF_JMP32, whose operations strace does not name
		p.unknownBits(c &^ 7)
	}
}

// unknownBits prints the bits of an instruction's code that have no name here.
func (p *printer) unknownBits(c uint16) {
	if c == 0 {
		return
	}
	p.Byte('|')
	p.hex(uint64(c))
	if look.xlat != xlatRaw {
		p.comment("BPF_???")
	}
}
