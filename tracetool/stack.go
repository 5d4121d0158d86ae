package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/unwind"
	"libsystrap/tracetool/text"
)

// callers prints the stack of the call behind its line (-k).
func callers(p *text.Printer) {
	var r systrap.Registers
	if opt.stack && p.C.Registers(&r) {
		stack(p, &r, false, p.C.Sysno == unix.SYS_RT_SIGRETURN)
	}
}

// stack prints a line for each frame from the registers r on; signal says that
// they are those of a signal, returning that they are about to be given up by an
// rt_sigreturn.
//
//go:noinline
func stack(p *text.Printer, r *systrap.Registers, signal, returning bool) {
	var w unwind.Walk
	if !w.Begin(r, signal) {
		return
	}
	var f unwind.Frame
	n := 0
	for ok := !returning || w.Sigreturn(); ok && w.Next(&f); n++ {
		spill(p, len(f.File)+len(f.Symbol)+frameText)
		frame(p, &f)
	}
	w.End()
	if n == unwind.MaxFrames {
		p.Str(" > too many stack frames\n")
	}
}

// frameText is more than what a frame's line has besides its names, in bytes.
const frameText = 128

// frame prints one frame. Of code that belongs to no file strace's library says
// that it did not expect it; the words are the same here, but the walk goes on.
func frame(p *text.Printer, f *unwind.Frame) {
	p.Str(" > ")
	if f.File == nil {
		p.Str("unexpected_backtracing_error [")
		p.Hex(f.PC)
		p.Str("]\n")
		return
	}
	p.Raw(f.File)
	p.Byte('(')
	if f.Symbol != nil {
		p.Raw(f.Symbol)
		p.Str("+")
		p.Hex(f.Dist)
	}
	p.Str(") [")
	p.Hex(f.Offset)
	p.Str("]\n")
}
