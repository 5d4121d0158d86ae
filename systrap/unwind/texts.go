package unwind

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/systrap"
)

// lineMax holds a line of /proc/self/maps: 73 characters and a path of PATH_MAX.
const lineMax = 8192

// empty drops what the snapshot holds, by the page, so that it is zeroed when it
// is used again. The texts at its beginning and the end of the names may stay.
func (s *snapshot) empty() {
	const page = 4096
	systrap.Syscall(unix.SYS_MADVISE, (uintptr(unsafe.Pointer(s))+2*page-1)&^(page-1),
		unsafe.Sizeof(*s)&^(page-1)-2*page, unix.MADV_DONTNEED, 0, 0, 0)
	s.numTexts = 0
	s.numSpots.Store(0)
	s.used.Store(0)
}

// scan reads /proc/thread-self/maps (proc_pid_maps(5)) and enters the texts; with
// compare it says whether they are those that the snapshot has.
func (s *snapshot) scan(compare bool) bool {
	path := "/proc/thread-self/maps\x00"
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(unsafe.StringData(path))), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return false
	}
	// The end of the names, which no name reaches, serves as the buffer.
	buf := s.names[len(s.names)-lineMax:]
	var base mapping // the last one that shows the beginning of a file
	pos, fill, n := 0, 0, 0
	for {
		length := lineIn(buf[pos:fill])
		if length == 0 {
			copy(buf, buf[pos:fill])
			fill -= pos
			pos = 0
			k := int64(0)
			if fill < len(buf) {
				k = systrap.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buf[fill])), uintptr(len(buf)-fill), 0, 0, 0)
			}
			if k <= 0 {
				break
			}
			fill += int(k)
			continue
		}
		var m mapping
		m.parse(buf[pos : pos+length-1])
		pos += length
		if m.offset == 0 {
			base = m
			base.name = nil
		}
		if !m.isText() {
			continue
		}
		if compare && (n == s.numTexts || !s.texts[n%maxTexts].shows(&m)) {
			n = -1
			break
		}
		if !compare {
			s.addText(&m, &base)
		}
		n++
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	return n == s.numTexts
}

// shows says whether t is what m shows.
func (t *text) shows(m *mapping) bool {
	return t.start == m.start && t.end == m.end && t.offset == m.offset && t.dev == m.dev && t.inode == m.inode
}

// addText enters a mapping, which comes behind all before.
func (s *snapshot) addText(m, base *mapping) {
	if s.numTexts == maxTexts {
		return
	}
	t := &s.texts[s.numTexts%maxTexts]
	t.start, t.end, t.offset = m.start, m.end, m.offset
	t.dev, t.inode = m.dev, m.inode
	t.bias, t.hdr = 0, 0
	t.name = s.newName(len(m.name))
	copy(s.name(t.name), m.name)
	if base.inode == m.inode && base.dev == m.dev {
		t.findTables(base.start)
	}
	s.numTexts++
}

// ELF constants (gABI, chapter 5).
const (
	ptLoad       = 1
	ptGNUEHFrame = 0x6474e550
	maxPhdrs     = 64
)

// isELF64 says whether h begins an ELF file for a 64-bit machine.
func isELF64(h *elf64.Header) bool { return string(h.Ident[:5]) == "\x7fELF\x02" }

// findTables reads the headers of the image whose file begins at base.
func (t *text) findTables(base uint64) {
	var h elf64.Header
	if !peek(unsafe.Pointer(&h), unsafe.Sizeof(h), base) || !isELF64(&h) ||
		uintptr(h.Phentsize) != unsafe.Sizeof(elf64.Program{}) {
		return
	}
	var hdr uint64
	found := false
	for i := uint64(0); i < min(uint64(h.Phnum), maxPhdrs); i++ {
		var p elf64.Program
		if !peek(unsafe.Pointer(&p), unsafe.Sizeof(p), base+h.Phoff+i*uint64(h.Phentsize)) {
			return
		}
		switch {
		case p.Type == ptLoad && p.Offset == 0:
			t.bias = base - p.Vaddr
			found = true
		case p.Type == ptGNUEHFrame:
			hdr = p.Vaddr
		}
	}
	if found && hdr != 0 {
		t.hdr = hdr + t.bias
	}
}

// peek copies n bytes of the program's memory at addr to p.
func peek(p unsafe.Pointer, n uintptr, addr uint64) bool {
	return systrap.Read(unsafe.Slice((*byte)(p), n), addr) == int(n)
}

// lineIn returns the length of the line at the start of b with its newline, or 0.
func lineIn(b []byte) int {
	for i := range b {
		if b[i] == '\n' {
			return i + 1
		}
	}
	return 0
}

// mapping is one line of /proc/self/maps.
type mapping struct {
	start, end, offset uint64
	dev, inode         uint64
	exec               bool
	name               []byte
}

// isText says whether m shows text of a file, or that of the vDSO.
func (m *mapping) isText() bool {
	return m.exec && (m.inode != 0 || len(m.name) == len("[vdso]") && m.name[1] == 'v' && m.name[2] == 'd')
}

func (m *mapping) parse(line []byte) {
	i := 0
	m.start = number(line, &i, 16)
	m.end = number(line, &i, 16)
	m.exec = i+2 < len(line) && line[i+2] == 'x'
	i += len("r-xp ")
	m.offset = number(line, &i, 16)
	m.dev = number(line, &i, 16) << 32
	m.dev |= number(line, &i, 16)
	m.inode = number(line, &i, 10)
	for i < len(line) && line[i] == ' ' {
		i++
	}
	if i < len(line) {
		m.name = line[i:]
	}
}

// number reads a number and the character behind it.
func number(b []byte, i *int, base uint64) (v uint64) {
	for ; *i < len(b); *i++ {
		c := b[*i]
		switch {
		case c >= '0' && c <= '9':
			v = v*base + uint64(c-'0')
		case base == 16 && c >= 'a' && c <= 'f':
			v = v*base + uint64(c-'a'+10)
		default:
			*i++
			return v
		}
	}
	return v
}
