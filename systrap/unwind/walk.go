package unwind

import (
	"unsafe"

	"libsystrap/restorer"
	"libsystrap/seccomp"
	"libsystrap/systrap"
)

// Walk is a walk from a frame to its callers. It must not be kept: Begin, Next
// and End are called by one tool function.
type Walk struct {
	snap *snapshot
	regs [numRegs]uint64
	// exact is set where RIP is an instruction that is to be executed next: where
	// a signal came. Elsewhere it is the one behind a call, which may be another
	// function's.
	exact  bool
	begun  bool
	frames int
	m      machine
}

// Frame is one frame of a stack.
type Frame struct {
	// PC is the address at which the function goes on.
	PC uint64
	// File is the path of the file that PC is mapped from, as /proc/self/maps has
	// it, or "[vdso]"; nil if there is none, as for code that the program has made.
	// Offset is PC's place in the file, in bytes.
	File   []byte
	Offset uint64
	// Symbol is the function symbol of the file that is nearest before PC, as it
	// is written there (c++filt(1) reads what C++ makes of names), and Dist the
	// bytes from it to PC. Symbol is nil if there is none.
	Symbol []byte
	Dist   uint64
}

// MaxFrames ends a walk that does not end by itself.
const MaxFrames = 256

// Begin starts at the registers r. signal says that they are those of a signal
// ([systrap.Signal.Registers]) rather than of a call. It returns false, and End is
// not due, if there is no memory to work with.
func (w *Walk) Begin(r *systrap.Registers, signal bool) bool {
	w.snap = acquire()
	if w.snap == nil {
		return false
	}
	w.regs = *(*[numRegs]uint64)(unsafe.Pointer(r))
	w.exact = signal
	w.begun = false
	w.frames = 0
	return true
}

// Sigreturn makes a walk that has begun at an rt_sigreturn begin where that will
// go on.
func (w *Walk) Sigreturn() bool {
	w.exact = w.stepSigreturn()
	return w.exact
}

// End gives back what Begin took.
func (w *Walk) End() { w.snap.release() }

// Next moves to the next frame and describes it; the first is the one at which
// Begin started. It returns false at the end. File and Symbol are valid until
// End.
func (w *Walk) Next(f *Frame) bool {
	if w.frames == MaxFrames || w.begun && !w.step() {
		return false
	}
	w.begun = true
	w.frames++
	pc := w.regs[regRIP]
	f.PC = pc
	f.File, f.Symbol, f.Offset, f.Dist = nil, nil, 0, 0
	t := w.snap.textAt(w.at())
	if t == nil {
		return true
	}
	f.File = w.snap.name(t.name)
	f.Offset = pc - t.start + t.offset
	var local spot
	e := w.known(&local)
	if e.symbol.n != 0 {
		f.Symbol = w.snap.name(e.symbol)
		f.Dist = e.dist + pc - w.at()
	}
	return true
}

// at is an address within the instruction that the frame is at.
func (w *Walk) at() uint64 {
	if w.exact {
		return w.regs[regRIP]
	}
	return w.regs[regRIP] - 1
}

// known returns what is known of the frame's address, and finds it out before if
// nothing is.
func (w *Walk) known(local *spot) *spot {
	e := w.snap.spotAt(w.at(), local)
	if e.state.Load() == spotKnown {
		return e
	}
	w.learn(e)
	e.state.Store(spotKnown)
	return e
}

// learn finds out about the frame's address.
func (w *Walk) learn(e *spot) {
	t := w.snap.textAt(e.pc)
	if t != nil && !seccomp.On {
		w.snap.nameSpot(e, t)
	}
	switch {
	case isRestorer(w.regs[regRIP]):
		e.how = bySigreturn
	case t == nil || t.hdr == 0 || !findFrame(&w.m.w, t.hdr, e.pc, &w.m.info):
		e.how = byFramePointer
	case !w.m.rowAt(e.pc):
		e.how = byNothing
	default:
		e.signal = w.m.info.signal
		e.take(&w.m.row)
	}
}

// isRestorer says whether a signal restorer is at pc: mov $15,%rax, syscall, as
// it is or patched.
func isRestorer(pc uint64) bool {
	var b [9]byte
	if systrap.Read(b[:], pc) != len(b) {
		return false
	}
	const mov, behind = 0x00_00_00_0f_c0_c7_48, 56
	w := *(*uint64)(unsafe.Pointer(&b))
	if w<<8>>8 != mov {
		return false
	}
	switch uint16(w>>behind)<<8 | uint16(b[8]) {
	case 0x0f05, 0x0f0b, 0xcc05, 0xf405: // core's trapKind
		return true
	}
	return false
}

