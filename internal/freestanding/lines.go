package freestanding

import (
	"debug/dwarf"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// lineTable maps code addresses to source positions. Where a call was inlined, the position is that
// of the innermost source line.
type lineTable struct {
	rows  []lineRow
	decls map[uint64]string     // start address of a function → file:line of its declaration
	dies  map[uint64]subprogram // start address of a function → its description
	data  *dwarf.Data
}

// subprogram is where DWARF describes a function.
type subprogram struct {
	offset dwarf.Offset
	files  []*dwarf.LineFile
}

type lineRow struct {
	addr uint64
	file string // "" ends a sequence
	line int
}

// readLines reads the DWARF of the image.
func (im *image) readLines() (*lineTable, error) {
	data, err := im.file.DWARF()
	if err != nil {
		return nil, ErrNoLines
	}
	t := &lineTable{decls: map[uint64]string{}, dies: map[uint64]subprogram{}, data: data}
	r := data.Reader()
	var files []*dwarf.LineFile
	for {
		e, err := r.Next()
		if err != nil {
			return nil, fmt.Errorf("DWARF: %w", err)
		}
		if e == nil {
			break
		}
		switch e.Tag {
		case dwarf.TagCompileUnit:
			if files, err = t.addUnit(data, e); err != nil {
				return nil, fmt.Errorf("DWARF: %w", err)
			}
			continue
		case dwarf.TagSubprogram:
			t.addDecl(e, files)
		}
		r.SkipChildren()
	}
	if len(t.rows) == 0 {
		return nil, ErrNoLines
	}
	// Sequences of different units do not overlap; the end of one may share its address with the
	// start of the next, which must then win.
	sort.SliceStable(t.rows, func(i, j int) bool {
		a, b := t.rows[i], t.rows[j]
		return a.addr < b.addr || a.addr == b.addr && a.file == "" && b.file != ""
	})
	return t, nil
}

// addUnit appends the line rows of one compilation unit.
func (t *lineTable) addUnit(data *dwarf.Data, unit *dwarf.Entry) ([]*dwarf.LineFile, error) {
	lr, err := data.LineReader(unit)
	if err != nil || lr == nil {
		return nil, err
	}
	for {
		var e dwarf.LineEntry
		if err := lr.Next(&e); errors.Is(err, io.EOF) {
			return lr.Files(), nil
		} else if err != nil {
			return nil, err
		}
		row := lineRow{addr: e.Address, line: e.Line}
		if !e.EndSequence && e.File != nil {
			row.file = e.File.Name
		}
		t.rows = append(t.rows, row)
	}
}

// addDecl notes where the function that e describes is declared.
func (t *lineTable) addDecl(e *dwarf.Entry, files []*dwarf.LineFile) {
	low, ok := e.Val(dwarf.AttrLowpc).(uint64)
	if !ok {
		return
	}
	t.dies[low] = subprogram{e.Offset, files}
	if abstract := t.origin(e); abstract != nil {
		e = abstract
	}
	line, _ := e.Val(dwarf.AttrDeclLine).(int64)
	if file := fileName(files, e.Val(dwarf.AttrDeclFile)); file != "" && line > 0 {
		t.decls[low] = fmt.Sprintf("%s:%d", file, line)
	}
}

// origin returns the abstract description that e refers to, or nil.
func (t *lineTable) origin(e *dwarf.Entry) *dwarf.Entry {
	offset, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
	if !ok {
		return nil
	}
	r := t.data.Reader()
	r.Seek(offset)
	abstract, err := r.Next()
	if err != nil {
		return nil
	}
	return abstract
}

func fileName(files []*dwarf.LineFile, index any) string {
	i, ok := index.(int64)
	if !ok || i < 0 || i >= int64(len(files)) || files[i] == nil {
		return ""
	}
	return files[i].Name
}

// inlined returns the calls that were inlined in the function at start and contain addr, outermost
// first: the callee's name and the position of the call.
func (t *lineTable) inlined(start, addr uint64) []Frame {
	d, ok := t.dies[start]
	if !ok {
		return nil
	}
	r := t.data.Reader()
	r.Seek(d.offset)
	var list []Frame
	depth := 0
	for {
		e, err := r.Next()
		if err != nil || e == nil {
			return list
		}
		if e.Tag == dwarf.TagInlinedSubroutine && t.covers(e, addr) {
			line, _ := e.Val(dwarf.AttrCallLine).(int64)
			f := Frame{Pos: fmt.Sprintf("%s:%d", fileName(d.files, e.Val(dwarf.AttrCallFile)), line)}
			if abstract := t.origin(e); abstract != nil {
				f.Func, _ = abstract.Val(dwarf.AttrName).(string)
			}
			list = append(list, f)
		}
		if e.Children {
			depth++
		} else if e.Tag == 0 {
			depth--
		}
		if depth == 0 {
			return list
		}
	}
}

func (t *lineTable) covers(e *dwarf.Entry, addr uint64) bool {
	ranges, err := t.data.Ranges(e)
	return err == nil && slices.ContainsFunc(ranges, func(r [2]uint64) bool { return addr >= r[0] && addr < r[1] })
}

// row returns the row that covers addr.
func (t *lineTable) row(addr uint64) (lineRow, bool) {
	i := sort.Search(len(t.rows), func(i int) bool { return t.rows[i].addr > addr }) - 1
	if i < 0 || t.rows[i].file == "" {
		return lineRow{}, false
	}
	return t.rows[i], true
}

// pos returns file:line of the instruction at addr, or its address if nothing is known.
func (t *lineTable) pos(addr uint64) string {
	if r, ok := t.row(addr); ok {
		return fmt.Sprintf("%s:%d", r.file, r.line)
	}
	return fmt.Sprintf("address %#x", addr)
}

// isAssembly reports whether the function at addr comes from an assembly file.
func (t *lineTable) isAssembly(addr uint64) bool {
	r, ok := t.row(addr)
	return ok && filepath.Ext(r.file) == ".s"
}

// shortPos cuts a position down to the last directory, the file and the line.
func shortPos(pos string) string {
	dir, file := filepath.Split(pos)
	dir = filepath.Base(dir)
	if dir == "." || dir == "/" || strings.HasPrefix(pos, "address ") {
		return pos
	}
	return dir + "/" + file
}

// decl returns file:line of the declaration of the function at addr.
func (t *lineTable) decl(addr uint64) string {
	if pos := t.decls[addr]; pos != "" {
		return pos
	}
	return t.pos(addr)
}
