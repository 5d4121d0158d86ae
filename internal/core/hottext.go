package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
)

// knownText is a mapping of an ELF file's text, and its image.
type knownText struct {
	start, end uint64
	prot       uintptr
	image      bootImage
}

// texts are mappings that /proc/self/maps has been read for, as long as the program changes
// none of the image and has one thread.
var texts [16]knownText

var nextText int

// knowTexts enters those of the first n of bootTexts, which are there at the start: to read
// /proc/self/maps again is half of what the first patch costs.
func knowTexts(n int) {
	for i := range bootTexts[:n] {
		t := &bootTexts[i]
		if nextText == len(texts) || t.image < 0 || t.shared || t.prot&unix.PROT_WRITE != 0 {
			continue
		}
		b := &bootImages[t.image]
		if *(*uint32)(sys.Ptr(uintptr(b.base))) == elfMagic {
			texts[nextText] = knownText{t.start, t.end, t.prot, *b}
			nextText++
		}
	}
}

// textAt returns the mapping at pc if calls in it may be patched that were proven by being
// made: private, of an ELF file, not writable. The code lock is held.
func textAt(pc uint64) *knownText {
	if deferred {
		for i := range texts {
			if t := &texts[i]; t.start <= pc && pc < t.end {
				return t
			}
		}
	}
	t := &texts[nextText%len(texts)]
	nextText++
	*t = knownText{}
	if !discovering || !proc.Maps.Open() {
		return nil
	}
	images := 0
	var m proc.Mapping
	for proc.Maps.Next(&m) {
		if m.Inode != 0 {
			images = noteImage(&m, images)
		}
		if m.Start <= pc && pc < m.End && images > 0 && m.IsFile() && m.Prot&unix.PROT_WRITE == 0 && !m.Shared {
			if b := &bootImages[images-1]; b.dev == m.Dev && b.inode == m.Inode {
				*t = knownText{start: m.Start, end: m.End, prot: m.Prot, image: *b}
			}
		}
		if images > 0 && t.end != 0 && bootImages[images-1].base == t.image.base {
			t.image.end = bootImages[images-1].end
		}
	}
	proc.Maps.Close()
	if t.end == 0 || !isELF(t.image.base) {
		*t = knownText{}
		return nil
	}
	return t
}

// parts are the functions that were searched one by one, and what surrounds calls in none. Traps
// lie in them already, so that who decodes them again may lose the bounds of instructions.
var (
	parts     [256]textRange
	partCount int
)

// partsFull says whether there is no room for another one.
func partsFull() bool { return partCount == len(parts) }

// inPart says whether pc lies in one of them.
func inPart(pc uint64) bool {
	for i := range parts[:partCount] {
		if parts[i].has(pc) {
			return true
		}
	}
	return false
}

func addPart(start, end uint64) {
	if !partsFull() {
		parts[partCount] = textRange{start, end - start}
		partCount++
	}
}

// dropParts forgets those that have a byte in [lo, hi), which is replaced, or has its own bytes again.
func dropParts(lo, hi uint64) {
	for i := partCount - 1; i >= 0; i-- {
		if p := &parts[i]; p.start < hi && lo < p.start+p.size {
			partCount--
			*p = parts[partCount]
		}
	}
}

// patchFunction patches the calls of the function around pc, in t; or, if its bounds are not known,
// those that instr's conservative rule finds around pc.
func patchFunction(pc uint64, t *knownText) {
	if !unsearched || inPart(pc) {
		return
	}
	addCode(t.start, t.end) // drops the part with the text
	var f instr.Func
	if image.FromMemory(sys.Ptr(uintptr(t.image.base)), t.image.end-t.image.base) && image.Func(pc, &f) &&
		t.start <= f.Start && f.End <= t.end {
		addPart(f.Start, f.End)
		instrumentText(&image, f.Start, f.Start, f.End, t.prot, notLeft)
		return
	}
	from, end := max(t.start, pc-textContext), min(t.end, pc+textContext)
	addPart(from, end)
	instrumentText(nil, max(t.start, from-textContext), from, end, t.prot, notLeft)
}
