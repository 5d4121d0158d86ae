package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/internal/inject"
	"libsystrap/internal/sys"
)

// A library of ours that `systrap rewrite` has appended to a file finds traps and jumps in that file's text already: nothing is
// searched or written there, but where the text has to be as it was.
// See docs/decisions/rewritten-files.md.

// prepared returns what the rewriter has left, or nil.
func prepared() *inject.Prepared { return (*inject.Prepared)(sys.Ptr(uintptr(presence.Prepared))) }

// preparedBase is where the first byte of the file of p is mapped.
func preparedBase(p *inject.Prepared) uint64 { return uint64(uintptr(unsafe.Pointer(p))) - p.Own }

// preparedSite returns site i of p.
func preparedSite(p *inject.Prepared, i uint64) *inject.PreparedSite {
	return (*inject.PreparedSite)(sys.Ptr(uintptr(unsafe.Pointer(p)) + unsafe.Sizeof(*p) + uintptr(i)*unsafe.Sizeof(inject.PreparedSite{})))
}

// takePrepared takes the prepared sites over, after it has been decided how calls come.
func takePrepared() {
	p := prepared()
	if p == nil {
		return
	}
	// Under a debugger it stays as the debugger has found it, which may have breakpoints there.
	if discoverOnly && !debuggedAtStart || siteTrap != trapUD2 {
		returnPrepared(p, true, true)
		return
	}
	base := preparedBase(p)
	for i := range p.Count {
		s := preparedSite(p, i)
		pc := base + uint64(s.Off)
		if !addSite(pc) {
			continue // the table is as large as all text wants it
		}
		counters.sites.Add(1)
		if s.Before != 0 && jumpWanted {
			takePreparedSlot(s, pc)
		}
	}
	if !jumpWanted {
		returnPrepared(p, true, false)
	}
	addCode(base+p.Text, base+p.TextEnd)
	addPart(base+p.Text, base+p.TextEnd)
}

// takePreparedSlot enters the slot of the jump before the site pc.
func takePreparedSlot(s *inject.PreparedSite, pc uint64) {
	ownSlotOf[s.Slot%ownSlotCount] = uint16(slotCount)
	ownSlotUsed = int(s.Slot) + 1 // they are in order
	n := addSlot(pc, slotsStart()+uint64(s.Slot)*slotSize, s.Before)
	slotJump[n] = slotLive
	counters.doors[doorKind(s.Before)].Add(1)
}

// keepPreparedWay has what a rewritten program executes followed by the library's own file: its own is no library.
func keepPreparedWay() {
	if p := prepared(); p != nil && p.Program != inject.InLibrary {
		ownPathLen = copy(ownPath[:len(ownPath)-1], p.Path[:min(p.PathLen, uint64(len(p.Path)))])
		ownPath[ownPathLen] = 0
	}
}

// returnPrepared gives text its bytes back: where jumps are, where traps are.
func returnPrepared(p *inject.Prepared, jumps, traps bool) {
	base := preparedBase(p)
	var w codeWriter
	w.begin(base+p.Text, base+p.TextEnd, unix.PROT_READ|unix.PROT_EXEC)
	for i := range p.Count {
		s := preparedSite(p, i)
		pc := base + uint64(s.Off)
		if jumps && s.Before != 0 {
			w.putBytes(pc-uint64(s.Before), s.Was[:])
		}
		if traps {
			w.put(pc+trapUD2.changed(), syscallBytes[trapUD2.changed()])
		}
	}
	w.end()
}

// keepRewrittenOut finds a library of ours in an image that it was appended to, keeps that from starting, and gives the image
// its bytes back. It says whether there is one.
func keepRewrittenOut(b *bootImage) bool {
	base, size := uintptr(b.base), b.end-b.base
	if attached() || size < sys.PageSize || *(*uint32)(sys.Ptr(base)) != elfMagic {
		return false // a library that has been at work is not kept from starting
	}
	off, num := *(*uint64)(sys.Ptr(base + elfPhoff)), uint64(*(*uint16)(sys.Ptr(base + elfPhnum)))
	if off < sys.PageSize || num == 0 || off+num*phdrSize > size { // where they have always been
		return false
	}
	const ptNote, phOffset = 4, 8
	last := base + uintptr(off+(num-1)*phdrSize)
	at := *(*uint64)(sys.Ptr(last + phOffset))
	if *(*uint32)(sys.Ptr(last)) != ptNote || at >= size || size-at < uint64(unsafe.Sizeof(inject.Note{})) {
		return false
	}
	n := (*inject.Note)(sys.Ptr(base + uintptr(at)))
	if string(n.Name[:len(inject.NoteName)]) != inject.NoteName || n.Presence >= size || n.Prepared >= size {
		return false
	}
	other := (*inject.Presence)(sys.Ptr(base + uintptr(n.Presence)))
	if other == &presence || other.Magic != inject.PresenceMagic {
		return false
	}
	other.By, other.Quiet, other.Prepared = 1, 1, 0
	returnPrepared((*inject.Prepared)(sys.Ptr(base+uintptr(n.Prepared))), true, true)
	return true
}

// isRewritten says whether the last program header of the file at fd, ph, is that of a library of ours in it.
func isRewritten(fd int64, ph *elf64.Program) bool {
	const ptNote = 4
	var n inject.Note
	b := unsafe.Slice((*byte)(unsafe.Pointer(&n)), unsafe.Sizeof(n))
	return ph.Type == ptNote && ph.Filesz == uint64(len(b)) && pread(fd, b, ph.Offset) == len(b) &&
		string(n.Name[:len(inject.NoteName)]) == inject.NoteName
}
