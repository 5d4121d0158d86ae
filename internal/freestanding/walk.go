package freestanding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// function is one reached function.
type function struct {
	symbol
	pkg   string
	asm   bool     // its source is an assembly file
	leaf  bool     // one of allowedLeaves
	decl  *asmFunc // its directives, or nil
	insts []inst
	index map[uint64]int // address of an instruction → its number in insts
	edges []edge

	caller *function // who reached it first, nil for an entry
	callAt uint64    // and where

	frame stackFrame
}

// isEntry reports whether the function is entered from outside.
func (f *function) isEntry() bool { return f.decl != nil && f.decl.Entry }

// edge is a call or a jump from one function to another.
type edge struct {
	to   *function
	at   uint64 // of the instruction
	jump bool   // without pushing a return address
}

// faultSite is a call that is redirected to the fatal stub.
type faultSite struct {
	at   uint64 // of the call
	next uint64 // its return address
	name string // of the runtime function
	in   *function
}

// pendingCall is a call through a func value whose targets are not all known yet.
type pendingCall struct {
	in      *function
	at      uint64
	classes []int
	done    map[*function]bool
}

// walker follows the code from the entries.
type walker struct {
	im    *image
	meta  *metadata
	lines *lineTable
	data  *dataMap
	final bool // the image is a finished library, not the executable it is made from

	starts   map[uint64]symbol // every function of the image, by address
	reached  map[uint64]*function
	order    []*function
	queue    []*function
	entries  []*function
	fatal    *function
	taken    []uint64 // functions whose address is a func value
	pending  []*pendingCall
	pieces   map[uint64]bool // starts of the data pieces reached
	slots    map[uint64]bool // relocations that something reached needs
	types    map[uint64]bool // addresses among the type descriptors that something reached has
	gLoads   []uint64
	faults   []faultSite
	redirect map[uint64]symbol
	flags    map[string]bool // variables that must stay zero
	written  map[uint64]bool // variables that reached code writes, or may write
	usedPos  map[string]bool // positions of func value calls
	stubVars []stubVar
	problems []*Problem
}

// walk follows the image's code from all entries until nothing new is reached.
func walk(im *image, meta *metadata, lines *lineTable, final bool) *walker {
	w := &walker{
		im: im, meta: meta, lines: lines, data: newDataMap(im), final: final,
		starts: map[uint64]symbol{}, reached: map[uint64]*function{}, pieces: map[uint64]bool{},
		slots: map[uint64]bool{}, types: map[uint64]bool{}, redirect: map[uint64]symbol{}, written: map[uint64]bool{}, usedPos: map[string]bool{}, flags: map[string]bool{writeBarrier: true},
	}
	for _, f := range im.funcs {
		if old, ok := w.starts[f.addr]; f.size > 0 && (!ok || f.size > old.size) {
			w.starts[f.addr] = f
		}
	}
	w.addRoots()
	for len(w.queue) > 0 {
		for len(w.queue) > 0 {
			f := w.queue[0]
			w.queue = w.queue[1:]
			w.visit(f)
		}
		w.bindPending()
	}
	w.checkStubVars()
	w.checkZeroVariables()
	return w
}

// addRoots reaches the entries, the fatal stub and the variables of freestanding packages. The
// linker dropped the variables that nothing refers to, so taking all of them costs little, and code
// may address one with an offset that lies before it.
func (w *walker) addRoots() {
	for _, d := range w.meta.Functions {
		s, ok := symbolNamed(w.im.funcs, d.Symbol)
		if !ok || !d.Entry && !d.Fatal {
			continue
		}
		f := w.reach(s.addr, nil, 0)
		if f == nil {
			continue
		}
		if d.Fatal {
			w.fatal = f
		}
		w.entries = append(w.entries, f)
	}
	for _, o := range w.im.objects {
		if o.size > 0 && w.meta.isFreestanding(packageOf(o.name)) {
			w.reachData(o.addr)
		}
	}
}

// reach returns the function that starts at addr and queues it when it is new. It returns nil if no
// function starts there or if it may not be reached, which is reported.
func (w *walker) reach(addr uint64, caller *function, at uint64) *function {
	s, ok := w.starts[addr]
	if !ok || !w.allowed(s, caller, at) {
		return nil
	}
	if f := w.reached[addr]; f != nil {
		return f
	}
	f := &function{
		symbol: s, pkg: packageOf(s.name), asm: w.lines.isAssembly(addr), leaf: isLeaf(s.name),
		caller: caller, callAt: at,
	}
	if f.asm { // and not the compiler's wrapper of the same name
		f.decl = w.meta.asmFunc(s.name)
	}
	w.reached[addr] = f
	w.order = append(w.order, f)
	w.queue = append(w.queue, f)
	return f
}

// visit decodes f and applies the rules to each of its instructions.
func (w *walker) visit(f *function) {
	code := w.im.bytes(f.addr, f.size)
	if code == nil || code[0] == trap {
		w.reject(f, f.addr, ReasonRemoved, fmt.Sprintf("%s is not in the file any more", f.name), "build the tool again")
		return
	}
	list, ok := decodeAll(code, f.addr)
	f.insts = list
	f.index = make(map[uint64]int, len(list))
	for i := range list {
		f.index[list[i].addr] = i
	}
	if !ok {
		at := f.addr
		if len(list) > 0 {
			at = list[len(list)-1].end()
		}
		w.reject(f, at, ReasonDecode, fmt.Sprintf("bytes % x", code[at-f.addr:min(at-f.addr+8, f.size)]), "use instructions of the SSE2 baseline")
		return
	}
	w.measureStack(f)
	for i := range f.insts {
		w.checkInst(f, i)
	}
	w.checkEnd(f)
}

