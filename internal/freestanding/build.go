package freestanding

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sync"
)

// Options control [Build].
type Options struct {
	Dir     string   // directory of the module, "" for the current one
	Package string   // path of the main package, as for go build
	More    []string // those of further tools for the same library, in order
	Output  string   // file to write

	flags []string // for the go command (chain.go)
}

// Build compiles, converts and verifies a tool. It writes the output only if nothing is wrong;
// otherwise the error is a [Rejection], or says what else stopped it.
func Build(o Options) (*Report, error) {
	chain, err := newChain(&o)
	if err != nil {
		return nil, err
	}
	defer chain.remove()
	fset := token.NewFileSet()
	pkgs, err := goList(o.Dir, o.Package, o.flags...)
	if err != nil {
		return nil, err
	}
	chain.mark(pkgs)
	d, err := scanDirectives(fset, pkgs)
	if err != nil {
		return nil, err
	}
	entry, err := d.libraryEntry()
	if err != nil && len(d.problems) == 0 {
		return nil, err
	}
	problems, err := checkInit(o.Dir, fset, pkgs)
	if err != nil {
		return nil, err
	}
	problems = append(problems, d.problems...)
	if len(d.problems) > 0 {
		// What a directive should have said is not known: the walk would find fault with much.
		sortProblems(problems)
		return nil, reject(problems)
	}
	types, err := readFuncTypes(fset, pkgs)
	if err != nil {
		return nil, err
	}
	im, err := compile(o, entry)
	if err != nil {
		return nil, err
	}
	lines, err := im.readLines()
	if err != nil {
		return nil, err
	}
	meta := newMetadata(runtime.Version(), d, types)
	meta.resolve(im, lines, types.Literals)
	w := walk(im, meta, lines, false)
	w.measure()
	if len(problems) > 0 {
		// What an init function does is no other problem than that it is there.
		w.problems = slices.DeleteFunc(w.problems, func(p *Problem) bool {
			return len(p.Chain) > 0 && initName().MatchString(p.Chain[0].Func)
		})
	}
	w.problems = append(w.problems, problems...)
	if err := reject(w.finish()); err != nil {
		return nil, err
	}
	total := len(im.slots)
	p, err := w.plan(entry, meta)
	if err != nil {
		return nil, err
	}
	file, err := im.convert(p, soname(o.Output))
	if err != nil {
		return nil, err
	}
	report, err := verifyBytes(o.Output, file)
	if err != nil {
		return nil, fmt.Errorf("the finished file: %w", err)
	}
	report.RelocsDropped = total - report.Relocs
	return report, writeFile(o.Output, file)
}

// initName matches the names of init functions, the compiler's own included.
var initName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\.init(\.[0-9]+)?$`)
})

// compile runs the Go toolchain and reads what it made.
func compile(o Options, entry *asmFunc) (*image, error) {
	tmp, err := os.MkdirTemp("", "systrap-build-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	exe := filepath.Join(tmp, "tool")
	if err := goCompile(o.Dir, o.Package, entry.Symbol, exe, o.flags...); err != nil {
		return nil, err
	}
	return readImage(exe)
}

// plan turns the result of a walk into orders for the conversion.
func (w *walker) plan(entry *asmFunc, meta *metadata) (*plan, error) {
	meta.keepSites(w.usedPos)
	text, err := meta.encode()
	if err != nil {
		return nil, err
	}
	p := &plan{meta: text, gLoads: w.gLoads, keepFunc: map[uint64]bool{}}
	init, ok := symbolNamed(w.im.funcs, entry.Symbol)
	if !ok {
		return nil, fmt.Errorf("%s (%s) has no assembly body", entry.Symbol, entry.Pos)
	}
	p.init = init.addr
	if p.exports, err = w.exports(); err != nil {
		return nil, err
	}
	for addr := range w.reached {
		p.keepFunc[addr] = true
	}
	for _, s := range w.redirect {
		p.redirect = append(p.redirect, s)
	}
	p.keepSlot = func(where uint64) bool { return w.slots[where] }
	p.types, p.keepType = w.data.types, w.types
	if w.fatal == nil {
		return p, nil
	}
	p.fatal = w.fatal.addr
	if v, ok := w.variable(faultVariable); ok {
		records := w.faultRecords(w.im.readBounds())
		p.tables = append(p.tables, table{v, func(at uint64) []byte { return encodeFaults(records, at) }})
	}
	if v, ok := w.variable(placeVariable); ok {
		places, text := w.places(), w.im.segmentAt(p.fatal)
		p.tables = append(p.tables, table{v, func(at uint64) []byte { return encodePlaces(places, text, at) }})
	}
	if s, ok := symbolNamed(w.im.objects, w.fatal.pkg+"."+presenceVariable); ok {
		p.presence = s.addr
		if f, ok := symbolNamed(w.im.funcs, arriveFunction); ok {
			p.arrive, p.arriveAt = f.addr, s.addr+s.size-wordSize
		}
	}
	return p, nil
}

// presenceVariable is the name, in the package of the fatal stub, of the variable whose address
// e_entry is, arriveFunction that of the function whose address its last word is (inject.Presence.Arrive).
const (
	presenceVariable = "presence"
	arriveFunction   = "libsystrap/rawsys.Arrive"
)

// variable returns the address of a variable of one word in the package of the fatal stub.
func (w *walker) variable(name string) (uint64, bool) {
	s, ok := symbolNamed(w.im.objects, w.fatal.pkg+"."+name)
	return s.addr, ok && s.size == wordSize
}

// writeFile replaces path as a whole, so that a program which has the old file loaded keeps it.
func writeFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".systrap-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Chmod(0o755); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
