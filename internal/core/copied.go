package core

import (
	"libsystrap/internal/mem"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/seccomp"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A program may copy its own text, traps and all: to run the copy, or back to where it
// came from, on huge pages say. A trap that is no site is such a copy if the
// bytes around it are those around a site, or around one whose memory was
// replaced, and if no file has it there. Any other is the program's own.
// See docs/decisions/copied-traps.md.

// context is a site's surroundings: contextSide bytes before it, the two of the
// trap, and as many behind, as far as they lie in the same page.
type context struct {
	b      [2*contextSide + siteSize]byte
	lo, hi uint8
}

const (
	contextSide = 16
	// leastContext is more than a compiler makes around a call to order: `mov $n, %eax`,
	// the call and `ret` are in the C library, too.
	leastContext = 14
	leastCode    = 6
)

// bounds sets which bytes of a context of pc lie in its page.
func (x *context) bounds(pc uint64) {
	x.lo = uint8(contextSide - min(contextSide, pc%sys.PageSize))
	last := pc + siteSize - 1
	x.hi = uint8(contextSide + siteSize + min(contextSide, sys.PageSize-1-last%sys.PageSize))
}

// read fills x from the memory around pc, as a bad pointer would be read.
func (x *context) read(pc uint64) bool {
	x.bounds(pc)
	b := x.b[x.lo:x.hi]
	return mem.Read(b, pc-contextSide+uint64(x.lo)) == len(b)
}

// readSite is read for a site's own text, which is there.
func (x *context) readSite(pc uint64) {
	x.bounds(pc)
	sys.MoveBytes(uintptr(unsafe.Pointer(&x.b[x.lo])), uintptr(pc-contextSide+uint64(x.lo)), uintptr(x.hi-x.lo))
}

// same says whether x and y agree in leastContext bytes next to the trap, on both sides
// together, of which some are code.
func (x *context) same(y *context) bool {
	n, code := 0, 0
	for i := contextSide - 1; i >= int(max(x.lo, y.lo)) && x.b[i] == y.b[i]; i-- {
		n++
		code += notFill(x.b[i])
	}
	for i := contextSide + siteSize; i < int(min(x.hi, y.hi)) && x.b[i] == y.b[i]; i++ {
		n++
		code += notFill(x.b[i])
	}
	return n >= leastContext && code >= leastCode
}

// notFill is 0 for what is between functions, else 1.
func notFill(b byte) int {
	switch b {
	case 0, 0x90, 0xcc:
		return 0
	}
	return 1
}

// formerSite is a site whose memory was replaced.
type formerSite struct {
	pc uint64
	context
}

// formerSites are the last ones, the next to be written at formerNext. The memory is
// made for the first.
var (
	formerSites *[maxFormer]formerSite
	formerNext  uint32
)

const maxFormer = 1 << 12

// rememberSites notes the sites in [lo, hi), whose memory is about to be replaced.
// The code lock is held.
func rememberSites(lo, hi uint64) {
	if formerSites == nil {
		a := ownmem.Map(unsafe.Sizeof(*formerSites), unix.MAP_PRIVATE|unix.MAP_NORESERVE)
		if a == 0 {
			return
		}
		formerSites = (*[maxFormer]formerSite)(sys.Ptr(a))
	}
	keys := openKeys(guardedCode)
	t := sites
	for pc, i := t.nextSite(0, lo, hi); i <= t.mask; pc, i = t.nextSite(i+1, lo, hi) {
		f := &formerSites[formerNext%maxFormer]
		f.pc = pc
		f.readSite(pc)
		formerNext++
	}
	closeKeys(keys)
}

// copiedSites are copies that were found, by address.
var copiedSites [64]formerSite

// isCopied says whether the instruction at pc, a ud2 or what else traps, is a copy of a trap.
func isCopied(pc uint64) bool {
	var here context
	if seccomp.On || !here.read(pc) || here.b[contextSide] != siteBytes[0] || here.b[contextSide+1] != siteBytes[1] {
		return false
	}
	known := &copiedSites[pc>>1%uint64(len(copiedSites))]
	if atomic.LoadUint64(&known.pc) == pc && known.b == here.b {
		return true
	}
	if !wasSite(&here) && !likeSite(&here) || mappedFromELF(pc) {
		return false
	}
	known.context = here
	atomic.StoreUint64(&known.pc, pc)
	return true
}

// wasSite says whether there was a site with the surroundings x whose memory was
// replaced.
func wasSite(x *context) bool {
	if formerSites == nil {
		return false
	}
	for i := range formerSites[:min(formerNext, maxFormer)] {
		if x.resembles(&formerSites[i].context, formerSites[i].pc) {
			return true
		}
	}
	return false
}

// likeSite says whether there is a site with the surroundings x.
func likeSite(x *context) bool {
	m := lockCode()
	keys := openKeys(guardedCode)
	found := false
	t := sites
	var y context
	for pc, i := t.nextSite(0, 0, ^uint64(0)); i <= t.mask && !found; pc, i = t.nextSite(i+1, 0, ^uint64(0)) {
		y.readSite(pc)
		found = x.resembles(&y, pc)
	}
	closeKeys(keys)
	unlockCode(m)
	return found
}

// mappedFromELF says whether the page at pc is one of an ELF file's, which has its bytes
// from there.
func mappedFromELF(pc uint64) bool {
	mask := lockCode()
	found := true // as long as nothing says otherwise
	var m proc.Mapping
	var head, dev, inode uint64
	if proc.Maps.Open() {
		for proc.Maps.Next(&m) {
			if m.Offset == 0 {
				head, dev, inode = m.Start, m.Dev, m.Inode
			}
			if m.Start <= pc && pc < m.End {
				found = m.IsFile() && m.Dev == dev && m.Inode == inode && isELF(head)
				break
			}
		}
		proc.Maps.Close()
	}
	unlockCode(mask)
	return found
}
