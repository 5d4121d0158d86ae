package instr

import "unsafe"

// Image is a view of one x86-64 ELF image: as it is mapped in memory, or as the bytes of its file.
// It holds no pointer but the view itself, which the caller keeps mapped. The zero Image knows
// nothing. Everything read from the image is checked; a malformed one yields fewer functions, never
// an access outside the view.
//
// The addresses of an image are the file's own (p_vaddr) plus a bias: in memory the load bias, for
// a file 0 until [Image.SetBias].
type Image struct {
	view []byte
	layout
}

// layout is the part of Image without pointers.
type layout struct {
	bias   uint64 // address = p_vaddr + bias
	origin uint64 // memory: p_vaddr that view[0] stands for
	memory bool
	nseg   uint8
	segs   [maxSegments]segment

	hdr       uint64 // p_vaddr of .eh_frame_hdr, 0 for none
	hdrSize   uint64
	frame     uint64 // p_vaddr of .eh_frame, 0 for none
	frameSize uint64
	dynamic   uint64 // p_vaddr of the dynamic section, memory only
	dynSize   uint64
	symtab    symbols
	dynsym    symbols
}

// maxSegments bounds the PT_LOADs that are kept; those behind are not seen. Linkers make 2 to 7.
const maxSegments = 12

// segment is a PT_LOAD, cut to the part that the view holds.
type segment struct {
	vaddr uint64
	size  uint64 // bytes of the file that are there
	off   uint64 // in the view
	exec  bool
}

// ELF constants (gABI, chapters 4 and 5).
const (
	ptLoad       = 1
	ptDynamic    = 2
	ptGNUEHFrame = 0x6474e550
	pfX, pfR     = 1, 4
	ehdrSize     = 64
	phdrSize     = 56
	maxPhdrs     = 512
	maxView      = 1 << 46 // bytes
)

// FromMemory makes im a view of the image whose ELF header is mapped at base. The caller vouches
// that every PT_LOAD within [base, base+size) is mapped and, where its flags say so, readable;
// [Image.Exclude] takes out what is not. The gaps between segments are never touched. It reports
// whether there is an x86-64 ELF header.
func (im *Image) FromMemory(base unsafe.Pointer, size uint64) bool {
	if base == nil || size < ehdrSize || size > maxView {
		im.clear()
		return false
	}
	// Not unsafe.Slice, whose checks call the runtime.
	return im.parse((*[maxView]byte)(base)[:size:size], true)
}

// FromFile makes im a view of the bytes of an ELF file. It reports whether they start with an
// x86-64 ELF header.
func (im *Image) FromFile(file []byte) bool {
	return im.parse(file, false)
}

// SetBias makes addresses of im be those of the file plus bias, for the file of an image that is
// mapped elsewhere.
func (im *Image) SetBias(bias uint64) { im.bias = bias }

// Bias is the difference between the addresses of im and those in the file.
func (im *Image) Bias() uint64 { return im.bias }

// Exclude makes im never touch addresses in [lo, hi): a segment is cut where it reaches lo, or at
// its beginning where it starts inside.
func (im *Image) Exclude(lo, hi uint64) {
	for i := range im.segs[:im.nseg] {
		s := &im.segs[i]
		start := s.vaddr + im.bias
		end := start + s.size
		switch {
		case hi <= start || lo >= end:
		case lo > start:
			s.size = lo - start
		case hi < end:
			n := hi - start
			s.vaddr += n
			s.off += n
			s.size -= n
		default:
			s.size = 0
		}
	}
}

// clear makes im the zero Image.
func (im *Image) clear() {
	im.view = nil
	im.layout = layout{}
}

