package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A filter that the program installs is run here once for each call's number,
// without knowing the arguments: what it lets through whatever they are, the tool
// may go on making ([Syscall]).

// allowed has a bit for each call that all filters so far let through.
var allowed = [filterNumbers / 64]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

// filterNumbers is how many numbers are looked at.
const filterNumbers = 512

// mayCall says whether a call of our own does no harm.
func mayCall(nr int) bool {
	return !filtered || nr == unix.SYS_WRITE || nr < filterNumbers && allowed[nr/64]>>(nr%64)&1 != 0
}

// allowStrict takes in strict mode (seccomp(2), SECCOMP_SET_MODE_STRICT).
func allowStrict() {
	for i := range allowed {
		allowed[i] = 0
	}
}

// allowFiltered takes in a filter, whose struct sock_fprog is at addr. One that
// cannot be read, or not be understood, allows nothing.
func allowFiltered(addr uint64) {
	var prog struct {
		n       uint16
		program uint64
	}
	ok := Read(unsafe.Slice((*byte)(unsafe.Pointer(&prog)), unsafe.Sizeof(prog)), addr) == int(unsafe.Sizeof(prog))
	for nr := range filterNumbers {
		if !ok || !filterAllows(prog.program, uint32(prog.n), uint32(nr)) {
			allowed[nr/64] &^= 1 << (nr % 64)
		}
	}
}

// sockFilter is struct sock_filter (include/uapi/linux/filter.h).
type sockFilter struct {
	code   uint16
	jt, jf uint8
	k      uint32
}

// Parts of an instruction's code (include/uapi/linux/bpf_common.h).
const (
	bpfClass = 0x07
	bpfSize  = 0x18
	bpfMode  = 0xe0
	bpfOp    = 0xf0
	bpfX     = 0x08 // the operand is X rather than k
	bpfRetA  = 0x10
)

// auditArchX8664 is AUDIT_ARCH_X86_64 (include/uapi/linux/audit.h).
const auditArchX8664 = 0xc000003e

// filterData is struct seccomp_data as far as it is known beforehand: what lies
// behind, instruction pointer and arguments, is not.
const filterKnown = 8

// bpfValue is a value that is known, or not.
type bpfValue struct {
	v       uint32
	unknown bool
}

// filterAllows runs the n instructions at addr for call nr. A filter jumps forward
// only, so it ends (net/core/filter.c, bpf_check_classic).
func filterAllows(addr uint64, n, nr uint32) bool {
	var a, x bpfValue
	var mem [unix.BPF_MEMWORDS]bpfValue
	for pc := uint32(0); pc < n; pc++ {
		var f sockFilter
		if Read(unsafe.Slice((*byte)(unsafe.Pointer(&f)), unsafe.Sizeof(f)), addr+uint64(pc)*uint64(unsafe.Sizeof(f))) != int(unsafe.Sizeof(f)) {
			return false
		}
		operand := bpfValue{v: f.k}
		if f.code&bpfX != 0 {
			operand = x
		}
		switch f.code & bpfClass {
		case unix.BPF_LD, unix.BPF_LDX:
			to := &a
			if f.code&bpfClass == unix.BPF_LDX {
				to = &x
			}
			switch f.code & bpfMode {
			case unix.BPF_IMM:
				*to = bpfValue{v: f.k}
			case unix.BPF_MEM:
				*to = mem[f.k%unix.BPF_MEMWORDS]
			case unix.BPF_LEN:
				*to = bpfValue{v: 64} // sizeof(struct seccomp_data)
			case unix.BPF_ABS:
				*to = bpfValue{unknown: f.k >= filterKnown || f.code&bpfSize != unix.BPF_W}
				switch f.k {
				case 0:
					to.v = nr
				case 4:
					to.v = auditArchX8664
				}
			default:
				return false
			}
		case unix.BPF_ST:
			mem[f.k%unix.BPF_MEMWORDS] = a
		case unix.BPF_STX:
			mem[f.k%unix.BPF_MEMWORDS] = x
		case unix.BPF_ALU:
			a = bpfCompute(f.code&bpfOp, a, operand)
		case unix.BPF_JMP:
			if f.code&bpfOp == unix.BPF_JA {
				pc += f.k
				continue
			}
			if a.unknown || operand.unknown {
				return false // it looks at the arguments
			}
			if bpfHolds(f.code&bpfOp, a.v, operand.v) {
				pc += uint32(f.jt)
			} else {
				pc += uint32(f.jf)
			}
		case unix.BPF_RET:
			if f.code&bpfRetA != 0 {
				operand = a
			}
			action := operand.v & unix.SECCOMP_RET_ACTION_FULL
			return !operand.unknown && (action == unix.SECCOMP_RET_ALLOW || action == unix.SECCOMP_RET_LOG)
		case unix.BPF_MISC:
			if f.code&bpfOp == unix.BPF_TXA&bpfOp {
				a = x
			} else {
				x = a
			}
		}
	}
	return false
}

// bpfCompute is an arithmetic instruction.
func bpfCompute(op uint16, a, b bpfValue) bpfValue {
	if a.unknown || b.unknown && op != unix.BPF_NEG {
		return bpfValue{unknown: true}
	}
	v := a.v
	switch op {
	case unix.BPF_ADD:
		v += b.v
	case unix.BPF_SUB:
		v -= b.v
	case unix.BPF_MUL:
		v *= b.v
	case unix.BPF_DIV:
		if b.v == 0 {
			return bpfValue{unknown: true}
		}
		v /= b.v
	case unix.BPF_OR:
		v |= b.v
	case unix.BPF_AND:
		v &= b.v
	case unix.BPF_XOR:
		v ^= b.v
	case unix.BPF_LSH:
		v <<= b.v & 31
	case unix.BPF_RSH:
		v >>= b.v & 31
	case unix.BPF_NEG:
		v = -v
	default:
		return bpfValue{unknown: true}
	}
	return bpfValue{v: v}
}

// bpfHolds is the condition of a jump.
func bpfHolds(op uint16, a, b uint32) bool {
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
