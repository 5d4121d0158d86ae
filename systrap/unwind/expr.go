package unwind

import "libsystrap/systrap"

// exprDepth is the size of an expression's stack, exprSteps the most operations
// that are executed: a table that loops ends.
const (
	exprDepth = 16
	exprSteps = 256
)

// expr evaluates the DWARF expression (DWARF 5, 2.5) whose length is at addr,
// with the registers of the frame; push says that init lies on the stack first.
func expr(w *window, addr uint64, regs *[numRegs]uint64, push bool, init uint64) (uint64, bool) {
	w.open(addr, addr+10)
	n := w.uleb()
	start := w.pos()
	w.open(start, start+n)
	s := stack{}
	if push {
		s.push(init)
	}
	for steps := 0; w.more() && !s.bad; steps++ {
		if steps == exprSteps {
			return 0, false
		}
		op := w.u8()
		switch {
		case op >= 0x30 && op < 0x50: // DW_OP_lit0 …
			s.push(uint64(op - 0x30))
		case op >= 0x70 && op < 0x70+numRegs: // DW_OP_breg0 …
			s.push(regs[op-0x70] + uint64(w.sleb()))
		case op == 0x28: // DW_OP_bra
			d := int16(w.uint(2))
			if s.pop() != 0 {
				jump(w, start, n, d)
			}
		case op == 0x2f: // DW_OP_skip
			d := int16(w.uint(2))
			jump(w, start, n, d)
		case op == 0x92: // DW_OP_bregx
			r := w.uleb()
			d := w.sleb()
			if r >= numRegs {
				return 0, false
			}
			s.push(regs[r] + uint64(d))
		case op >= 0x19 && op <= 0x2e && op != 0x23:
			s.compute(op)
		default:
			s.operand(op, w)
		}
	}
	v := s.pop()
	return v, !w.bad && !s.bad
}

// jump moves d bytes within an expression.
func jump(w *window, start, n uint64, d int16) {
	to := w.pos() + uint64(int64(d))
	if to-start > n {
		w.bad = true
		return
	}
	w.moveTo(to)
}

// stack is an expression's stack.
type stack struct {
	n   int
	bad bool
	v   [exprDepth]uint64
}

func (s *stack) push(v uint64) {
	if s.n == exprDepth {
		s.bad = true
		return
	}
	s.v[s.n&(exprDepth-1)] = v
	s.n++
}

func (s *stack) pop() uint64 {
	if s.n == 0 {
		s.bad = true
		return 0
	}
	s.n--
	return s.v[s.n&(exprDepth-1)]
}

// pick returns the value that lies i below the top.
func (s *stack) pick(i int) uint64 {
	if i < 0 || i >= s.n {
		s.bad = true
		return 0
	}
	return s.v[(s.n-1-i)&(exprDepth-1)]
}

// operand executes what brings values onto the stack, or moves them.
func (s *stack) operand(op uint8, w *window) {
	switch op {
	case 0x03, 0x0e, 0x0f: // DW_OP_addr, const8u, const8s
		s.push(w.uint(8))
	case 0x06: // DW_OP_deref
		s.deref(8)
	case 0x08: // DW_OP_const1u
		s.push(w.uint(1))
	case 0x09:
		s.push(uint64(int64(int8(w.uint(1)))))
	case 0x0a: // DW_OP_const2u
		s.push(w.uint(2))
	case 0x0b:
		s.push(uint64(int64(int16(w.uint(2)))))
	case 0x0c: // DW_OP_const4u
		s.push(w.uint(4))
	case 0x0d:
		s.push(uint64(int64(int32(w.uint(4)))))
	case 0x10: // DW_OP_constu
		s.push(w.uleb())
	case 0x11: // DW_OP_consts
		s.push(uint64(w.sleb()))
	case 0x12: // DW_OP_dup
		s.push(s.pick(0))
	case 0x13: // DW_OP_drop
		s.pop()
	case 0x14: // DW_OP_over
		s.push(s.pick(1))
	case 0x15: // DW_OP_pick
		s.push(s.pick(int(w.u8())))
	case 0x16: // DW_OP_swap
		a, b := s.pop(), s.pop()
		s.push(a)
		s.push(b)
	case 0x17: // DW_OP_rot
		a, b, c := s.pop(), s.pop(), s.pop()
		s.push(a)
		s.push(c)
		s.push(b)
	case 0x23: // DW_OP_plus_uconst
		s.push(s.pop() + w.uleb())
	case 0x94: // DW_OP_deref_size
		s.deref(int(w.u8()))
	case 0x96: // DW_OP_nop
	default:
		s.bad = true
	}
}

// deref replaces an address by the n bytes there.
func (s *stack) deref(n int) {
	var v [8]byte
	if n < 1 || n > len(v) || systrap.Read(v[:n], s.pop()) != n {
		s.bad = true
		return
	}
	x := uint64(0)
	for i := n - 1; i >= 0; i-- {
		x = x<<8 | uint64(v[i&7])
	}
	s.push(x)
}

// compute executes arithmetic, logic and comparison, 0x19 to 0x2e.
func (s *stack) compute(op uint8) {
	b := s.pop()
	switch op {
	case 0x19: // DW_OP_abs
		if int64(b) < 0 {
			b = -b
		}
		s.push(b)
		return
	case 0x1f: // DW_OP_neg
		s.push(-b)
		return
	case 0x20: // DW_OP_not
		s.push(^b)
		return
	}
	a := s.pop()
	yes := false
	switch op {
	case 0x1a: // DW_OP_and
		a &= b
	case 0x1b, 0x1d: // DW_OP_div, mod
		if b == 0 {
			s.bad = true
			return
		}
		if op == 0x1d {
			a %= b
		} else if b == ^uint64(0) {
			a = -a // the most negative number by -1 would trap
		} else {
			a = uint64(int64(a) / int64(b))
		}
	case 0x1c: // DW_OP_minus
		a -= b
	case 0x1e: // DW_OP_mul
		a *= b
	case 0x21: // DW_OP_or
		a |= b
	case 0x22: // DW_OP_plus
		a += b
	case 0x24: // DW_OP_shl
		a = shift(b, a<<(b&63), 0)
	case 0x25: // DW_OP_shr
		a = shift(b, a>>(b&63), 0)
	case 0x26: // DW_OP_shra
		a = shift(b, uint64(int64(a)>>(b&63)), uint64(int64(a)>>63))
	case 0x27: // DW_OP_xor
		a ^= b
	case 0x29: // DW_OP_eq
		yes = a == b
	case 0x2a: // DW_OP_ge
		yes = int64(a) >= int64(b)
	case 0x2b: // DW_OP_gt
		yes = int64(a) > int64(b)
	case 0x2c: // DW_OP_le
		yes = int64(a) <= int64(b)
	case 0x2d: // DW_OP_lt
		yes = int64(a) < int64(b)
	case 0x2e: // DW_OP_ne
		yes = a != b
	}
	if op >= 0x29 {
		a = 0
		if yes {
			a = 1
		}
	}
	s.push(a)
}

// shift is shifted, or all where more than all bits are shifted out.
func shift(by, shifted, all uint64) uint64 {
	if by > 63 {
		return all
	}
	return shifted
}