// allowed reports whether the function may be reached at all, and rejects the call at that address
// if not.
func (w *walker) allowed(s symbol, caller *function, at uint64) bool {
	pkg := packageOf(s.name)
	if isLeaf(s.name) || pkg != "" && w.meta.isFreestanding(pkg) || isGenerated(s.name) || slices.Contains(allowedPackages, pkg) {
		return true
	}
	p := Problem{Reason: ReasonPackage, What: fmt.Sprintf("%s is in package %s", s.name, pkg)}
	p.Instead = "copy what is needed into a package that runs in the target, or mark the package " + directivePrefix + "freestanding if it is yours"
	if r := refusalOf(s.name); r != nil {
		p.Reason, p.What, p.Instead = r.reason, fmt.Sprintf("%s (%s)", r.what, s.name), r.instead
	} else if pkg == "" {
		p.What = fmt.Sprintf("%s is not one of the assembly functions that need no runtime", s.name)
	}
	if caller != nil {
		w.reject(caller, at, p.Reason, p.What, p.Instead)
	} else {
		p.Pos = w.lines.pos(s.addr)
		w.add(&p)
	}
	return false
}

// bindPending connects the calls through func values with the functions that they can reach.
func (w *walker) bindPending() {
	for _, p := range w.pending {
		for _, addr := range w.taken {
			s, ok := w.starts[addr]
			if !ok || !matches(p.classes, w.meta.classesOf(s.name)) {
				continue
			}
			if f := w.reach(addr, p.in, p.at); f != nil && !p.done[f] {
				p.done[f] = true
				p.in.edges = append(p.in.edges, edge{to: f, at: p.at})
			}
		}
	}
}

// take notes that the address of the function is a func value somewhere.
func (w *walker) take(addr uint64) {
	if i, ok := slices.BinarySearch(w.taken, addr); !ok {
		w.taken = slices.Insert(w.taken, i, addr)
	}
}

// reachData marks the piece of data at addr, and all that its words point to.
func (w *walker) reachData(addr uint64) {
	todo := []uint64{addr}
	for len(todo) > 0 {
		addr, todo = todo[len(todo)-1], todo[:len(todo)-1]
		p := w.data.at(addr)
		if p == w.data.types {
			w.types[addr] = true
			continue
		}
		if w.pieces[p.start] {
			continue
		}
		w.pieces[p.start] = true
		for _, slot := range w.data.slots(p) {
			target := w.im.relocs[slot]
			if !w.isText(target) {
				w.slots[slot] = true
				todo = append(todo, target)
			} else if _, ok := w.starts[target]; ok {
				// Other addresses of code are jump tables, which their functions claim.
				w.slots[slot] = true
				w.take(target)
			}
		}
	}
}

// isText reports whether addr lies in an executable segment.
func (w *walker) isText(addr uint64) bool {
	s := w.im.segmentAt(addr)
	return s != nil && s.flags&1 != 0
}

// reject adds a problem of the instruction at addr in f. Its position is the innermost line that
// stands in a freestanding package: the author's own, when a function of the library was inlined.
func (w *walker) reject(f *function, addr uint64, reason Reason, what, instead string) {
	p := &Problem{Reason: reason, Pos: w.lines.pos(addr), What: what, Instead: instead}
	frames := w.frames(f, addr)
	for _, frame := range frames {
		if w.meta.isFreestanding(packageOf(frame.Func)) {
			p.Pos = frame.Pos
			break
		}
	}
	p.Chain = shorten(append(frames, w.chain(f)...))
	w.add(p)
}

// frames lists the functions that addr in f belongs to, innermost first: those inlined there, and f.
func (w *walker) frames(f *function, addr uint64) []Frame {
	pos := w.lines.pos(addr)
	var list []Frame
	calls := w.lines.inlined(f.addr, addr)
	for _, call := range slices.Backward(calls) {
		list = append(list, Frame{call.Func, pos})
		pos = call.Pos
	}
	return append(list, Frame{f.name, pos})
}

// chain lists the callers of f, up to the entry.
func (w *walker) chain(f *function) []Frame {
	var list []Frame
	for ; f.caller != nil; f = f.caller {
		list = append(list, w.frames(f.caller, f.callAt)...)
	}
	return list
}

// shorten cuts the positions down for printing.
func shorten(frames []Frame) []Frame {
	for i := range frames {
		frames[i].Pos = shortPos(frames[i].Pos)
	}
	return frames
}

func (w *walker) add(p *Problem) {
	same := func(q *Problem) bool { return q.Reason == p.Reason && q.Pos == p.Pos && q.What == p.What }
	if !slices.ContainsFunc(w.problems, same) {
		w.problems = append(w.problems, p)
	}
}

// sortProblems orders the problems by position, so that output is stable.
func sortProblems(list []*Problem) {
	slices.SortStableFunc(list, func(a, b *Problem) int {
		fa, la, _ := strings.Cut(a.Pos, ":")
		fb, lb, _ := strings.Cut(b.Pos, ":")
		return cmp.Or(cmp.Compare(fa, fb), cmp.Compare(len(la), len(lb)), cmp.Compare(la, lb))
	})
}
