package core

import (
	"libsystrap/internal/sys"
	"libsystrap/restorer"
)

// Registers is systrap.Registers.
type Registers struct {
	RAX, RDX, RCX, RBX, RSI, RDI, RBP, RSP uint64
	R8, R9, R10, R11, R12, R13, R14, R15   uint64
	// RIP is the address of the next instruction: of a call, the one behind its
	// `syscall`.
	RIP uint64
}

// Registers is systrap.Call.Registers.
func (c *Call) Registers(r *Registers) bool {
	if !c.trapped() {
		return false
	}
	r.load(frameOf(c).context)
	r.RSP = c.SP
	r.RIP = c.PC + siteSize
	return true
}

// Registers is systrap.Signal.Registers.
func (s *Signal) Registers(r *Registers) bool {
	if !s.trapped() {
		return false
	}
	r.load(frameOfSignal(s).signalContext)
	return true
}

// load takes the registers of the ucontext at addr.
func (r *Registers) load(addr uintptr) {
	m := &(*restorer.Ucontext)(sys.Ptr(addr)).Mcontext
	r.RAX, r.RDX, r.RCX, r.RBX = m.RAX, m.RDX, m.RCX, m.RBX
	r.RSI, r.RDI, r.RBP, r.RSP = m.RSI, m.RDI, m.RBP, m.RSP
	r.R8, r.R9, r.R10, r.R11 = m.R8, m.R9, m.R10, m.R11
	r.R12, r.R13, r.R14, r.R15 = m.R12, m.R13, m.R14, m.R15
	r.RIP = m.RIP
}