// parse reads the ELF and program headers of view (gABI, chapter 5).
func (im *Image) parse(view []byte, memory bool) bool {
	im.clear()
	if len(view) < ehdrSize || le32(view) != 0x464c457f || view[4] != 2 || view[5] != 1 ||
		le16(view[18:]) != 62 { // ELFCLASS64, ELFDATA2LSB, EM_X86_64
		return false
	}
	phoff := le64(view[32:])
	n := int(le16(view[56:]))
	if le16(view[54:]) != phdrSize || n > maxPhdrs || phoff > uint64(len(view)) ||
		uint64(n)*phdrSize > uint64(len(view))-phoff {
		return false
	}
	im.view = view
	im.memory = memory
	ph := view[phoff : phoff+uint64(n)*phdrSize]
	if memory && !im.findOrigin(ph) {
		im.clear()
		return false
	}
	for i := 0; i < n; i++ {
		im.header(ph[i*phdrSize : i*phdrSize+phdrSize])
	}
	if im.hdr != 0 {
		im.findFrame()
	}
	if memory {
		im.dynamicSymbols()
	} else {
		im.sections()
	}
	return true
}

// findOrigin finds the p_vaddr that is mapped at view[0]: that of file offset 0.
func (im *Image) findOrigin(ph []byte) bool {
	for ; len(ph) >= phdrSize; ph = ph[phdrSize:] {
		off, vaddr := le64(ph[8:]), le64(ph[16:])
		if le32(ph) == ptLoad && off&^0xfff == 0 && vaddr&0xfff == off&0xfff {
			im.origin = vaddr - off
			im.bias = uint64(uintptr(unsafe.Pointer(&im.view[0]))) - im.origin
			return true
		}
	}
	return false
}

// header takes in one program header.
func (im *Image) header(ph []byte) {
	vaddr, filesz, memsz := le64(ph[16:]), le64(ph[32:]), le64(ph[40:])
	flags := le32(ph[4:])
	switch le32(ph) {
	case ptLoad:
		off := le64(ph[8:])
		if im.memory {
			off = vaddr - im.origin
		}
		if int(im.nseg) == len(im.segs) || flags&pfR == 0 || off >= uint64(len(im.view)) {
			return
		}
		im.segs[im.nseg] = segment{vaddr, min(filesz, uint64(len(im.view))-off), off, flags&pfX != 0}
		im.nseg++
	case ptGNUEHFrame:
		im.hdr, im.hdrSize = vaddr, memsz
	case ptDynamic:
		im.dynamic, im.dynSize = vaddr, memsz
	}
}

// at returns the bytes of the image from p_vaddr on to the end of its segment, at most max.
func (im *Image) at(vaddr, max uint64) []byte {
	for i := range im.segs[:im.nseg] {
		s := &im.segs[i]
		if d := vaddr - s.vaddr; d < s.size {
			end := s.off + d + min(max, s.size-d)
			return im.view[s.off+d : end : end]
		}
	}
	return nil
}

// Bytes returns the n bytes at address addr, or nil where the image does not hold all of them in
// one segment.
func (im *Image) Bytes(addr, n uint64) []byte {
	b := im.at(addr-im.bias, n)
	if uint64(len(b)) != n {
		return nil
	}
	return b
}

// executable reports whether [start, end) of p_vaddr lies within one executable segment.
func (im *Image) executable(start, end uint64) bool {
	for i := range im.segs[:im.nseg] {
		s := &im.segs[i]
		if start-s.vaddr < s.size && end-s.vaddr <= s.size && start < end {
			return s.exec
		}
	}
	return false
}

// Text calls for the i-th executable segment: its address and bytes, and whether there is one.
func (im *Image) Text(i int) (uint64, []byte, bool) {
	for k := range im.segs[:im.nseg] {
		s := &im.segs[k]
		if !s.exec || s.size == 0 {
			continue
		}
		if i == 0 {
			return s.vaddr + im.bias, im.view[s.off : s.off+s.size : s.off+s.size], true
		}
		i--
	}
	return 0, nil, false
}

// le16 reads the first 2 bytes of b, little endian.
func le16(b []byte) uint16 {
	_ = b[1]
	return uint16(b[0]) | uint16(b[1])<<8
}
