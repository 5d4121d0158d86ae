package instr

// Pointer encodings of unwind tables (LSB core, generic part, 10.5.1).
const (
	peOmit   = 0xff
	pePCRel  = 0x10
	peData   = 0x30
	peFormat = 0x0f
)

// pointerSize returns the bytes of an encoded pointer, 0 where the format has no fixed size.
func pointerSize(enc uint8) int {
	switch enc & peFormat {
	case 2, 10:
		return 2
	case 3, 11:
		return 4
	case 0, 4, 12:
		return 8
	}
	return 0
}

// pointer decodes the pointer at the start of b. at is the p_vaddr of b[0], data that of
// .eh_frame_hdr. It returns the p_vaddr and the bytes taken, 0 where it cannot decode.
func (im *Image) pointer(b []byte, enc uint8, at, data uint64) (uint64, int) {
	n := pointerSize(enc)
	if n == 0 || len(b) < n || enc&0x80 != 0 {
		return 0, 0
	}
	var v uint64
	switch enc & peFormat {
	case 2:
		v = uint64(le16(b))
	case 10:
		v = uint64(int64(int16(le16(b))))
	case 3:
		v = uint64(le32(b))
	case 11:
		v = uint64(int64(int32(le32(b))))
	default:
		v = le64(b)
	}
	switch enc & 0x70 {
	case 0:
		if im.memory && n == 8 {
			v -= im.bias // the loader relocated it
		}
	case pePCRel:
		v += at
	case peData:
		v += data
	default:
		return 0, 0
	}
	return v, n
}

// findFrame takes the address of .eh_frame from .eh_frame_hdr (LSB core, generic part, 10.6.2).
func (im *Image) findFrame() {
	b := im.at(im.hdr, im.hdrSize)
	if len(b) < 4 || b[0] != 1 {
		im.hdr = 0
		return
	}
	v, n := im.pointer(b[4:], b[1], im.hdr+4, im.hdr)
	if n == 0 {
		return
	}
	im.frame = v
	im.frameSize = uint64(len(im.at(v, 1<<62)))
}

// hdrTable returns the binary search table, the p_vaddr of its first byte, its encoding and the
// number of entries, 0 for no usable table.
func (im *Image) hdrTable() ([]byte, uint64, uint8, int) {
	if im.hdr == 0 {
		return nil, 0, 0, 0
	}
	b := im.at(im.hdr, im.hdrSize)
	if len(b) < 4 || b[2] == peOmit || b[3] == peOmit {
		return nil, 0, 0, 0
	}
	p := 4
	_, n := im.pointer(b[p:], b[1], im.hdr+4, im.hdr)
	if n == 0 {
		return nil, 0, 0, 0
	}
	p += n
	count, n := im.pointer(b[p:], b[2], im.hdr+uint64(p), im.hdr)
	size := pointerSize(b[3])
	if n == 0 || size == 0 {
		return nil, 0, 0, 0
	}
	p += n
	tab := b[p:]
	if fit := uint64(len(tab) / (2 * size)); count > fit {
		count = fit
	}
	return tab, im.hdr + uint64(p), b[3], int(count)
}

// hdrFunc finds the function at v by binary search in .eh_frame_hdr.
func (im *Image) hdrFunc(v uint64, f *Func) bool {
	tab, at, enc, n := im.hdrTable()
	if n == 0 {
		return false
	}
	size := pointerSize(enc)
	lo, hi := 0, n // entries below lo start at or before v
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		off := mid * 2 * size
		start, k := im.pointer(tab[off:], enc, at+uint64(off), im.hdr)
		if k == 0 {
			return false
		}
		if start <= v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return false
	}
	off := (lo-1)*2*size + size
	fde, k := im.pointer(tab[off:], enc, at+uint64(off), im.hdr)
	if k == 0 {
		return false
	}
	b := im.at(fde, 1<<62)
	if _, ok := im.fde(b, fde, f); !ok {
		return false
	}
	f.Source = SourceHdr
	return im.accept(v, f)
}

// frameFunc finds the function at v by walking .eh_frame, for images without a search table.
func (im *Image) frameFunc(v uint64, f *Func) bool {
	if im.frame == 0 {
		return false
	}
	if _, _, _, n := im.hdrTable(); n != 0 {
		return false
	}
	at := im.frame
	b := im.at(at, im.frameSize)
	for len(b) >= 4 {
		n, ok := im.fde(b, at, f)
		if n == 0 {
			return false
		}
		if ok {
			f.Source = SourceFrame
			if im.accept(v, f) {
				return true
			}
		}
		b = b[n:]
		at += uint64(n)
	}
	return false
}
