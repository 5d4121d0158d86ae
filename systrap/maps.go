package systrap

import (
	"golang.org/x/sys/unix"
)

// mapping is one line of /proc/self/maps (proc_pid_maps(5)).
type mapping struct {
	start, end uint64
	prot       uintptr // PROT_* bits
	shared     bool
	offset     uint64
	dev        uint64 // major<<32 | minor
	inode      uint64
	// name is the path or [name]; it aliases the reader's buffer.
	name []byte
}

// isFile says whether m shows a file, as opposed to memory that the program
// made (a memfd counts as that).
func (m *mapping) isFile() bool {
	return m.inode != 0 && (len(m.name) < 2 || m.name[0] != '/' || m.name[1] != 'm' || !startsWith(m.name, "/memfd:"))
}

// mapsReader reads /proc/self/maps line by line in a fixed buffer.
type mapsReader struct {
	fd        int64
	buf       [mapsBuf]byte
	pos, fill int
}

// mapsBuf holds at least one line: 73 characters and a path of PATH_MAX.
const mapsBuf = 8192

// theMaps is used under the code lock only, or before any thread exists; it is
// too large for a stack.
var theMaps mapsReader

// open starts reading; it returns false where there is no /proc.
func (r *mapsReader) open() bool { return r.openAt(&procThreadMaps[0]) }

// openAt is open for another process's file.
func (r *mapsReader) openAt(path *byte) bool {
	r.pos, r.fill = 0, 0
	r.fd = openFile(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return r.fd >= 0
}

func (r *mapsReader) close() { closeFd(r.fd) }

var procThreadMaps = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 'm', 'a', 'p', 's', 0}

// next parses the next line into m.
func (r *mapsReader) next(m *mapping) bool {
	line, ok := r.line()
	if !ok {
		return false
	}
	p := fieldsOf(line)
	m.start = p.hex()
	p.skip(1)
	m.end = p.hex()
	p.skip(1)
	m.prot = 0
	if p.at(0) == 'r' {
		m.prot |= unix.PROT_READ
	}
	if p.at(1) == 'w' {
		m.prot |= unix.PROT_WRITE
	}
	if p.at(2) == 'x' {
		m.prot |= unix.PROT_EXEC
	}
	m.shared = p.at(3) == 's'
	p.skip(5)
	m.offset = p.hex()
	p.skip(1)
	m.dev = p.hex() << 32
	p.skip(1)
	m.dev |= p.hex()
	p.skip(1)
	m.inode = p.dec()
	for p.at(0) == ' ' {
		p.skip(1)
	}
	m.name = p.rest()
	return true
}

// line returns the next line without its newline.
func (r *mapsReader) line() ([]byte, bool) {
	for {
		for i := r.pos; i < r.fill; i++ {
			if r.buf[i] == '\n' {
				l := r.buf[r.pos:i]
				r.pos = i + 1
				return l, true
			}
		}
		copy(r.buf[:], r.buf[r.pos:r.fill])
		r.fill -= r.pos
		r.pos = 0
		if r.fill == len(r.buf) {
			return nil, false
		}
		n := readFd(r.fd, r.buf[r.fill:])
		if n <= 0 {
			return nil, false
		}
		r.fill += n
	}
}
