package instr

// record splits the CIE or FDE at the start of b (LSB core, generic part, 10.6.1): the offset of
// its body, which begins with the CIE id or pointer, and of its end; 0, 0 for the terminator or a
// length that leaves b.
func record(b []byte) (body, end int) {
	if len(b) < 4 {
		return 0, 0
	}
	n := uint64(le32(b))
	body = 4
	if n == 0xffffffff {
		if len(b) < 12 {
			return 0, 0
		}
		n = le64(b[4:])
		body = 12
	}
	if n < 4 || n > uint64(len(b)-body) {
		return 0, 0
	}
	return body, body + int(n)
}

// fde decodes the bounds of the FDE at the start of b, whose p_vaddr is at, into f. It returns the
// length of the record, 0 at the end of the section, and whether it was an FDE with known bounds.
func (im *Image) fde(b []byte, at uint64, f *Func) (int, bool) {
	body, end := record(b)
	if end == 0 {
		return 0, false
	}
	back := uint64(le32(b[body:]))
	if back == 0 {
		return end, false // a CIE
	}
	enc, signal, ok := im.codeEncoding(at + uint64(body) - back)
	if !ok {
		return end, false
	}
	p := body + 4
	start, n := im.pointer(b[p:end], enc, at+uint64(p), im.hdr)
	if n == 0 {
		return end, false
	}
	size, n := im.pointer(b[p+n:end], enc&peFormat&^8, 0, 0) // a length: unsigned, not relative
	if n == 0 {
		return end, false
	}
	if enc&peFormat == 0 && im.memory {
		size += im.bias // not an address, undo the relocation that pointer assumes
	}
	f.Start, f.End = start, start+size
	if signal && im.restorerAt(start+1) {
		f.Start++
	}
	return end, true
}

// restorerAt reports whether a signal restorer starts at p_vaddr v. Its FDE starts one byte early,
// in the padding before, for the sake of unwinders that look up the return address minus one (glibc
// sysdeps/unix/sysv/linux/x86_64/libc_sigaction.c).
func (im *Image) restorerAt(v uint64) bool {
	b := im.at(v, 9)
	return len(b) == 9 && le64(b) == 0x0f_00_00_00_0f_c0_c7_48 && b[8] == 0x05 // mov $15,%rax; syscall
}

// codeEncoding returns the pointer encoding of the FDEs that belong to the CIE at p_vaddr at, and
// whether they are signal frames.
func (im *Image) codeEncoding(at uint64) (enc uint8, signal, ok bool) {
	b := im.at(at, 1<<62)
	p, end := record(b)
	if end == 0 || le32(b[p:]) != 0 {
		return 0, false, false
	}
	b = b[:end]
	p += 4
	if p >= end {
		return 0, false, false
	}
	version := b[p]
	p++
	aug := p
	for p < end && b[p] != 0 {
		p++
	}
	augLen := p - aug
	p++
	p = skipLEB(b, p) // code alignment
	p = skipLEB(b, p) // data alignment
	if version == 1 {
		p++
	} else {
		p = skipLEB(b, p) // return address register
	}
	if augLen == 0 {
		return 0, false, true // absolute
	}
	if b[aug] != 'z' {
		return 0, false, false
	}
	p = skipLEB(b, p)
	for i := aug + 1; i < aug+augLen; i++ {
		if p >= end && b[i] != 'S' && b[i] != 'B' && b[i] != 'G' {
			return 0, false, false
		}
		switch b[i] {
		case 'R':
			enc = b[p]
			p++
		case 'L':
			p++
		case 'P':
			n := pointerSize(b[p])
			if n == 0 {
				return 0, false, false
			}
			p += 1 + n
		case 'S':
			signal = true
		case 'B', 'G':
		default:
			return 0, false, false
		}
	}
	return enc, signal, true
}

// skipLEB returns the offset behind the LEB128 number at offset p of b, len(b) at the latest.
func skipLEB(b []byte, p int) int {
	for p < len(b) {
		p++
		if b[p-1] < 0x80 {
			break
		}
	}
	return p
}
