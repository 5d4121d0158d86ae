package freestanding

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Verify checks a finished library without its sources.
func Verify(path string) (*Report, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return verifyBytes(path, raw)
}

func verifyBytes(path string, raw []byte) (*Report, error) {
	var meta *metadata
	im, err := parseImage(path, raw, func(im *image) (err error) {
		meta, err = readMetadata(im)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	lines, err := im.readLines()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	w := walk(im, meta, lines, true)
	w.checkHeaders()
	w.checkRelocs()
	w.checkExports()
	w.checkUnreached()
	report := w.report(path, len(raw), w.measure())
	return report, reject(w.finish())
}

// addFile adds a problem of the file as a whole.
func (w *walker) addFile(reason Reason, format string, args ...any) {
	w.add(&Problem{Reason: reason, Pos: w.im.name, What: fmt.Sprintf(format, args...), Instead: "build the tool again"})
}

// checkHeaders checks that the loader will treat the file as it must.
func (w *walker) checkHeaders() {
	init := w.im.dyn(elf.DT_INIT)
	isEntry := func(f *function) bool {
		return f.addr == init && f.decl != nil && f.decl.Entry && f.decl.name() == libraryEntryName
	}
	if !slices.ContainsFunc(w.entries, isEntry) {
		w.addFile(ReasonHeader, "DT_INIT is %#x, which is not %s", init, libraryEntryName)
	}
	const want = elf.DF_1_INITFIRST | elf.DF_1_NODELETE
	if got := elf.DynFlag1(w.im.dyn(elf.DT_FLAGS_1)); got != want {
		w.addFile(ReasonHeader, "DT_FLAGS_1 is %v, want %v", got, want)
	}
	for _, p := range w.im.progs {
		switch typ, flags := elf.ProgType(p.Type), elf.ProgFlag(p.Flags); {
		case typ == elf.PT_INTERP || typ == elf.PT_TLS:
			w.addFile(ReasonHeader, "program header %v is still there", typ)
		case (typ == elf.PT_LOAD || typ == elf.PT_GNU_STACK) && flags&(elf.PF_W|elf.PF_X) == elf.PF_W|elf.PF_X:
			w.addFile(ReasonHeader, "%v at %#x is writable and executable", typ, p.Vaddr)
		case typ == elf.PT_LOAD && p.Paddr != PrelinkBase+p.Vaddr:
			w.addFile(ReasonHeader, "%v at %#x says that its words are relocated for %#x", typ, p.Vaddr, p.Paddr-p.Vaddr)
		}
	}
}

// checkRelocs rejects relocations that nothing reached needs: the walk did not see what they do.
func (w *walker) checkRelocs() {
	for _, slot := range w.im.slots {
		if !w.slots[slot] {
			w.addFile(ReasonReloc, "the relocation of the word at %#x to %#x is not one that the code needs", slot, w.im.relocs[slot])
		} else if w.isText(slot) {
			w.addFile(ReasonReloc, "the relocation at %#x changes code", slot)
		} else if !w.im.prelinked(slot) {
			w.addFile(ReasonReloc, "the word at %#x is not what its relocation makes it at %#x", slot, uint64(PrelinkBase))
		}
	}
}

// checkUnreached makes sure that all code which was not verified is gone.
func (w *walker) checkUnreached() {
	const jmpSize = 5
	known := map[uint64]uint64{}
	for addr, f := range w.reached {
		known[addr] = f.size
	}
	for addr := range w.redirect {
		known[addr] = jmpSize
	}
	for _, name := range []string{".text", ".plt"} {
		s := w.im.section(name)
		if s == nil {
			continue
		}
		code := w.im.bytes(s.hdr.Addr, s.hdr.Size)
		for off := uint64(0); off < uint64(len(code)); off++ {
			if size, ok := known[s.hdr.Addr+off]; ok {
				off += size - 1
			} else if code[off] != trap {
				w.addFile(ReasonUnreached, "code at %#x was never verified", s.hdr.Addr+off)
				return
			}
		}
	}
}

// finish returns the problems in order, with positions relative to the working directory.
func (w *walker) finish() []*Problem {
	sortProblems(w.problems)
	if dir, err := os.Getwd(); err == nil {
		for _, p := range w.problems {
			if rel, err := filepath.Rel(dir, p.Pos); err == nil && filepath.IsAbs(p.Pos) && !strings.HasPrefix(rel, "../..") {
				p.Pos = rel
			}
		}
	}
	return w.problems
}
