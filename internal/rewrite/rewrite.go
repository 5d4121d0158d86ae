package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"unsafe"

	"libsystrap/internal/inject"
)

// Result is what has been made.
type Result struct {
	Data []byte
	// Sites is how many instructions have been replaced, Jumps how many of these have a jump before them.
	Sites, Jumps int
	// Kind says what the file is: "program" or "library".
	Kind string
}

// Rewrite appends the library in toolData, whose file is toolPath, to the 64-bit x86 ELF file in fileData. Hook is the path of
// what that library loads (systrap hook-libc), or empty.
func Rewrite(fileData, toolData []byte, toolPath, hook string) (*Result, error) {
	f, err := read(fileData)
	if err != nil {
		return nil, err
	}
	t, err := readTool(toolData)
	if err != nil {
		return nil, fmt.Errorf("--tool: %w", err)
	}
	if len(toolPath) >= len(inject.Prepared{}.Path) {
		return nil, fmt.Errorf("--tool: %s: too long a path", toolPath)
	}
	if len(hook) >= len(inject.Prepared{}.Hook) {
		return nil, fmt.Errorf("%s: too long a path", hook)
	}
	w := &writer{file: f, tool: t, path: toolPath, hookPath: hook}
	if err := w.findSites(); err != nil {
		return nil, err
	}
	w.layOut()
	if err := w.hook(); err != nil {
		return nil, err
	}
	if hook != "" && w.begun == inject.BegunOnly {
		return nil, errNoStart
	}
	w.patch()
	out := w.write()
	return &Result{out, len(w.sites), w.jumps, [...]string{"program", "library"}[f.kind]}, nil
}

// writer makes a rewritten file.
type writer struct {
	file *file
	tool *tool
	path string
	// hookPath is that of a hook library, or empty.
	hookPath string
	begun    uint64 // inject.Begun*
	sites    []site
	jumps    int
	// Where the parts lie: offsets in the file, from which addresses differ by file.delta.
	entryAt, headAt, headSize, toolAt uint64
	noteAt, preparedAt, pairsAt       uint64
	start                             start
	pairs                             [][2]uint64
	headers                           []elf.Prog64
}

// noteSize, preparedSize and siteSize are those of what the library finds, in bytes.
const (
	noteSize     = uint64(unsafe.Sizeof(inject.Note{}))
	preparedSize = uint64(unsafe.Sizeof(inject.Prepared{}))
	siteSize     = uint64(unsafe.Sizeof(inject.PreparedSite{}))
	pairSize     = 16
)

// preparedWord is where the library finds the sites: an address relative to its base.
func (t *tool) preparedWord() uint64 {
	return t.presence + uint64(unsafe.Offsetof(inject.Presence{}.Prepared))
}

// layOut decides where everything lies.
func (w *writer) layOut() {
	f, t := w.file, w.tool
	w.entryAt = pageUp(max(uint64(len(f.data)), f.end-f.delta))
	w.headAt = w.entryAt + pageSize
	added := uint64(len(t.loads)) + 3
	at := w.headAt + (uint64(len(f.progs))+added)*phdrSize
	w.noteAt = at
	w.preparedAt = (w.noteAt + noteSize + 7) &^ 7
	w.pairsAt = w.preparedAt + preparedSize + uint64(len(w.sites))*siteSize
	end := w.pairsAt
	if f.moves {
		end += (uint64(len(t.relocs)) + 1) * pairSize
	}
	w.headSize = end - w.headAt
	w.toolAt = pageUp(end)
	if f.moves {
		w.pairs = [][2]uint64{{w.toolAt + t.preparedWord(), w.preparedAt}}
		for _, r := range t.relocs {
			w.pairs = append(w.pairs, [2]uint64{w.toolAt + r.Off, w.toolAt + uint64(r.Addend)})
		}
	}
	w.start = start{base: f.delta, pairs: w.pairsAt + f.delta, pairsN: uint64(len(w.pairs)), init: w.toolAt + f.delta + t.init,
		later: w.toolAt + f.delta + t.presence + uint64(unsafe.Offsetof(inject.Presence{}.Later))}
}

// load is a segment to be added, whose bytes lie at off.
func (w *writer) load(flags elf.ProgFlag, off, size, memory uint64) elf.Prog64 {
	addr := off + w.file.delta
	return elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(flags), Off: off, Vaddr: addr, Paddr: addr, Filesz: size, Memsz: memory, Align: pageSize}
}

