package freestanding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// checkInst applies the rules to instruction n of f.
func (w *walker) checkInst(f *function, n int) {
	i := &f.insts[n]
	if i.kind == kindGLoad {
		switch {
		case f.asm:
			w.reject(f, i.addr, ReasonGLoad, "assembly loads g from thread-local storage", "R14 holds g already; keep it")
		case w.final:
			w.reject(f, i.addr, ReasonFS, "g is loaded from thread-local storage", "build the tool again")
		default:
			w.gLoads = append(w.gLoads, i.addr)
		}
		return
	}
	if i.kind == kindVector && !f.leaf && !f.foreign() {
		w.reject(f, i.addr, ReasonDecode, "VEX or EVEX encoding", "use instructions of the SSE2 baseline: not every processor has AVX")
		return
	}
	regs, mem, ok := i.writes(f.leaf)
	if !ok && !(f.foreign() && savesVectors[i.in.Op]) {
		w.reject(f, i.addr, ReasonDecode, fmt.Sprintf("the verifier does not know %s", describe(i)), "use ordinary instructions of the SSE2 baseline")
		return
	}
	w.checkSegments(f, i)
	w.checkReserved(f, i, regs)
	w.checkMemory(f, i, mem)
	if i.in.Op == x86asm.SYSCALL && !slices.Contains(syscallPackages, f.pkg) && strings.TrimSuffix(f.name, ".abi0") != syscallFunction {
		w.reject(f, i.addr, ReasonSyscall, "SYSCALL in package "+f.pkg, "call libsystrap/rawsys")
	}
	w.checkBranch(f, n)
}

// foreign reports whether f calls code of the program's.
func (f *function) foreign() bool { return f.decl != nil && f.decl.Foreign }

// savesVectors are instructions that only a function marked foreign uses: they keep the program's vector state, and make it
// what a C function expects.
var savesVectors = map[x86asm.Op]bool{
	x86asm.XSAVE64: true, x86asm.FXSAVE64: true, x86asm.FNINIT: true, x86asm.FLDCW: true,
}

// describe prints an instruction for a message.
func describe(i *inst) string {
	if i.kind != kindNormal {
		return "vector instruction"
	}
	return x86asm.GoSyntax(i.in, i.addr, nil)
}

// checkSegments rejects operands in thread-local storage.
func (w *walker) checkSegments(f *function, i *inst) {
	for _, a := range i.in.Args {
		m, ok := a.(x86asm.Mem)
		r, isReg := a.(x86asm.Reg)
		if ok && (m.Segment == x86asm.FS || m.Segment == x86asm.GS) || isReg && (r == x86asm.FS || r == x86asm.GS) {
			w.reject(f, i.addr, ReasonFS, describe(i)+" uses the program's thread-local storage", "keep per-thread state in a table that is searched by thread id")
			return
		}
	}
}

// checkReserved guards the two registers that compiled code relies on: R14 holds g, X15 is zero.
// Entry stubs set them up, and give the caller's values back at their end; what leaves for the
// application, and calls nothing, loads its registers; the allowed leaves are known to clear X15
// after use.
func (w *walker) checkReserved(f *function, i *inst, regs regSet) {
	if f.leaf || f.decl != nil && (f.decl.Entry || f.decl.Fatal || f.decl.Leaves && !f.calls()) {
		return
	}
	if regs.has(reg14) {
		reason, what := ReasonR14, describe(i)
		if !f.asm {
			reason, what = ReasonGLoad, what+" is not how the verifier expects g to be loaded"
		}
		w.reject(f, i.addr, reason, what, "use another register; R14 is g in compiled code")
	}
	if regs.has(xmm15) && !isZeroing(i) {
		w.reject(f, i.addr, ReasonX15, describe(i), "use another register; X15 is zero in compiled code")
	}
}

// calls reports whether f makes any call.
func (f *function) calls() bool {
	return slices.ContainsFunc(f.insts, func(i inst) bool { return i.in.Op == x86asm.CALL })
}

// isZeroing reports whether i clears a register by exclusive-or with itself.
func isZeroing(i *inst) bool {
	switch i.in.Op {
	case x86asm.XORPS, x86asm.XORPD, x86asm.PXOR:
		return i.in.Args[0] == i.in.Args[1]
	}
	return false
}

// checkMemory follows references to data, and rejects stores into variables that are not ours: into
// read-only data they would fault, and flags of the runtime must stay as they are.
func (w *walker) checkMemory(f *function, i *inst, written *x86asm.Mem) {
	if i.ref == 0 || i.in.Op == x86asm.CALL || i.in.Op == x86asm.JMP {
		return
	}
	isLEA := i.in.Op == x86asm.LEA
	if w.isText(i.ref) {
		w.checkCodeAddress(f, i, isLEA)
		return
	}
	w.reachData(i.ref)
	p := w.data.at(i.ref)
	if f.leaf {
		w.flags[p.name] = true
	}
	if isLEA || written != nil {
		w.written[p.start] = true
	}
	if written == nil || written.Base != x86asm.RIP {
		return
	}
	seg := w.im.segmentAt(i.ref)
	switch pkg := packageOf(p.name); {
	case seg == nil || seg.flags&2 == 0 || w.inRelro(i.ref):
		w.reject(f, i.addr, ReasonWrite, describe(i)+" writes read-only data", "write a package variable")
	case p.name != "" && !w.meta.isFreestanding(pkg):
		w.reject(f, i.addr, ReasonWrite, fmt.Sprintf("%s writes %s", describe(i), p.name), "write variables of packages that run in the target only")
	}
}

// checkCodeAddress handles an operand that names code. Compiled code does so for the func value of
// a literal, which it builds on the stack; assembly for handlers, which are entered from outside.
func (w *walker) checkCodeAddress(f *function, i *inst, isLEA bool) {
	if _, ok := w.starts[i.ref]; !ok || !isLEA {
		w.reject(f, i.addr, ReasonBranch, describe(i)+" uses code as data", "take the address of functions only")
		return
	}
	if !f.asm {
		w.take(i.ref)
		return
	}
	g := w.reach(i.ref, f, i.addr)
	if g != nil && !slices.Contains(w.entries, g) {
		// Not declared as an entry, so it may not use any stack.
		w.entries = append(w.entries, g)
	}
}

// inRelro reports whether the loader makes addr read-only after relocation.
func (w *walker) inRelro(addr uint64) bool {
	for _, p := range w.im.progs {
		const gnuRelro = 0x6474e552
		if p.Type == gnuRelro && addr >= p.Vaddr && addr < p.Vaddr+p.Memsz {
			return true
		}
	}
	return false
}

// checkZeroVariables checks the switches that keep code from running: the runtime's write barriers,
// and what the allowed leaves have for newer processors.
func (w *walker) checkZeroVariables() {
	for _, name := range slices.Sorted(maps.Keys(w.flags)) {
		if !w.data.isZero(name) {
			w.add(&Problem{Reason: ReasonWrite, Pos: name, What: "the variable is not zero when the library is loaded", Instead: "build with the Go release that this systrap was made for"})
		}
	}
}
