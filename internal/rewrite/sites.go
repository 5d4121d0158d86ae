package rewrite

import (
	"encoding/binary"

	"libsystrap/instr"
	"libsystrap/internal/inject"
)

// site is an instruction to be replaced.
type site struct {
	addr     uint64
	off      uint64 // in the file
	prepared inject.PreparedSite
	slot     []byte // the code of its slot, if a jump is to stand before it
}

// findSites lists what is proven to be a SYSCALL, as the library itself would.
func (w *writer) findSites() error {
	var im instr.Image
	if !im.FromFile(w.file.data) {
		return errHeaders
	}
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			break
		}
		if w.file.writable(addr) {
			continue // what the program may write to is its own to read, too
		}
		var f instr.Finder
		var c instr.Candidate
		f.SyscallOnly = true
		f.Init(&im, text, addr)
		for f.Next(&c) {
			if c.Site && c.Kind == instr.Syscall {
				w.addSite(text, &c)
			}
		}
	}
	if len(w.sites) == 0 {
		return errNoSites
	}
	return nil
}

// Lengths in bytes of jmp rel32, and of what follows the instruction in a slot: lea and jmp.
const (
	jumpLen = 5
	tailLen = 7 + 5
)

func (w *writer) addSite(text []byte, c *instr.Candidate) {
	s := site{addr: c.VAddr, off: w.file.offset(c.VAddr)}
	s.prepared.Off = uint32(s.addr - w.file.delta)
	door, n, _ := instr.DoorOf(text, c)
	if door == instr.DoorLong && c.PrefixLen == 0 && n+tailLen <= slotSize && w.jumps < slotCount {
		s.prepared.Before, s.prepared.Slot = uint8(n), uint16(w.jumps)
		copy(s.prepared.Was[:], w.file.data[s.off-uint64(n):])
		s.slot = append([]byte(nil), w.file.data[s.off-uint64(n):s.off]...)
		w.jumps++
	}
	w.sites = append(w.sites, s)
}

// textBounds are the offsets between which the sites lie, with the instructions before them: of whole pages.
func (w *writer) textBounds() (lo, hi uint64) {
	lo = ^uint64(0)
	for i := range w.sites {
		off := uint64(w.sites[i].prepared.Off)
		lo, hi = min(lo, off-uint64(w.sites[i].prepared.Before)), max(hi, off+2)
	}
	return lo &^ (pageSize - 1), pageUp(hi)
}

// slotAt is the offset of a site's slot.
func (w *writer) slotAt(s *site) uint64 {
	return w.toolAt + w.tool.slots + uint64(s.prepared.Slot)*slotSize
}

// patch writes traps and jumps, and makes the slots (internal/core/jumpslots.go).
func (w *writer) patch() {
	f := w.file
	for i := range w.sites {
		s := &w.sites[i]
		f.data[s.off+1] = 0x0b
		if s.slot == nil {
			continue
		}
		n := uint64(s.prepared.Before)
		slot := code{b: s.slot, at: w.slotAt(s) + f.delta}
		slot.add(0x4c, 0x8d, 0x1d) // lea site+2(%rip), %r11
		slot.rel(s.addr + 2)
		slot.add(0xe9) // jmp jumpDoor
		slot.rel(w.toolAt + f.delta + w.tool.jumpDoor)
		for len(slot.b) < slotSize-4 {
			slot.b = append(slot.b, 0)
		}
		s.slot = binary.LittleEndian.AppendUint32(slot.b, uint32(s.addr+2-slot.at)) // for unwinders
		jump := f.data[s.off-n:]
		jump[0] = 0xe9
		binary.LittleEndian.PutUint32(jump[1:], uint32(w.slotAt(s)+f.delta-(s.addr-n+jumpLen)))
	}
}
