package freestanding

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/arch/x86/x86asm"
)

const jmpRel32 = 0xe9

// checkBranch follows the calls and jumps of f.
func (w *walker) checkBranch(f *function, n int) {
	i := &f.insts[n]
	switch {
	case i.target != 0:
		w.checkDirect(f, i)
	case i.in.Op == x86asm.CALL && f.asm:
		w.checkAssemblyCall(f, n, false)
	case i.in.Op == x86asm.CALL:
		w.checkIndirectCall(f, i)
	case i.in.Op == x86asm.JMP && f.asm:
		if f.decl == nil || !f.decl.Leaves {
			w.checkAssemblyCall(f, n, true)
		}
	case i.in.Op == x86asm.JMP:
		w.checkJumpTable(f, n)
	}
}

// checkDirect follows a call or jump whose target is in the instruction.
func (w *walker) checkDirect(f *function, i *inst) {
	inside := i.target >= f.addr && i.target < f.addr+f.size
	isCall := i.in.Op == x86asm.CALL
	if inside && !isCall {
		if _, ok := f.index[i.target]; !ok {
			w.reject(f, i.addr, ReasonBranch, fmt.Sprintf("%s lands between instructions", describe(i)), "build the tool again")
		}
		return
	}
	s, ok := w.starts[i.target]
	if !ok {
		w.reject(f, i.addr, ReasonBranch, fmt.Sprintf("no function starts at %#x", i.target), "call functions, not labels in them")
		return
	}
	if _, ok := faultOf(s.name); ok {
		w.checkFault(f, i, s)
		return
	}
	if g := w.reach(s.addr, f, i.addr); g != nil {
		f.edges = append(f.edges, edge{to: g, at: i.addr, jump: !isCall})
	}
}

// checkFault notes a call of a runtime function that is never taken. In the finished file its code
// is a jump to the fatal stub and nothing else.
func (w *walker) checkFault(f *function, i *inst, s symbol) {
	w.faults = append(w.faults, faultSite{at: i.addr, next: i.end(), name: s.name, in: f})
	w.redirect[s.addr] = s
	if w.fatal == nil {
		w.reject(f, i.addr, ReasonNoFatal, fmt.Sprintf("%s is referred to, and no linked function is marked %sfatal", s.name, directivePrefix),
			"mark one, and refer to it from the library entry so that it is linked: LEAQ ·fatal(SB), AX")
		return
	}
	if !w.final {
		return
	}
	code := w.im.bytes(s.addr, s.size)
	const size = 5
	damaged := len(code) < size || code[0] != jmpRel32 || s.addr+size+uint64(int64(int32(binary.LittleEndian.Uint32(code[1:])))) != w.fatal.addr
	if damaged || slices.ContainsFunc(code[size:], func(b byte) bool { return b != trap }) {
		w.reject(f, i.addr, ReasonRedirect, fmt.Sprintf("%s does not jump to %s", s.name, w.fatal.name), "build the tool again")
	}
}

// neverReturns reports whether i is a call that does not come back.
func (w *walker) neverReturns(i *inst) bool {
	s, ok := w.starts[i.target]
	if !ok || i.in.Op != x86asm.CALL {
		return false
	}
	if r := refusalOf(s.name); r != nil && r.reason == ReasonPanic {
		return true
	}
	what, ok := faultOf(s.name)
	return ok && what != writeBarrierOn && what != neverTaken["runtime.morestack"]
}

// checkEnd rejects a function whose last instruction runs on into whatever follows.
func (w *walker) checkEnd(f *function) {
	for n := len(f.insts) - 1; n >= 0; n-- {
		i := &f.insts[n]
		switch {
		case i.in.Op == x86asm.NOP || i.in.Op == x86asm.XCHG && i.in.Args[0] == i.in.Args[1]:
			continue
		case i.in.Op == x86asm.RET, i.in.Op == x86asm.JMP, i.in.Op == x86asm.UD2, w.neverReturns(i):
			return
		}
		w.reject(f, i.addr, ReasonBranch, f.name+" runs on past its end", "end it with RET, JMP or UNDEF")
		return
	}
}

// checkJumpTable proves that the jump of a compiled switch stays in its function.
func (w *walker) checkJumpTable(f *function, n int) {
	slots := w.jumpTable(f, n)
	for _, slot := range slots {
		w.slots[slot] = true
	}
	if len(slots) == 0 {
		w.reject(f, f.insts[n].addr, ReasonBranch, describe(&f.insts[n])+" is not a jump table inside the function", "use a switch or direct calls")
	}
}

// jumpTable returns the addresses of the entries of the table that the jump at n goes through. The
// compiler checks the index, loads the table's address with LEA and jumps through an entry, in that
// order; where one table of the function ends and the next begins does not matter.
func (w *walker) jumpTable(f *function, n int) []uint64 {
	inside := func(slot uint64) bool {
		_, ok := f.index[w.im.relocs[slot]]
		return ok
	}
	for k := n - 1; k >= 0 && f.insts[k].in.Op != x86asm.JMP; k-- {
		i := &f.insts[k]
		if i.in.Op != x86asm.LEA || !inside(i.ref) {
			continue
		}
		var slots []uint64
		for slot := i.ref; inside(slot); slot += wordSize {
			slots = append(slots, slot)
		}
		return slots
	}
	return nil
}