// programHeaders are the file's with ours: the segments behind the last one, as they ascend, and the note at the end.
func (w *writer) programHeaders(entrySize uint64) []elf.Prog64 {
	f := w.file
	var added []elf.Prog64
	added = append(added, w.load(elf.PF_R|elf.PF_X, w.entryAt, entrySize, entrySize), w.load(elf.PF_R, w.headAt, w.headSize, w.headSize))
	for _, p := range w.tool.loads {
		flags := elf.ProgFlag(p.Flags)
		added = append(added, w.load(flags, w.toolAt+p.Vaddr, p.Filesz, p.Memsz))
	}
	last := 0
	for i, p := range f.progs {
		if elf.ProgType(p.Type) == elf.PT_LOAD {
			last = i
		}
	}
	n := uint64(len(f.progs) + len(added) + 1)
	headers := append([]elf.Prog64(nil), f.progs[:last+1]...)
	headers = append(headers, added...)
	headers = append(headers, f.progs[last+1:]...)
	for i := range headers {
		if p := &headers[i]; elf.ProgType(p.Type) == elf.PT_PHDR {
			p.Off, p.Vaddr, p.Paddr = w.headAt, w.headAt+f.delta, w.headAt+f.delta
			p.Filesz, p.Memsz = n*phdrSize, n*phdrSize
		}
	}
	note := w.load(elf.PF_R, w.noteAt, noteSize, noteSize)
	note.Type, note.Align = uint32(elf.PT_NOTE), 4
	return append(headers, note)
}

// write makes the file.
func (w *writer) write() []byte {
	f, t := w.file, w.tool
	entry := programStub(w.entryAt+f.delta, &w.start)
	if f.kind == library {
		entry = libraryStub(w.entryAt+f.delta, &w.start)
	}
	if w.begun == inject.BegunThenLater {
		entry = append(entry, make([]byte, laterOff-len(entry))...)
		entry = append(entry, laterStub(w.entryAt+f.delta+laterOff, &w.start)...)
	}
	w.headers = w.programHeaders(uint64(len(entry)))
	last := t.loads[len(t.loads)-1]
	out := make([]byte, w.toolAt+last.Vaddr+last.Filesz)
	copy(out, f.data)
	copy(out[w.entryAt:], entry)
	w.writeHead(out)
	w.writeTool(out)
	h := &f.header
	h.Phoff, h.Phnum = w.headAt, uint16(len(w.headers))
	if f.kind == program {
		h.Entry = w.entryAt + f.delta
	}
	out = w.addSections(out, uint64(len(entry)))
	var head bytes.Buffer
	binary.Write(&head, binary.LittleEndian, h)
	copy(out, head.Bytes())
	return out
}

// writeHead writes the program headers, the note, the sites and the words to be relocated.
func (w *writer) writeHead(out []byte) {
	f := w.file
	put(out, w.headAt, w.headers)
	note := inject.Note{NameSize: uint32(len(inject.NoteName) + 1), DescSize: 16, Type: 1,
		Presence: w.toolAt + w.tool.presence, Prepared: w.preparedAt}
	copy(note.Name[:], inject.NoteName)
	put(out, w.noteAt, note)
	p := inject.Prepared{Own: w.preparedAt, Count: uint64(len(w.sites)), PathLen: uint64(len(w.path))}
	switch {
	case f.kind == library:
	case f.interpreter():
		p.Program = inject.ByLoader
	default:
		p.Program = inject.ByKernel
	}
	copy(p.Path[:], w.path)
	p.Begun, p.HookLen = w.begun, uint64(copy(p.Hook[:], w.hookPath))
	p.Text, p.TextEnd = w.textBounds()
	put(out, w.preparedAt, p)
	for i := range w.sites {
		put(out, w.preparedAt+preparedSize+uint64(i)*siteSize, w.sites[i].prepared)
	}
	put(out, w.pairsAt, w.pairs)
}

// writeTool writes the library, relocated if it is known for where.
func (w *writer) writeTool(out []byte) {
	for _, p := range w.tool.loads {
		copy(out[w.toolAt+p.Vaddr:], w.tool.data[p.Off:p.Off+p.Filesz])
	}
	if !w.file.moves {
		base := w.toolAt + w.file.delta
		for _, r := range w.tool.relocs {
			put(out, w.toolAt+r.Off, base+uint64(r.Addend))
		}
		put(out, w.toolAt+w.tool.preparedWord(), w.preparedAt+w.file.delta)
	}
	for i := range w.sites {
		if s := &w.sites[i]; s.slot != nil {
			copy(out[w.slotAt(s):], s.slot)
		}
	}
}

// put writes v, a number or a structure, at an offset.
func put(out []byte, at uint64, v any) {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, v)
	copy(out[at:], b.Bytes())
}