// take keeps a row, if it is of the usual form.
func (e *spot) take(r *row) {
	e.how = byProgram
	if r.kind[regRIP] == undefined {
		e.how = byNothing
		return
	}
	if r.cfaExpr || r.cfa != int64(int32(r.cfa)) {
		return
	}
	saved := uint32(0)
	for i, reg := range savedRegs {
		kind, v := r.kind[reg], r.v[reg]
		e.saved[i] = notSaved
		switch {
		case kind == same && reg != regRIP:
		case kind == atOffset && v%8 == 0 && v/8 > notSaved && v/8 < -notSaved:
			e.saved[i] = int16(v / 8)
		default:
			return
		}
		saved |= 1 << reg
	}
	for reg := range r.kind {
		if saved>>reg&1 == 0 && r.kind[reg] != same {
			return
		}
	}
	e.cfaReg = r.cfaReg
	e.cfaOff = int32(r.cfa)
	e.how = byTable
}

// step makes the registers those of the caller.
func (w *Walk) step() bool {
	var local spot
	e := w.known(&local)
	pc, sp := w.regs[regRIP], w.regs[regRSP]
	ok := false
	switch e.how {
	case byTable:
		ok = w.stepTable(e)
	case byProgram:
		t := w.snap.textAt(e.pc)
		ok = t != nil && findFrame(&w.m.w, t.hdr, e.pc, &w.m.info) && w.m.rowAt(e.pc) && w.stepRow(&w.m.row)
	case bySigreturn:
		ok = w.stepSigreturn()
	case byFramePointer:
		ok = w.stepFramePointer()
	}
	signal := e.signal || e.how == bySigreturn
	w.exact = signal
	// A stack grows down, but for a handler's on one of its own; vfork(3) keeps
	// its return address in a register.
	moved := w.regs[regRSP] > sp || w.regs[regRIP] != pc && (signal || w.regs[regRSP] == sp)
	return ok && moved && w.regs[regRIP] != 0
}

func (w *Walk) stepTable(e *spot) bool {
	cfa := w.regs[e.cfaReg%numRegs] + uint64(int64(e.cfaOff))
	for i, reg := range savedRegs {
		if e.saved[i] == notSaved {
			continue
		}
		v, ok := systrap.ReadUint64(cfa + uint64(int64(e.saved[i])*8))
		if !ok {
			return false
		}
		w.regs[reg] = v
	}
	w.regs[regRSP] = cfa
	return true
}

// stepRow is stepTable for rules of any form.
func (w *Walk) stepRow(r *row) bool {
	cfa, ok := uint64(0), true
	if r.cfaExpr {
		cfa, ok = expr(&w.m.w, uint64(r.cfa), &w.regs, false, 0)
	} else {
		cfa = w.regs[r.cfaReg%numRegs] + uint64(r.cfa)
	}
	if !ok {
		return false
	}
	next := w.regs
	next[regRSP] = cfa
	for i := range r.kind {
		v := uint64(r.v[i])
		switch r.kind[i] {
		case same, undefined:
			continue
		case atOffset:
			v, ok = systrap.ReadUint64(cfa + v)
		case isOffset:
			v += cfa
		case inRegister:
			v = w.regs[v%numRegs]
		case atExpr:
			v, ok = expr(&w.m.w, v, &w.regs, true, cfa)
			if ok {
				v, ok = systrap.ReadUint64(v)
			}
		case isExpr:
			v, ok = expr(&w.m.w, v, &w.regs, true, cfa)
		}
		if !ok {
			return false
		}
		next[i] = v
	}
	w.regs = next
	return true
}

// stepSigreturn takes the registers from the kernel's frame, whose ucontext SP
// points at when a handler has returned to the restorer (rt_sigreturn in
// arch/x86/kernel/signal_64.c).
func (w *Walk) stepSigreturn() bool {
	var u restorer.Ucontext
	if !peek(unsafe.Pointer(&u), unsafe.Sizeof(u), w.regs[regRSP]) {
		return false
	}
	m := &u.Mcontext
	r := (*systrap.Registers)(unsafe.Pointer(&w.regs))
	*r = systrap.Registers{RAX: m.RAX, RDX: m.RDX, RCX: m.RCX, RBX: m.RBX, RSI: m.RSI, RDI: m.RDI, RBP: m.RBP, RSP: m.RSP,
		R8: m.R8, R9: m.R9, R10: m.R10, R11: m.R11, R12: m.R12, R13: m.R13, R14: m.R14, R15: m.R15, RIP: m.RIP}
	return true
}

// maxPlainFrame is the largest frame, in bytes, that is believed of a frame
// pointer: RBP may hold anything in code that does not use it as one.
const maxPlainFrame = 16 << 10

// stepFramePointer follows RBP: what is there is the caller's, and the return
// address lies behind.
func (w *Walk) stepFramePointer() bool {
	fp := w.regs[regRBP]
	if fp%8 != 0 || fp < w.regs[regRSP] || fp-w.regs[regRSP] > maxPlainFrame {
		return false
	}
	rbp, ok := systrap.ReadUint64(fp)
	ra, ok2 := systrap.ReadUint64(fp + 8)
	if !ok || !ok2 {
		return false
	}
	w.regs[regRBP], w.regs[regRIP], w.regs[regRSP] = rbp, ra, fp+16
	return true
}
