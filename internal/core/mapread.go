package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// mapFile is an open file of mappings (mapfile.go). It is read as the kernel lets it be read: whole records, as many as its
// buffer holds, the rest of one that did not fit first; from the beginning, and at an offset that is not where the last read ended,
// the text is made anew (fs/seq_file.c, seq_read_iter and traverse).
type mapFile struct {
	head *mapHead
	// text is what was read, in generation gen.
	text mapText
	gen  uint64
	// refs is how many descriptors there are of it, in this process.
	refs int
}

// mapHead is what the processes that share an open file share of it.
type mapHead struct {
	pos uint64 // the file's offset
	// readPos is where the last read ended, next what the kernel has not looked at yet; left bytes before that wait in its
	// buffer of size bytes.
	readPos, next, left, size uint64
	gen                       uint64
}

// fileAt returns up to size bytes at offset off of f, which descriptor fd is open on, or a negated errno; the bytes
// are good until the next call.
func (f *mapFile) fileAt(fd int64, off, size uint64) ([]byte, int64) {
	h := f.head
	if size == 0 {
		return nil, 0
	}
	if off == 0 || off != h.readPos || f.gen != h.gen {
		if e := f.renew(fd); e != 0 {
			return nil, e
		}
		f.traverse(off)
	}
	return f.more(size), 0
}

// renew reads the text.
func (f *mapFile) renew(fd int64) int64 {
	if e := f.text.read(fd); e != 0 {
		return e
	}
	f.text.hide(mapsOf(fd))
	f.head.gen++
	f.gen = f.head.gen
	return 0
}

// traverse goes to offset off.
func (f *mapFile) traverse(off uint64) {
	h := f.head
	n := uint64(f.text.n)
	h.readPos, h.next, h.left = off, min(off, n), 0
	for at := uint64(0); at < off && at < n; {
		end := uint64(f.text.recordEnd(int(at)))
		if end > off {
			h.next, h.left = end, end-off
		}
		at = end
	}
}

// more returns what a read of size bytes does where the last one ended.
func (f *mapFile) more(size uint64) []byte {
	h, n := f.head, uint64(f.text.n)
	from := h.next - h.left
	k := min(h.left, size)
	h.left -= k
	size -= k
	if h.left == 0 && h.next < n {
		begin := h.next
		end := uint64(f.text.recordEnd(int(begin)))
		for h.size = max(h.size, sys.PageSize); end-begin >= h.size; {
			h.size *= 2
		}
		for end < n && end-begin < size {
			e := uint64(f.text.recordEnd(int(end)))
			if e-begin >= h.size {
				break
			}
			end = e
		}
		got := min(end-begin, size)
		h.next, h.left = end, end-begin-got
		k += got
	}
	h.readPos += k
	return f.text.bytes()[from : from+k]
}

// read makes a call that reads f.
func (f *mapFile) read(c *Call) {
	off, size := f.head.pos, c.Args[2]
	switch c.Sysno {
	case unix.SYS_PREAD64, unix.SYS_PREADV, unix.SYS_PREADV2:
		off = c.Args[3]
	}
	here := c.Sysno == unix.SYS_READ || c.Sysno == unix.SYS_READV || c.Sysno == unix.SYS_PREADV2 && int64(off) == -1
	if here {
		off = f.head.pos
	}
	if int64(off) < 0 {
		c.Result = -int64(unix.EINVAL)
		return
	}
	if c.Sysno == unix.SYS_READ || c.Sysno == unix.SYS_PREAD64 {
		c.Result = f.readTo(int64(int32(c.Args[0])), off, c.Args[1], size)
	} else {
		c.Result = f.readVector(c, off)
	}
	if here && c.Result > 0 {
		f.head.pos = off + uint64(c.Result)
	}
}

// readVector reads to a vector, an element after the other, as the kernel does where a file knows of none (do_loop_readv_writev).
func (f *mapFile) readVector(c *Call, off uint64) (sum int64) {
	if c.Args[2] > iovMax || int64(c.Args[2]) < 0 {
		return -int64(unix.EINVAL)
	}
	for i := uint64(0); i < c.Args[2]; i++ {
		var v mem.Iovec
		if mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)), c.Args[1]+i*uint64(unsafe.Sizeof(v))) != int(unsafe.Sizeof(v)) {
			return orErrno(sum, unix.EFAULT)
		}
		n := f.readTo(int64(int32(c.Args[0])), off+uint64(sum), uint64(v.Base), uint64(v.Len))
		if n < 0 {
			if sum == 0 {
				sum = n
			}
			return sum
		}
		sum += n
		if uint64(n) != uint64(v.Len) {
			break
		}
	}
	return sum
}

const iovMax = 1024 // IOV_MAX

func orErrno(n int64, e unix.Errno) int64 {
	if n == 0 {
		return -int64(e)
	}
	return n
}

// readTo reads size bytes at off to addr.
func (f *mapFile) readTo(fd int64, off, addr, size uint64) int64 {
	if int64(size) < 0 {
		return -int64(unix.EINVAL)
	}
	b, e := f.fileAt(fd, off, size)
	if e != 0 {
		return e
	}
	n := mem.Write(addr, b)
	if n < len(b) {
		f.head.gen++ // the next read begins by looking for its place
		f.gen = 0
		if n == 0 {
			return -int64(unix.EFAULT)
		}
	}
	return int64(n)
}

// seek is lseek(2) of f (seq_lseek).
func (f *mapFile) seek(c *Call) {
	off := int64(c.Args[1])
	switch c.Args[2] & 0xffffffff {
	case unix.SEEK_CUR:
		off += int64(f.head.pos)
	case unix.SEEK_SET:
	default:
		c.Result = -int64(unix.EINVAL)
		return
	}
	if off < 0 {
		c.Result = -int64(unix.EINVAL)
		return
	}
	f.head.pos = uint64(off)
	c.Result = off
}

// procmapQuery is ioctl(2)'s PROCMAP_QUERY (Linux 6.11): _IOWR('f', 17, struct procmap_query).
const (
	procmapQuery      = 0xc0686611
	procmapOrNext     = 0x10 // PROCMAP_QUERY_COVERING_OR_NEXT_VMA
	procmapMaxQueries = 4096
)

// procmap is struct procmap_query (include/uapi/linux/fs.h).
type procmap struct {
	size, flags, addr uint64
	start, end        uint64 // of the mapping found
	_                 [8]uint64
}

func (q *procmap) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(q)), unsafe.Sizeof(*q))
}

// query asks for a mapping that is not ours.
func query(c *Call) {
	var q, ask procmap
	if mem.Read(q.bytes(), c.Args[2]) != len(q.bytes()) || q.size != uint64(unsafe.Sizeof(q)) {
		c.performHere()
		return
	}
	ask = q
	args := c.Args
	args[2] = uint64(uintptr(unsafe.Pointer(&ask)))
	for range procmapMaxQueries {
		c.Result = int64(rawsys.Raw(uintptr(c.Sysno), uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), 0, 0, 0))
		if c.Failed() || !inOwnArea(ask.start, ask.end) {
			break
		}
		if ask.flags&procmapOrNext == 0 {
			c.Result = -int64(unix.ENOENT)
			return
		}
		end := ask.end
		ask = q
		ask.addr = end
	}
	if !c.Failed() {
		ask.addr = q.addr
		if mem.Write(c.Args[2], ask.bytes()) != len(ask.bytes()) {
			c.Result = -int64(unix.EFAULT)
		}
	}
}
