package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// What became of text whose writer was killed.

// Noting is [Write] for text whose writer others watch: *end, which is 0, is set
// just before the text is put there, and [Lost] tells from it what became of
// that if the writer was killed.
func Noting(b []byte, end *atomic.Uint64) { logNoting(b, end) }

// logWritten is the bit of *end for text that goes by write(2); the others are the size that a
// file had before, or all set.
const logWritten = 1 << 63

// writtenFrom is *end for text that is about to be written to fd.
func writtenFrom(fd int64) uint64 {
	if !logFile || Ended.Load() != 0 {
		return ^uint64(0)
	}
	return logWritten | sys.FileSize(fd)
}

// Lost says whether text, the beginning of a line, and the note (" <unfinished ...>" or the like) behind it of [Noting] that noted
// end are not in the trace whole, as their writer was killed. What is written to a pipe or a terminal is there in all likelihood: it is at
// that call's end that the kernel looks for signals. For a file it does so before each page.
func Lost(end uint64, text []byte) bool {
	switch {
	case end == 0:
		return true
	case end == ^uint64(0):
		return false
	case end&logWritten != 0:
		return !logHolds(end&^logWritten, text)
	case logMap == nil:
		return false
	}
	w := holdWindow((end - 1) / windowSize)
	if w < 0 {
		return false
	}
	var last [1]byte // it is copied last, and no NUL
	n := mem.Read(last[:], uint64(windows.base)+uint64(w)*windowSize+(end-1)%windowSize)
	releaseWindow(w)
	return n == 1 && last[0] == 0
}

// logHolds says whether the log's file has a line of text and a note at offset from or behind it; true where it
// cannot be read.
func logHolds(from uint64, text []byte) bool {
	fd := ownfd.TakeLog()
	own := fd
	var b [1]byte
	if preadFd(fd, b[:], 0) == -int64(unix.EBADF) { // it is open to be written only
		var path [48]byte
		l := line.On(path[:len(path)-1])
		l.Str("/proc/self/fd/")
		l.Int(fd)
		own = sys.Open(&path[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	}
	found := findLine(own, from, text)
	if own != fd && own >= 0 {
		sys.Close(own)
	}
	ownfd.DropLog()
	return found
}

// findLine looks for a line of text and a note in the file behind fd, from offset at on, where one begins; true if it
// cannot be read. What was cut within the note is taken out of the log when it is finished.
func findLine(fd int64, at uint64, text []byte) bool {
	var buf [256]byte
	var n note
	k := 0 // how much of text the line at hand begins with, -1 if another
	for {
		r := preadFd(fd, buf[:], at)
		if r <= 0 {
			return r < 0
		}
		for _, c := range buf[:r] {
			switch {
			case k == len(text) && n.take(c):
				if n.whole {
					return true
				}
				continue
			case k >= 0 && k < len(text) && c == text[k]:
				k++
				continue
			}
			k, n = -1, note{}
			if c == '\n' {
				k = 0
			}
		}
		at += uint64(r)
	}
}

// note is what there is of a note, byte by byte: " <", words, "...>" and the line's end. There is no other '<' in it, as there is in the line of
// another thread that stands behind a note that was cut.
type note struct {
	n     int // of the bytes before the words
	dots  int
	ended bool // by '>'
	whole bool
}

// take says whether c may be the next byte.
func (n *note) take(c byte) bool {
	const begins = " <"
	switch {
	case n.n < len(begins):
		n.n++
		return c == begins[n.n-1]
	case n.ended:
		n.whole = c == '\n'
		return n.whole
	case c == '.':
		n.dots++
	case c == '>':
		n.ended = n.dots >= 3
		return n.ended
	default:
		n.dots = 0
		return c != '<' && c != '\n'
	}
	return true
}

func preadFd(fd int64, b []byte, at uint64) int64 {
	return int64(rawsys.Syscall(unix.SYS_PREAD64, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(at), 0, 0))
}
