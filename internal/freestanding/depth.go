package freestanding

import (
	"fmt"
	"slices"
)

// deepest computes the stack that f and all it calls use, in bytes below f's return address, and
// the chain of functions that uses it. done caches results; path is the chain that is being
// followed, to find recursion.
func (w *walker) deepest(f *function, done map[*function]*depth, path []edge) *depth {
	if d := done[f]; d != nil {
		return d
	}
	d := &depth{bytes: f.frame.deepest, chain: []*function{f}}
	for _, e := range f.edges {
		if k := slices.IndexFunc(path, func(p edge) bool { return p.to == e.to }); k >= 0 {
			w.rejectRecursion(f, append(slices.Clone(path[k+1:]), e))
			continue
		}
		sub := w.deepest(e.to, done, append(path, e))
		used := f.frame.at[e.at] + sub.bytes
		if !e.jump {
			used += wordSize
		}
		if used > d.bytes {
			d.bytes, d.chain = used, append([]*function{f}, sub.chain...)
		}
	}
	done[f] = d
	return d
}

// depth is a result of [walker.deepest].
type depth struct {
	bytes int64
	chain []*function
}

// rejectRecursion reports the cycle that the edges form; its last call is made by f.
func (w *walker) rejectRecursion(f *function, cycle []edge) {
	last := cycle[len(cycle)-1]
	p := &Problem{
		Reason: ReasonRecursion, Pos: w.lines.pos(last.at),
		What:    fmt.Sprintf("%s is called again before it returned, so no stack bound can be given", last.to.name),
		Instead: "write a loop with an explicit stack of fixed size",
	}
	p.Chain = append(p.Chain, Frame{f.name, shortPos(p.Pos)})
	for k := len(cycle) - 2; k >= 0; k-- {
		caller := last.to
		if k > 0 {
			caller = cycle[k-1].to
		}
		p.Chain = append(p.Chain, Frame{caller.name, shortPos(w.lines.pos(cycle[k].at))})
	}
	p.Chain = append(p.Chain, shorten(w.chain(last.to))...)
	w.add(p)
}

// EntryReport is what was found about one entry.
type EntryReport struct {
	Name   string
	Stack  int64 // bytes that the deepest path uses
	Budget int64 // bytes that the directive allows
	Chain  []string
}

// measure computes the stack of each entry and rejects those over their budget.
func (w *walker) measure() []EntryReport {
	done := map[*function]*depth{}
	var list []EntryReport
	for _, f := range w.entries {
		d := w.deepest(f, done, []edge{{to: f}})
		e := EntryReport{Name: f.name, Stack: d.bytes}
		if f.decl != nil {
			e.Budget = f.decl.Budget
		}
		for _, g := range d.chain {
			e.Chain = append(e.Chain, g.name)
		}
		list = append(list, e)
		if e.Stack > e.Budget {
			w.rejectStack(f, d, e.Budget)
		}
	}
	return list
}

// rejectStack reports a budget that is exceeded, with the stack that each function of the chain has
// in use when it calls the next.
func (w *walker) rejectStack(f *function, d *depth, budget int64) {
	p := &Problem{Reason: ReasonStack, Pos: w.lines.decl(f.addr)}
	if f.decl != nil {
		p.Pos = f.decl.Pos
	}
	p.What = fmt.Sprintf("%s uses %d bytes, its budget is %d", f.name, d.bytes, budget)
	p.Instead = "make large arrays package variables, split the deepest path, or raise stack= in the directive"
	if f.decl == nil || !f.decl.Entry {
		p.Instead = "declare it " + directivePrefix + "entry stack=N: assembly takes its address, so it is entered from outside"
	}
	for k := len(d.chain) - 1; k >= 0; k-- {
		g := d.chain[k]
		pos := shortPos(w.lines.decl(g.addr))
		p.Chain = append(p.Chain, Frame{fmt.Sprintf("%s, %d bytes of its own", g.name, g.frame.deepest), pos})
	}
	w.add(p)
}
