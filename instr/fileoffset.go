package instr

// VAddr returns the address of the byte at offset off of the file, for an executable segment of a
// view made by [Image.FromFile]. A mapping starts at a page boundary, which may lie before the
// segment's own first byte.
func (im *Image) VAddr(off uint64) (uint64, bool) {
	if im.memory {
		return 0, false
	}
	for i := range im.segs[:im.nseg] {
		s := &im.segs[i]
		if s.exec && off >= s.off&^(fileAlign-1) && off < s.off+s.size {
			return s.vaddr + off - s.off + im.bias, true
		}
	}
	return 0, false
}

// fileAlign is the granularity of file mappings in bytes: the page size.
const fileAlign = 4096
