package freestanding

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"sort"
)

// Unwind information. Go's linker describes every frame in .debug_frame, which only debuggers read.
// A program that unwinds its stack from a signal handler (thread cancellation with cleanup
// handlers, a C++ backtrace) has our frames on it when the signal interrupted a call, so the
// library carries the same facts as .eh_frame (LSB core, "Exception Frames").
//
// The signal restorer is left out: unwinders know it by its bytes, and only where there is no
// entry for it (libgcc's x86_64_fallback_frame_state).
// See docs/decisions/unwind-tables.md.

// frameEntry is one FDE of .debug_frame.
type frameEntry struct {
	start, size uint64
	program     []byte // call frame instructions
}

// unwindInfo is .debug_frame taken apart. Go's linker writes a single CIE.
type unwindInfo struct {
	cie     []byte // version onwards, up to the initial instructions
	initial []byte
	fdes    []frameEntry
}

// Pointer encodings (LSB core, "DWARF Exception Header Encoding").
const (
	pePcrelSdata4   = 0x1b
	peDatarelSdata4 = 0x3b
	peUdata4        = 0x03
)

// readDebugFrame parses 32-bit DWARF call frame information, version 3 with 8-byte addresses.
func readDebugFrame(data []byte, keep func(start uint64) bool) (*unwindInfo, error) {
	bad := func(at int) error {
		return fmt.Errorf("%w: .debug_frame is not what go1.26 writes, at offset %#x", errToolchain, at)
	}
	u := &unwindInfo{}
	for at := 0; at+8 <= len(data); {
		n := int(binary.LittleEndian.Uint32(data[at:]))
		if n < 8 || at+4+n > len(data) {
			return nil, bad(at)
		}
		body := data[at+8 : at+4+n]
		if binary.LittleEndian.Uint32(data[at+4:]) == ^uint32(0) {
			// version, augmentation "", code alignment, data alignment, return address register
			const fixed = 5
			if u.cie != nil || len(body) < fixed || body[0] != 3 || body[1] != 0 {
				return nil, bad(at)
			}
			u.cie, u.initial = body[2:fixed], body[fixed:]
		} else {
			if u.cie == nil || len(body) < 16 {
				return nil, bad(at)
			}
			e := frameEntry{binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:]), body[16:]}
			if keep(e.start) {
				u.fdes = append(u.fdes, e)
			}
		}
		at += 4 + n
	}
	if u.cie == nil {
		return nil, bad(0)
	}
	sort.Slice(u.fdes, func(i, j int) bool { return u.fdes[i].start < u.fdes[j].start })
	return u, nil
}

// encode writes .eh_frame, to lie at frameAt, and .eh_frame_hdr, to lie at hdrAt. The lengths do
// not depend on the addresses.
func (u *unwindInfo) encode(frameAt, hdrAt uint64) (frame, hdr []byte) {
	var f, h bytes.Buffer
	word := func(b *bytes.Buffer, v uint64) { put(b, uint32(v)) }
	record := func(body []byte) {
		for (len(body)+4)%8 != 0 {
			body = append(body, 0) // DW_CFA_nop
		}
		word(&f, uint64(len(body)))
		f.Write(body)
	}
	cie := append([]byte{0, 0, 0, 0, 1, 'z', 'R', 0}, u.cie...)
	cie = append(append(cie, 1, pePcrelSdata4), u.initial...)
	record(cie)
	h.Write([]byte{1, pePcrelSdata4, peUdata4, peDatarelSdata4})
	word(&h, frameAt-(hdrAt+4))
	word(&h, uint64(len(u.fdes)))
	for _, e := range u.fdes {
		at := uint64(f.Len())
		word(&h, e.start-hdrAt)
		word(&h, frameAt+at-hdrAt)
		var b bytes.Buffer
		word(&b, at+4) // back to the CIE at offset 0
		word(&b, e.start-(frameAt+at+8))
		word(&b, e.size)
		b.WriteByte(0) // no augmentation data
		b.Write(e.program)
		record(b.Bytes())
	}
	word(&f, 0)
	return f.Bytes(), h.Bytes()
}

// unwindInfo reads what the linker knows of the functions that stay.
func (im *image) unwindInfo(keepFunc map[uint64]bool) (*unwindInfo, error) {
	s := im.file.Section(".debug_frame")
	if s == nil {
		return nil, ErrNoLines
	}
	data, err := s.Data()
	if err != nil {
		return nil, fmt.Errorf("%w: .debug_frame: %v", ErrNotELF, err)
	}
	restorer, _ := symbolNamed(im.funcs, restorerName)
	ends := map[uint64]bool{restorer.addr: true}
	for _, name := range unwindingEnds {
		if s, ok := symbolNamed(im.funcs, name); ok {
			ends[s.addr] = true
		}
	}
	u, err := readDebugFrame(data, func(start uint64) bool { return keepFunc[start] && !ends[start] })
	if err != nil {
		return nil, err
	}
	if err := im.describeJumps(u); err != nil {
		return nil, err
	}
	return u, im.describeStubs(u)
}

// unwindingEnds are the functions below which no unwinder looks: what calls a function of the program's, in place of the program. An
// exception that leaves that has nobody to catch it, and std::terminate says so.
var unwindingEnds = []string{
	"libsystrap/systrap/chost.hostEntry", "libsystrap/systrap/chost.hostDone", "libsystrap/systrap/chost.hostRedo", "libsystrap/systrap/chost.hostJump",
	"libsystrap/systrap/chost.hostTell", "libsystrap/systrap/chost.hostAgain", "libsystrap/systrap/chost.hostTold",
}

// restorerName is the function that must have no unwind information.
const restorerName = "libsystrap/restorer.sigactionRestorer"

// addUnwind places both tables behind what w has and points the program header at them.
func (im *image) addUnwind(w *tableWriter, u *unwindInfo) {
	frame, hdr := u.encode(0, 0)
	fs := &section{name: ".eh_frame", hdr: elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC)}}
	hs := &section{name: ".eh_frame_hdr", hdr: fs.hdr}
	frameAt := w.add(fs, frame)
	hdrAt := w.add(hs, hdr)
	frame, hdr = u.encode(frameAt, hdrAt)
	copy(w.data[frameAt-w.seg.vaddr:], frame)
	copy(w.data[hdrAt-w.seg.vaddr:], hdr)
	im.sections = append(im.sections, fs, hs)
	// A debugger would prefer what the linker wrote, which is wrong of the stubs, and load the
	// Go runtime's script, which finds no runtime.
	for _, name := range []string{".debug_frame", ".debug_gdb_scripts"} {
		if s := im.section(name); s != nil {
			*s = section{hdr: elf.Section64{Type: uint32(elf.SHT_NULL)}}
		}
	}
	for i := range im.progs {
		if p := &im.progs[i]; elf.ProgType(p.Type) == elf.PT_GNU_EH_FRAME {
			p.Vaddr, p.Paddr = hdrAt, hdrAt
			p.Filesz, p.Memsz = uint64(len(hdr)), uint64(len(hdr))
		}
	}
}
