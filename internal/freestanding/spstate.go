package freestanding

import (
	"maps"

	"golang.org/x/arch/x86/x86asm"
)

// spState is what is known before an instruction runs. Depths are bytes below the stack pointer at
// the function's start, which points at its return address.
type spState struct {
	depth  int64
	padded bool           // depth is an upper bound: the pointer was rounded down
	gone   bool           // the pointer is the application's again
	other  bool           // the pointer is on another stack; depth is where it was before
	regs   map[int]int64  // registers that hold a stack address → its depth
	padReg map[int]bool   // those whose depth is an upper bound
	vars   map[int]uint64 // registers that hold what was loaded from a variable → its address
	hasG   bool           // R14 was written
	zero15 bool           // X15 was cleared
}

func newState() *spState {
	return &spState{regs: map[int]int64{}, padReg: map[int]bool{}, vars: map[int]uint64{}}
}

func (s *spState) clone() *spState {
	c := *s
	c.regs, c.padReg, c.vars = maps.Clone(s.regs), maps.Clone(s.padReg), maps.Clone(s.vars)
	return &c
}

// forget drops what is known about a register.
func (s *spState) forget(r int) {
	delete(s.regs, r)
	delete(s.padReg, r)
	delete(s.vars, r)
}

// merge keeps in s what both know; it reports whether s changed, and whether the two agree about
// the stack pointer.
func (s *spState) merge(t *spState) (changed, agree bool) {
	if s.gone != t.gone || s.other != t.other || !s.gone && (s.depth != t.depth || s.padded != t.padded) {
		return false, false
	}
	for r, d := range s.regs {
		if e, ok := t.regs[r]; !ok || d != e || s.padReg[r] != t.padReg[r] {
			s.forget(r)
			changed = true
		}
	}
	for r, v := range s.vars {
		if e, ok := t.vars[r]; !ok || v != e {
			s.forget(r)
			changed = true
		}
	}
	if s.hasG && !t.hasG || s.zero15 && !t.zero15 {
		s.hasG, s.zero15 = s.hasG && t.hasG, s.zero15 && t.zero15
		changed = true
	}
	return changed, true
}

// assign updates what is known about the registers that i writes, RSP excepted.
func (s *spState) assign(i *inst) {
	regs, _, _ := i.writes(false)
	depth, padded, isStack := s.value(i)
	for r := range xmm0 {
		if regs.has(r) && r != regSP {
			s.forget(r)
		}
	}
	if dst, ok := i.in.Args[0].(x86asm.Reg); ok && dst != x86asm.RSP {
		switch {
		case isStack:
			s.regs[regIndex(dst)], s.padReg[regIndex(dst)] = depth, padded
		case i.in.Op == x86asm.MOV && i.ref != 0 && dst >= x86asm.RAX && dst <= x86asm.R15:
			s.vars[regIndex(dst)] = i.ref
		}
	}
	s.hasG = s.hasG || regs.has(reg14)
	if regs.has(xmm15) {
		s.zero15 = isZeroing(i)
	}
}

// newPointer handles a stack pointer that cannot be followed, if a directive allows it.
func (s *spState) newPointer(f *function, i *inst) bool {
	switch {
	case f.decl == nil:
		return false
	case f.decl.Leaves && i.in.Op == x86asm.MOV:
		s.gone = true
	case f.decl.Switches && i.in.Op == x86asm.LEA:
		s.other = true
	default:
		return false
	}
	return true
}

// value computes the stack address that i puts into its destination, if it is one that can be
// followed.
func (s *spState) value(i *inst) (depth int64, padded, ok bool) {
	of := func(r x86asm.Reg) (int64, bool, bool) {
		if r == x86asm.RSP {
			return s.depth, s.padded, true
		}
		d, ok := s.regs[regIndex(r)]
		return d, s.padReg[regIndex(r)], ok && r >= x86asm.RAX && r <= x86asm.R15
	}
	dst, _ := i.in.Args[0].(x86asm.Reg)
	imm, hasImm := i.in.Args[1].(x86asm.Imm)
	switch i.in.Op {
	case x86asm.MOV:
		if src, ok := i.in.Args[1].(x86asm.Reg); ok {
			return of(src)
		}
	case x86asm.LEA:
		if m, ok := i.in.Args[1].(x86asm.Mem); ok && m.Index == 0 && m.Base != 0 {
			d, p, ok := of(m.Base)
			return d - m.Disp, p, ok
		}
	case x86asm.SUB:
		d, p, ok := of(dst)
		return d + int64(imm), p, ok && hasImm
	case x86asm.ADD:
		d, p, ok := of(dst)
		return d - int64(imm), p, ok && hasImm
	case x86asm.AND:
		d, _, ok := of(dst)
		n := -int64(imm)
		return d + n - 1, true, ok && hasImm && n > 0 && n&(n-1) == 0
	}
	return 0, false, false
}
