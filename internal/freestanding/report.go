package freestanding

import (
	"fmt"
	"os"
	"strings"
)

// Report says what a verified library is like.
type Report struct {
	Path          string
	Size          int // bytes of the file
	Entries       []EntryReport
	Registers     []string // that the code may write
	Functions     int      // reached
	Code          int      // bytes of their code
	Faults        int      // calls that lead to the fatal stub
	FaultTable    bool     // whether the stub can look them up
	Relocs        int
	RelocsDropped int // by the conversion; zero when only verifying
}

// report sums up a walk.
func (w *walker) report(path string, size int, entries []EntryReport) *Report {
	r := &Report{Path: path, Size: size, Entries: entries, Functions: len(w.order), Faults: len(w.faults), Relocs: len(w.im.slots)}
	var regs regSet
	for _, f := range w.order {
		r.Code += int(f.size)
		for i := range f.insts {
			written, _, _ := f.insts[i].writes(f.leaf)
			regs |= written
		}
	}
	r.Registers = regs.names()
	if s := w.im.section(faultSection); s != nil {
		r.FaultTable = s.hdr.Size > 0
	}
	return r
}

// Line is what a build prints: that the library is there, and what was proven.
func (r *Report) Line() string {
	most := EntryReport{}
	for _, e := range r.Entries {
		if e.Budget > 0 && e.Stack*most.Budget >= most.Stack*e.Budget {
			most = e
		}
	}
	return fmt.Sprintf("%s: %d KB, proven to need no runtime: %d functions, at most %d of %d bytes of stack",
		r.Path, (r.Size+1023)/1024, r.Functions, most.Stack, most.Budget)
}

// String is the summary that a build prints with -v.
func (r *Report) String() string {
	var b strings.Builder
	for _, e := range r.Entries {
		fmt.Fprintf(&b, "%s: stack %d of %d bytes: %s\n", shortName(e.Name), e.Stack, e.Budget, chainText(e.Chain))
	}
	fmt.Fprintf(&b, "registers written: %s\n", strings.Join(r.Registers, " "))
	fmt.Fprintf(&b, "%s: %d functions, %d bytes of code, %d relocations", r.Path, r.Functions, r.Code, r.Relocs)
	if r.RelocsDropped > 0 {
		fmt.Fprintf(&b, " (%d dropped)", r.RelocsDropped)
	}
	fmt.Fprintf(&b, ", %d fault sites", r.Faults)
	if r.Faults > 0 && !r.FaultTable {
		fmt.Fprintf(&b, " (not in a table: no variable %s of type uintptr beside the fatal stub)", faultVariable)
	}
	fmt.Fprintf(&b, ", file of %d bytes\n", r.Size)
	return b.String()
}

// chainText joins the names of a call chain.
func chainText(chain []string) string {
	short := make([]string, len(chain))
	for i, name := range chain {
		short[i] = shortName(name)
	}
	return strings.Join(short, " > ")
}

// shortName drops the directories of a link name.
func shortName(name string) string {
	name = strings.TrimSuffix(name, ".abi0")
	end := strings.IndexAny(name, "([")
	if end < 0 {
		end = len(name)
	}
	return name[strings.LastIndexByte(name[:end], '/')+1:]
}

// golden is the part of the report that is recorded: what a change of the code should not change
// unnoticed.
func (r *Report) golden() string {
	var b strings.Builder
	b.WriteString("# deepest stack of each entry, registers written; systrap build -golden FILE -update rewrites it\n")
	for _, e := range r.Entries {
		fmt.Fprintf(&b, "entry %s stack %d of %d\n", e.Name, e.Stack, e.Budget)
		for _, name := range e.Chain {
			fmt.Fprintf(&b, "\t%s\n", name)
		}
	}
	fmt.Fprintf(&b, "registers %s\n", strings.Join(r.Registers, " "))
	return b.String()
}

// WriteGolden records the report in a file.
func (r *Report) WriteGolden(path string) error {
	return os.WriteFile(path, []byte(r.golden()), 0o644)
}

// CompareGolden compares the report with a recorded one. A difference is [ErrGolden], with the
// lines that differ.
func (r *Report) CompareGolden(path string) error {
	recorded, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	want, got := strings.Split(string(recorded), "\n"), strings.Split(r.golden(), "\n")
	var b strings.Builder
	for i := range max(len(want), len(got)) {
		w, g := lineAt(want, i), lineAt(got, i)
		if w != g {
			fmt.Fprintf(&b, "\n\tline %d: recorded %q, now %q", i+1, w, g)
		}
	}
	if b.Len() > 0 {
		return fmt.Errorf("%s %w; if that is wanted, run again with -update:%s", path, ErrGolden, b.String())
	}
	return nil
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
