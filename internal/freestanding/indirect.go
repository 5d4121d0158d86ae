package freestanding

import (
	"fmt"
	"slices"
	"strings"
)

// stubVar is a variable through which an assembly function calls Go.
type stubVar struct {
	in      *function
	at      uint64
	addr    uint64
	targets []uint64
}

// checkIndirectCall bounds a call through a func value by the type that the source gives it.
func (w *walker) checkIndirectCall(f *function, i *inst) {
	pos := w.lines.pos(i.addr)
	site, ok := w.meta.Sites[pos]
	w.usedPos[pos] = true
	switch {
	case !ok:
		w.reject(f, i.addr, ReasonIndirect, "no call through a func value is known on this line", "call the function directly, or through a func value of a declared type")
	case site.Method:
		w.reject(f, i.addr, ReasonMethod, "the callee depends on the interface's dynamic type", "use a func value, or a switch that calls each implementation directly")
	default:
		w.pending = append(w.pending, &pendingCall{in: f, at: i.addr, classes: site.Classes, done: map[*function]bool{}})
	}
}

// checkAssemblyCall follows an indirect call or jump of an assembly function to the functions that
// its directive names.
func (w *walker) checkAssemblyCall(f *function, n int, jump bool) {
	i := &f.insts[n]
	if f.decl != nil && f.decl.Foreign && !jump {
		return // the program's code, which the entry's contract is about
	}
	if f.decl == nil || len(f.decl.Calls) == 0 {
		w.reject(f, i.addr, ReasonIndirect, describe(i)+" can go anywhere",
			fmt.Sprintf("name the targets above the Go declaration of %s: %scalls f g", f.name, directivePrefix))
		return
	}
	v := stubVar{in: f, at: i.addr, addr: f.frame.loaded[i.addr]}
	for _, name := range f.decl.Calls {
		s, ok := w.compiled(name)
		if !ok {
			w.reject(f, i.addr, ReasonCalls, fmt.Sprintf("%s, named by %scalls, is not in the program", name, directivePrefix), "correct the directive")
			continue
		}
		v.targets = append(v.targets, s.addr)
		if g := w.reach(s.addr, f, i.addr); g != nil {
			f.edges = append(f.edges, edge{to: g, at: i.addr, jump: jump})
		}
	}
	if v.addr == 0 {
		w.reject(f, i.addr, ReasonCalls, describe(i)+" is not preceded by the load of a func variable", "write MOVQ ·fn(SB), DX; CALL (DX)")
		return
	}
	w.reachData(v.addr)
	w.stubVars = append(w.stubVars, v)
}

// compiled returns the Go function of that link name, not its ABI0 wrapper.
func (w *walker) compiled(name string) (symbol, bool) {
	for _, s := range w.im.funcs {
		if s.name == name {
			return s, true
		}
	}
	return symbol{}, false
}

// checkStubVars proves that the func variables of assembly hold what the directives say: from the
// start, and because no reached code writes them or takes their address.
func (w *walker) checkStubVars() {
	for _, v := range w.stubVars {
		cell, ok := w.im.relocs[v.addr]
		target := w.im.relocs[cell]
		name := w.data.at(v.addr).name
		switch {
		case !ok || !slices.Contains(v.targets, target):
			holds := "nothing"
			if s, ok := w.starts[target]; ok {
				holds = s.name
			}
			w.reject(v.in, v.at, ReasonCalls, fmt.Sprintf("%s holds %s at the start, %scalls says %s", name, holds, directivePrefix, strings.Join(v.in.decl.Calls, " ")), "initialise it where it is declared")
		case w.written[v.addr]:
			w.reject(v.in, v.at, ReasonCalls, name+" is written, or its address taken", "leave the variable as it was initialised")
		default:
			w.slots[v.addr], w.slots[cell] = true, true
		}
	}
}
