package proc

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Mapping is one line of /proc/self/maps (proc_pid_maps(5)).
type Mapping struct {
	Start, End uint64
	Prot       uintptr // PROT_* bits
	Shared     bool
	Offset     uint64
	Dev        uint64 // major<<32 | minor
	Inode      uint64
	// name is the path or [name]; it aliases the reader's buffer.
	Name []byte
}

// IsFile says whether m shows a file, as opposed to memory that the program
// made (a memfd counts as that).
func (m *Mapping) IsFile() bool {
	return m.Inode != 0 && (len(m.Name) < 2 || m.Name[0] != '/' || m.Name[1] != 'm' || !ctext.StartsWith(m.Name, "/memfd:"))
}

// Reader reads /proc/self/maps line by line in a fixed buffer.
type Reader struct {
	fd        int64
	Buf       [BufSize]byte
	pos, fill int
}

// BufSize holds at least one line: 73 characters and a path of PATH_MAX.
const BufSize = 8192

// Maps is used under the code lock only, or before any thread exists; it is
// too large for a stack.
var Maps Reader

// Open starts reading; it returns false where there is no /proc.
func (r *Reader) Open() bool { return r.OpenAt(&procThreadMaps[0]) }

// There says whether Open would find the file, as far as can be told without it.
func (r *Reader) There() bool {
	return rawsys.Syscall(unix.SYS_ACCESS, uintptr(unsafe.Pointer(&procThreadMaps)), unix.R_OK, 0, 0, 0, 0) == 0
}

// OpenAt is open for another process's file.
func (r *Reader) OpenAt(path *byte) bool {
	r.pos, r.fill = 0, 0
	r.fd = sys.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return r.fd >= 0
}

// Close ends reading.
func (r *Reader) Close() { sys.Close(r.fd) }

var procThreadMaps = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 'm', 'a', 'p', 's', 0}

// Next parses the next line into m.
func (r *Reader) Next(m *Mapping) bool {
	line, ok := r.line()
	if !ok {
		return false
	}
	p := ctext.FieldsOf(line)
	m.Start = p.Hex()
	p.Skip(1)
	m.End = p.Hex()
	p.Skip(1)
	m.Prot = 0
	if p.At(0) == 'r' {
		m.Prot |= unix.PROT_READ
	}
	if p.At(1) == 'w' {
		m.Prot |= unix.PROT_WRITE
	}
	if p.At(2) == 'x' {
		m.Prot |= unix.PROT_EXEC
	}
	m.Shared = p.At(3) == 's'
	p.Skip(5)
	m.Offset = p.Hex()
	p.Skip(1)
	m.Dev = p.Hex() << 32
	p.Skip(1)
	m.Dev |= p.Hex()
	p.Skip(1)
	m.Inode = p.Dec()
	for p.At(0) == ' ' {
		p.Skip(1)
	}
	m.Name = p.Rest()
	return true
}

// line returns the next line without its newline.
func (r *Reader) line() ([]byte, bool) {
	for {
		for i := r.pos; i < r.fill; i++ {
			if r.Buf[i] == '\n' {
				l := r.Buf[r.pos:i]
				r.pos = i + 1
				return l, true
			}
		}
		copy(r.Buf[:], r.Buf[r.pos:r.fill])
		r.fill -= r.pos
		r.pos = 0
		if r.fill == len(r.Buf) {
			return nil, false
		}
		n := sys.Read(r.fd, r.Buf[r.fill:])
		if n <= 0 {
			return nil, false
		}
		r.fill += n
	}
}
