package instr

// Source is where the bounds of a function come from.
type Source uint8

// The sources, best first.
const (
	SourceNone         Source = iota
	SourceHdr                 // binary search table of .eh_frame_hdr
	SourceFrame               // walk over .eh_frame
	SourceSymtab              // .symtab
	SourceDynsym              // .dynsym
	SourceConservative        // no function: the bytes around the candidate alone

	numSources
)

var sourceNames = [numSources]string{
	"none", "eh_frame_hdr", "eh_frame", "symtab", "dynsym", "conservative",
}

// String returns the section, or the rule, that the bounds come from.
func (s Source) String() string {
	if s >= numSources {
		return "source?"
	}
	return sourceNames[s]
}

// Func is the extent of one function, or of one part of a split function (.cold), in addresses of
// its Image.
type Func struct {
	Start, End uint64
	Source     Source
}

// Func finds the function that contains addr: by unwind data, else by symbols. It reports whether
// there is one, with bounds inside one executable segment.
func (im *Image) Func(addr uint64, f *Func) bool {
	v := addr - im.bias
	if len(im.view) == 0 || !im.hdrFunc(v, f) && !im.frameFunc(v, f) && !im.symbolFunc(v, f) {
		*f = Func{}
		return false
	}
	f.Start += im.bias
	f.End += im.bias
	return true
}

// accept reports whether [f.Start, f.End) is executable and contains v.
func (im *Image) accept(v uint64, f *Func) bool {
	return f.Start <= v && v < f.End && im.executable(f.Start, f.End)
}
