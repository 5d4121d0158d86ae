package freestanding

import (
	"math/bits"
	"strings"
	"sync"

	"golang.org/x/arch/x86/x86asm"
)

// regSet is a set of registers: bits 0 to 15 general (RAX to R15), 16 to 31 XMM0 to XMM15.
type regSet uint32

const (
	regSP = 4
	regBP = 5
	reg14 = 14
	xmm0  = 16
	xmm15 = xmm0 + 15
)

// vectorSet is XMM0 to XMM15.
const vectorSet regSet = 0xffff << xmm0

func setOf(regs ...int) regSet {
	var s regSet
	for _, r := range regs {
		s |= 1 << r
	}
	return s
}

func (s regSet) has(r int) bool { return r >= 0 && s>>r&1 != 0 }

// names lists the set in the order of the register numbers.
func (s regSet) names() []string {
	general := strings.Fields("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15")
	var list []string
	for ; s != 0; s &= s - 1 {
		r := bits.TrailingZeros32(uint32(s))
		if r < xmm0 {
			list = append(list, general[r])
		} else {
			list = append(list, "xmm"+itoa(r-xmm0))
		}
	}
	return list
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// regIndex returns the number of the full register that r is a part of, or -1.
func regIndex(r x86asm.Reg) int {
	switch {
	case r >= x86asm.AL && r <= x86asm.BL:
		return int(r - x86asm.AL)
	case r >= x86asm.AH && r <= x86asm.BH:
		return int(r - x86asm.AH)
	case r >= x86asm.SPB && r <= x86asm.DIB:
		return int(r-x86asm.SPB) + regSP
	case r >= x86asm.R8B && r <= x86asm.R15B:
		return int(r-x86asm.R8B) + 8
	case r >= x86asm.AX && r <= x86asm.R15W:
		return int(r - x86asm.AX)
	case r >= x86asm.EAX && r <= x86asm.R15L:
		return int(r - x86asm.EAX)
	case r >= x86asm.RAX && r <= x86asm.R15:
		return int(r - x86asm.RAX)
	case r >= x86asm.X0 && r <= x86asm.X15:
		return int(r-x86asm.X0) + xmm0
	}
	return -1
}

// effect says which operands an instruction writes, and which registers it writes unnamed.
type effect struct {
	first, second bool
	implicit      regSet
}

var (
	writesFirst = effect{first: true}
	writesBoth  = effect{first: true, second: true}
	writesNone  = effect{}
)

// Numbers of the registers that instructions write unnamed.
const (
	rax = 0
	rcx = 1
	rdx = 2
	rbx = 3
	rsi = 6
	rdi = 7
	r11 = 11
)

// effects is the whole instruction set that the verifier knows. What is not listed is rejected: x87,
// MMX, privileged and system instructions, and whatever nobody needed yet.
var effects = sync.OnceValue(func() map[x86asm.Op]effect {
	m := map[x86asm.Op]effect{
		x86asm.XCHG: writesBoth, x86asm.XADD: writesBoth,
		x86asm.CMPXCHG:    {first: true, implicit: setOf(rax)},
		x86asm.CMPXCHG16B: {first: true, implicit: setOf(rax, rdx)},
		x86asm.MUL:        {implicit: setOf(rax, rdx)}, x86asm.DIV: {implicit: setOf(rax, rdx)}, x86asm.IDIV: {implicit: setOf(rax, rdx)},
		x86asm.CWD: {implicit: setOf(rdx)}, x86asm.CDQ: {implicit: setOf(rdx)}, x86asm.CQO: {implicit: setOf(rdx)},
		x86asm.CBW: {implicit: setOf(rax)}, x86asm.CWDE: {implicit: setOf(rax)}, x86asm.CDQE: {implicit: setOf(rax)},
		x86asm.CPUID: {implicit: setOf(rax, rbx, rcx, rdx)}, x86asm.RDTSC: {implicit: setOf(rax, rdx)},
		x86asm.RDTSCP: {implicit: setOf(rax, rcx, rdx)}, x86asm.XGETBV: {implicit: setOf(rax, rdx)},
		x86asm.SYSCALL: {implicit: setOf(rax, rcx, r11)},
		// All of the vector state; of it only these are followed.
		x86asm.XRSTOR64: {implicit: vectorSet}, x86asm.FXRSTOR64: {implicit: vectorSet},
		x86asm.PUSH: {implicit: setOf(regSP)}, x86asm.PUSHFQ: {implicit: setOf(regSP)}, x86asm.POPFQ: {implicit: setOf(regSP)},
		x86asm.POP:   {first: true, implicit: setOf(regSP)},
		x86asm.LEAVE: {implicit: setOf(regSP, regBP)},
		x86asm.CALL:  {implicit: setOf(regSP)}, x86asm.RET: {implicit: setOf(regSP)},
	}
	add := func(e effect, ops ...x86asm.Op) {
		for _, op := range ops {
			m[op] = e
		}
	}
	add(effect{implicit: setOf(rcx, rsi, rdi)}, x86asm.MOVSB, x86asm.MOVSW, x86asm.MOVSD, x86asm.MOVSQ,
		x86asm.CMPSB, x86asm.CMPSW, x86asm.CMPSD, x86asm.CMPSQ)
	add(effect{implicit: setOf(rcx, rdi)}, x86asm.STOSB, x86asm.STOSW, x86asm.STOSD, x86asm.STOSQ,
		x86asm.SCASB, x86asm.SCASW, x86asm.SCASD, x86asm.SCASQ)
	add(writesNone, x86asm.CMP, x86asm.TEST, x86asm.BT, x86asm.NOP, x86asm.UD2, x86asm.CLD, x86asm.CLC, x86asm.STC, x86asm.CMC,
		x86asm.JMP, x86asm.JA, x86asm.JAE, x86asm.JB, x86asm.JBE, x86asm.JE, x86asm.JG, x86asm.JGE, x86asm.JL, x86asm.JLE,
		x86asm.JNE, x86asm.JNO, x86asm.JNP, x86asm.JNS, x86asm.JO, x86asm.JP, x86asm.JS, x86asm.JRCXZ, x86asm.JECXZ,
		x86asm.COMISD, x86asm.COMISS, x86asm.UCOMISD, x86asm.UCOMISS, x86asm.PTEST,
		x86asm.SAHF, x86asm.LDMXCSR, x86asm.LFENCE, x86asm.MFENCE, x86asm.SFENCE, x86asm.PAUSE,
		x86asm.PREFETCHNTA, x86asm.PREFETCHT0, x86asm.PREFETCHT1, x86asm.PREFETCHT2, x86asm.PREFETCHW)
	add(writesFirst, x86asm.ADC, x86asm.ADD, x86asm.AND, x86asm.BSF, x86asm.BSR, x86asm.BSWAP, x86asm.BTC, x86asm.BTR, x86asm.BTS,
		x86asm.CMOVA, x86asm.CMOVAE, x86asm.CMOVB, x86asm.CMOVBE, x86asm.CMOVE, x86asm.CMOVG, x86asm.CMOVGE, x86asm.CMOVL,
		x86asm.CMOVLE, x86asm.CMOVNE, x86asm.CMOVNO, x86asm.CMOVNP, x86asm.CMOVNS, x86asm.CMOVO, x86asm.CMOVP, x86asm.CMOVS,
		x86asm.DEC, x86asm.INC, x86asm.LEA, x86asm.LZCNT, x86asm.MOV, x86asm.MOVBE, x86asm.MOVNTI, x86asm.MOVSX, x86asm.MOVSXD,
		x86asm.MOVZX, x86asm.NEG, x86asm.NOT, x86asm.OR, x86asm.POPCNT, x86asm.RCL, x86asm.RCR, x86asm.ROL, x86asm.ROR,
		x86asm.SAR, x86asm.SBB, x86asm.SHL, x86asm.SHLD, x86asm.SHR, x86asm.SHRD, x86asm.SUB, x86asm.TZCNT, x86asm.XOR,
		x86asm.SETA, x86asm.SETAE, x86asm.SETB, x86asm.SETBE, x86asm.SETE, x86asm.SETG, x86asm.SETGE, x86asm.SETL, x86asm.SETLE,
		x86asm.SETNE, x86asm.SETNO, x86asm.SETNP, x86asm.SETNS, x86asm.SETO, x86asm.SETP, x86asm.SETS)
	add(writesFirst, x86asm.STMXCSR, x86asm.ADDPD, x86asm.ADDPS, x86asm.ADDSD, x86asm.ADDSS, x86asm.ANDNPD, x86asm.ANDNPS, x86asm.ANDPD, x86asm.ANDPS,
		x86asm.CMPPD, x86asm.CMPPS, x86asm.CMPSD_XMM, x86asm.CMPSS, x86asm.CVTSD2SI, x86asm.CVTSD2SS, x86asm.CVTSI2SD, x86asm.CVTSI2SS,
		x86asm.CVTSS2SD, x86asm.CVTSS2SI, x86asm.CVTTSD2SI, x86asm.CVTTSS2SI, x86asm.DIVSD, x86asm.DIVSS, x86asm.MAXSD, x86asm.MAXSS,
		x86asm.MINSD, x86asm.MINSS, x86asm.MULSD, x86asm.MULSS, x86asm.MOVAPD, x86asm.MOVAPS, x86asm.MOVD, x86asm.MOVDQA,
		x86asm.MOVDQU, x86asm.MOVHPD, x86asm.MOVHPS, x86asm.MOVHLPS, x86asm.MOVLHPS, x86asm.MOVLPD, x86asm.MOVLPS, x86asm.MOVMSKPD,
		x86asm.MOVMSKPS, x86asm.MOVNTDQ, x86asm.MOVQ, x86asm.MOVSD_XMM, x86asm.MOVSS, x86asm.MOVUPD, x86asm.MOVUPS, x86asm.ORPD,
		x86asm.ORPS, x86asm.PACKSSDW, x86asm.PACKSSWB, x86asm.PACKUSWB, x86asm.PADDB, x86asm.PADDD, x86asm.PADDQ, x86asm.PADDW,
		x86asm.PAND, x86asm.PANDN, x86asm.PAVGB, x86asm.PCMPEQB, x86asm.PCMPEQD, x86asm.PCMPEQW, x86asm.PCMPGTB, x86asm.PCMPGTD,
		x86asm.PCMPGTW, x86asm.PEXTRW, x86asm.PINSRW, x86asm.PMAXUB, x86asm.PMINUB, x86asm.PMOVMSKB, x86asm.PMULLW, x86asm.PMULUDQ,
		x86asm.POR, x86asm.PSADBW, x86asm.PSHUFD, x86asm.PSHUFHW, x86asm.PSHUFLW, x86asm.PSLLD, x86asm.PSLLDQ, x86asm.PSLLQ,
		x86asm.PSLLW, x86asm.PSRAD, x86asm.PSRAW, x86asm.PSRLD, x86asm.PSRLDQ, x86asm.PSRLQ, x86asm.PSRLW, x86asm.PSUBB,
		x86asm.PSUBD, x86asm.PSUBQ, x86asm.PSUBUSB, x86asm.PSUBW, x86asm.PUNPCKHBW, x86asm.PUNPCKHDQ, x86asm.PUNPCKHQDQ,
		x86asm.PUNPCKHWD, x86asm.PUNPCKLBW, x86asm.PUNPCKLDQ, x86asm.PUNPCKLQDQ, x86asm.PUNPCKLWD, x86asm.PXOR, x86asm.SHUFPD,
		x86asm.SHUFPS, x86asm.SQRTSD, x86asm.SQRTSS, x86asm.SUBSD, x86asm.SUBSS, x86asm.UNPCKLPD, x86asm.UNPCKLPS, x86asm.XORPD,
		x86asm.XORPS)
	return m
})

// writes returns the registers that i writes and the memory operand that it writes, if any. ok is
// false for an instruction that the verifier does not know; leaf says that it belongs to an allowed
// leaf.
func (i *inst) writes(leaf bool) (regs regSet, mem *x86asm.Mem, ok bool) {
	switch i.kind {
	case kindGLoad:
		return setOf(reg14), nil, true
	case kindFSBase, kindRotate:
		return setOf(regIndex(i.in.Args[0].(x86asm.Reg))), nil, true
	case kindPKRU:
		return setOf(rax, rdx), nil, true
	case kindVector, kindSave:
		return 0, nil, true
	}
	if i.in.Op == x86asm.STD {
		// Only memmove of an overlapping block, which clears the flag again, runs backwards.
		return 0, nil, leaf
	}
	e, ok := effects()[i.in.Op]
	if !ok && i.in.Op == x86asm.IMUL {
		// One operand: RDX:RAX. Two or three: the first.
		e, ok = effect{first: i.in.Args[1] != nil}, true
		if !e.first {
			e.implicit = setOf(rax, rdx)
		}
	}
	regs = e.implicit
	for n, written := range []bool{e.first, e.second} {
		if !written {
			continue
		}
		switch a := i.in.Args[n].(type) {
		case x86asm.Reg:
			r := regIndex(a)
			if r < 0 {
				return regs, mem, false
			}
			regs |= 1 << r
		case x86asm.Mem:
			mem = &a
		}
	}
	return regs, mem, ok
}
