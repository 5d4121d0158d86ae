package seccomp

import "golang.org/x/sys/unix"

// Insn is struct sock_filter (include/uapi/linux/filter.h).
type Insn struct {
	Code   uint16
	Jt, Jf uint8
	K      uint32
}

// Data is struct seccomp_data (include/uapi/linux/seccomp.h) as its 4-byte words:
// number, architecture, two of the instruction pointer, two of each argument.
type Data [16]uint32

// Words of [Data].
const (
	wordNumber = 0
	wordArch   = 1
	wordIP     = 2
	wordArgs   = 4
)

// Sets of words, a bit for each.
const (
	ipWords   = 3 << wordIP
	argsWords = 0xfff << wordArgs
)

// auditArchX8664 is AUDIT_ARCH_X86_64 (include/uapi/linux/audit.h).
const auditArchX8664 = 0xc000003e

// Parts of an instruction's code (include/uapi/linux/bpf_common.h).
const (
	bpfClass = 0x07
	bpfSize  = 0x18
	bpfMode  = 0xe0
	bpfOp    = 0xf0
	bpfX     = 0x08 // the operand is X rather than k
	bpfRetA  = 0x10
)

// set enters a call's number and arguments.
func (d *Data) set(nr, a0, a1, a2, a3, a4, a5 uintptr) {
	d[wordNumber], d[wordArch] = uint32(nr), auditArchX8664
	d[wordIP], d[wordIP+1] = 0, 0
	d.setArg(0, a0)
	d.setArg(1, a1)
	d.setArg(2, a2)
	d.setArg(3, a3)
	d.setArg(4, a4)
	d.setArg(5, a5)
}

func (d *Data) setArg(i int, v uintptr) {
	d[wordArgs+2*i], d[wordArgs+2*i+1] = uint32(v), uint32(v>>32)
}

// run executes a program for d, of which the words in unknown are not known. It
// returns what the program returns; known is false if that depends on such a word, or
// the program is none that the kernel would take. A program jumps forward only, so it
// ends (bpf_check_classic, net/core/filter.c).
func run(program []Insn, d *Data, unknown uint32) (action uint32, known bool) {
	var a, x uint32
	var aUnknown, xUnknown bool
	var mem [unix.BPF_MEMWORDS]uint32
	var memUnknown uint32
	for pc := 0; pc < len(program); pc++ {
		f := &program[pc]
		operand, operandUnknown := f.K, false
		if f.Code&bpfX != 0 {
			operand, operandUnknown = x, xUnknown
		}
		switch f.Code & bpfClass {
		case unix.BPF_LD, unix.BPF_LDX:
			v, u := f.K, false
			switch f.Code & bpfMode {
			case unix.BPF_IMM:
			case unix.BPF_MEM:
				i := f.K % unix.BPF_MEMWORDS
				v, u = mem[i], memUnknown>>i&1 != 0
			case unix.BPF_LEN:
				v = uint32(4 * len(d))
			case unix.BPF_ABS:
				i := f.K / 4
				if f.K%4 != 0 || i >= uint32(len(d)) || f.Code&bpfSize != unix.BPF_W {
					return 0, false
				}
				v, u = d[i], unknown>>i&1 != 0
			default:
				return 0, false
			}
			if f.Code&bpfClass == unix.BPF_LDX {
				x, xUnknown = v, u
			} else {
				a, aUnknown = v, u
			}
		case unix.BPF_ST:
			mem[f.K%unix.BPF_MEMWORDS] = a
			memUnknown = withBit(memUnknown, f.K%unix.BPF_MEMWORDS, aUnknown)
		case unix.BPF_STX:
			mem[f.K%unix.BPF_MEMWORDS] = x
			memUnknown = withBit(memUnknown, f.K%unix.BPF_MEMWORDS, xUnknown)
		case unix.BPF_ALU:
			if f.Code&bpfOp != unix.BPF_NEG {
				aUnknown = aUnknown || operandUnknown
			}
			if f.Code&bpfOp == unix.BPF_DIV && operand == 0 && !operandUnknown {
				return unix.SECCOMP_RET_KILL_THREAD, true // a program that divides by zero returns 0
			}
			a = compute(f.Code&bpfOp, a, operand)
		case unix.BPF_JMP:
			switch {
			case f.Code&bpfOp == unix.BPF_JA:
				if f.K >= uint32(len(program)) {
					return 0, false
				}
				pc += int(f.K)
			case f.Jt == f.Jf:
				pc += int(f.Jt)
			case aUnknown || operandUnknown:
				return 0, false
			case holds(f.Code&bpfOp, a, operand):
				pc += int(f.Jt)
			default:
				pc += int(f.Jf)
			}
		case unix.BPF_RET:
			if f.Code&bpfRetA != 0 {
				return a, !aUnknown
			}
			return f.K, true
		case unix.BPF_MISC:
			if f.Code&bpfOp == unix.BPF_TXA&bpfOp {
				a, aUnknown = x, xUnknown
			} else {
				x, xUnknown = a, aUnknown
			}
		}
	}
	return 0, false
}

func withBit(set, i uint32, on bool) uint32 {
	set &^= 1 << i
	if on {
		set |= 1 << i
	}
	return set
}

// compute is an arithmetic instruction.
func compute(op uint16, a, b uint32) uint32 {
	switch op {
	case unix.BPF_ADD:
		return a + b
	case unix.BPF_SUB:
		return a - b
	case unix.BPF_MUL:
		return a * b
	case unix.BPF_DIV:
		if b == 0 {
			return 0 // not known: run gives up where it matters
		}
		return a / b
	case unix.BPF_OR:
		return a | b
	case unix.BPF_AND:
		return a & b
	case unix.BPF_XOR:
		return a ^ b
	case unix.BPF_LSH:
		return a << (b & 31)
	case unix.BPF_RSH:
		return a >> (b & 31)
	}
	return -a // BPF_NEG
}

// holds is the condition of a jump.
func holds(op uint16, a, b uint32) bool {
	switch op {
	case unix.BPF_JEQ:
		return a == b
	case unix.BPF_JGT:
		return a > b
	case unix.BPF_JGE:
		return a >= b
	}
	return a&b != 0 // BPF_JSET
}

// ReadsIP says whether a program looks at the instruction pointer.
func ReadsIP(program []Insn) bool {
	for i := range program {
		f := &program[i]
		c := f.Code & bpfClass
		if (c == unix.BPF_LD || c == unix.BPF_LDX) && f.Code&bpfMode == unix.BPF_ABS && f.K/8 == 1 {
			return true
		}
	}
	return false
}
