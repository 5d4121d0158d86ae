package freestanding

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"
)

// stackFrame is what one function does with the stack.
type stackFrame struct {
	deepest int64             // bytes below its return address, calls excluded
	at      map[uint64]int64  // depth at each call and jump to another function
	loaded  map[uint64]uint64 // indirect call → variable that its func value was loaded from
}

// measureStack follows the stack pointer along all paths of f.
func (w *walker) measureStack(f *function) {
	f.frame.at = map[uint64]int64{}
	f.frame.loaded = map[uint64]uint64{}
	states := make([]*spState, len(f.insts))
	queue := []int{}
	flow := func(n int, s *spState) {
		if n >= len(f.insts) {
			return
		}
		if states[n] == nil {
			states[n] = s.clone()
			queue = append(queue, n)
			return
		}
		changed, agree := states[n].merge(s)
		if !agree {
			w.reject(f, f.insts[n].addr, ReasonSP, fmt.Sprintf("paths that meet here have used different amounts of stack: %d and %d bytes", states[n].depth, s.depth), "balance pushes and pops on each path")
		} else if changed {
			queue = append(queue, n)
		}
	}
	flow(0, newState())
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		s := states[n].clone()
		i := &f.insts[n]
		ok := w.step(f, i, s)
		f.frame.deepest = max(f.frame.deepest, s.depth)
		if !ok {
			continue
		}
		if i.target != 0 && i.in.Op != x86asm.CALL {
			if k, ok := f.index[i.target]; ok {
				flow(k, s)
			}
		}
		switch {
		case i.in.Op == x86asm.RET, i.in.Op == x86asm.UD2, w.neverReturns(i):
		case i.in.Op == x86asm.JMP:
			if i.target == 0 {
				// A jump table: its targets are all in f.
				for _, slot := range w.jumpTable(f, n) {
					flow(f.index[w.im.relocs[slot]], s)
				}
			}
		default:
			flow(n+1, s)
		}
	}
}

// step applies one instruction to s. It returns false when nothing follows.
func (w *walker) step(f *function, i *inst, s *spState) bool {
	bad := func(what string) bool {
		w.reject(f, i.addr, ReasonSP, describe(i)+what, "use PUSHQ, POPQ, SUBQ, ADDQ and LEAQ with constants, or save SP in a register and restore it")
		return false
	}
	if s.other {
		return w.stepOther(f, i, s, bad)
	}
	w.noteAccess(f, i, s)
	if s.gone {
		switch i.in.Op {
		case x86asm.CALL, x86asm.RET, x86asm.PUSH, x86asm.POP:
			return bad(" after the stack pointer was given back")
		}
		return true
	}
	if i.target != 0 || i.in.Op == x86asm.CALL || i.in.Op == x86asm.JMP {
		return w.stepBranch(f, i, s, bad)
	}
	switch i.in.Op {
	case x86asm.RET:
		if s.depth != 0 || s.padded || i.in.Args[0] != nil {
			return bad(" while the frame is still on the stack")
		}
		return false
	case x86asm.PUSH, x86asm.PUSHFQ:
		s.depth += wordSize
		return true
	case x86asm.POP, x86asm.POPFQ:
		s.depth -= wordSize
		if s.depth < 0 || i.in.Args[0] == x86asm.RSP {
			return bad(" pops what was not pushed")
		}
		if r, ok := i.in.Args[0].(x86asm.Reg); ok {
			s.forget(regIndex(r))
		}
		return true
	case x86asm.LEAVE:
		d, ok := s.regs[regBP]
		if !ok {
			return bad(" with an unknown frame pointer")
		}
		s.depth, s.padded = d-wordSize, s.padReg[regBP]
		s.forget(regBP)
		return true
	}
	regs, _, _ := i.writes(f.leaf)
	if !regs.has(regSP) {
		s.assign(i)
		return true
	}
	if d, padded, ok := s.value(i); ok && i.in.Args[0] == x86asm.RSP {
		s.depth, s.padded = d, padded
		return d >= 0 || bad(" gives up the caller's frame")
	}
	return s.newPointer(f, i) || bad("")
}

// stepOther is step on another stack: nothing but a call, whose depth counts as if it were made
// where the stack was left, until SP is computed from RBP, which the callee kept; or a jump to
// another function, with nothing on the stack that was left.
func (w *walker) stepOther(f *function, i *inst, s *spState, bad func(string) bool) bool {
	switch i.in.Op {
	case x86asm.CALL:
		return w.stepBranch(f, i, s, bad)
	case x86asm.LEA:
		if d, padded, ok := s.value(i); ok && i.in.Args[0] == x86asm.RSP {
			s.depth, s.padded, s.other = d, padded, false
			return true
		}
	case x86asm.JMP:
		// The function goes on as another one, from its first instruction.
		if i.target != 0 && s.depth == 0 && !s.padded {
			f.frame.at[i.addr] = s.depth
			return false
		}
	case x86asm.MOV:
		// A register is loaded; anything else shows when SP comes back.
		if r, ok := i.in.Args[0].(x86asm.Reg); ok && r != x86asm.RSP && r != x86asm.RBP {
			s.assign(i)
			return true
		}
	}
	return bad(" on another stack")
}

// stepBranch handles calls and jumps. A callee keeps RBP, as compiled code does, and no other
// register.
func (w *walker) stepBranch(f *function, i *inst, s *spState, bad func(string) bool) bool {
	if i.target == 0 {
		if m, ok := i.in.Args[0].(x86asm.Mem); ok && m.Disp == 0 && m.Index == 0 {
			f.frame.loaded[i.addr] = s.vars[regIndex(m.Base)]
		}
	}
	if i.in.Op == x86asm.CALL {
		if f.isEntry() && !f.decl.Foreign && !(s.hasG && s.zero15) {
			w.reject(f, i.addr, ReasonR14, describe(i)+" enters Go without a g in R14 and zero in X15", "point R14 at a fake g in the frame, and XORPS X15, X15")
		}
		f.frame.at[i.addr] = s.depth
		f.frame.deepest = max(f.frame.deepest, s.depth+wordSize)
		for r := range xmm0 {
			if r != regBP {
				s.forget(r)
			}
		}
		return true
	}
	if _, ok := f.index[i.target]; ok && i.target != 0 {
		return true
	}
	f.frame.at[i.addr] = s.depth
	if i.target != 0 && (s.depth != 0 || s.padded) {
		return bad(" while the frame is still on the stack")
	}
	return true
}

// noteAccess counts memory below the stack pointer that i uses as stack too.
func (w *walker) noteAccess(f *function, i *inst, s *spState) {
	if i.in.Op == x86asm.LEA || i.in.Op == x86asm.NOP || s.gone {
		return
	}
	for _, a := range i.in.Args {
		m, ok := a.(x86asm.Mem)
		if !ok {
			continue
		}
		depth, ok := s.regs[regIndex(m.Base)]
		if m.Base == x86asm.RSP {
			depth, ok = s.depth, true
		}
		if ok && depth-m.Disp > s.depth {
			f.frame.deepest = max(f.frame.deepest, depth-m.Disp)
		}
	}
}
