package tracelog

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
)

// Lines that were cut short. The kernel looks for a signal that ends the process before each page of a file that a
// write(2) goes to (generic_perform_write, mm/filemap.c): a line that lies in two can be cut between them, and what
// another process writes next stands behind its beginning. So who writes to the log's file copies to the memory that the
// processes share what it is about to write. What is there still when the log is finished is that of writers who were
// killed, and a beginning of it that ends with a page is taken out of the file.

// writer is a text that is being written.
type writer struct {
	n    atomic.Uint64 // its length in bytes, 0 for none, or writerBegun
	from uint64        // it is at this offset of the file, or behind it
	text [1008]byte    // as much of it as there is room for: a longer one may be cut where we do not see it
}

// numWriters is how many can be noted, those that were killed among them. Others are not.
const numWriters = 127

// writerBegun is writer.n while the rest is being set.
const writerBegun = 1 << 63

// noteWriter notes that b is about to be written to fd, the log's file. It returns nil if it cannot.
func noteWriter(fd int64, b []byte) *writer {
	h := logMap
	if h == nil || !logFile || len(b) == 0 {
		return nil
	}
	for i := range h.writers {
		w := &h.writers[i]
		if w.n.Load() == 0 && w.n.CompareAndSwap(0, writerBegun) {
			raise64(&h.noted, uint64(i)+1)
			if h.end.Load() == 0 {
				h.end.CompareAndSwap(0, max(h.off.Load()&^logClosed, sizeToWrite(fd)))
			}
			w.from = h.end.Load()
			if i > 0 {
				w.from = max(w.from, sizeToWrite(fd)) // some may have been killed, and are not counted
			}
			copy(w.text[:], b)
			w.n.Store(uint64(len(b)))
			return w
		}
	}
	return nil
}

// sizeToWrite is the size of the file behind fd, or 0 where a filter keeps it from us.
func sizeToWrite(fd int64) uint64 {
	if !sys.MayCall(unix.SYS_FSTAT) {
		return 0
	}
	return sys.FileSize(fd)
}

// done says that the text has been written, n bytes of it.
func (w *writer) done(n int) {
	if w == nil {
		return
	}
	if h := logMap; h != nil {
		h.end.Add(uint64(n))
	}
	w.n.Store(0)
}

// writing says whether there are texts that have been begun and not ended.
func (h *logHead) writing() bool {
	for i := range h.everNoted() {
		if h.writers[i].n.Load() != 0 {
			return true
		}
	}
	return false
}

// everNoted is how many of the writers have ever been noted: the memory of the others is not touched.
func (h *logHead) everNoted() int { return min(int(h.noted.Load()), numWriters) }

// killedWriting says whether a writer was killed: it does not end its text.
func (h *logHead) killedWriting() bool {
	for i := 0; h.writing(); i++ {
		if i >= shortWait {
			return true
		}
		sys.Pause(i)
	}
	return false
}

// clearTorn puts NULs in the places of lines that were cut short in p, which is all of the log's file.
func (h *logHead) clearTorn(p []byte) {
	for i := range h.everNoted() {
		w := &h.writers[i]
		if n := w.n.Load(); n&^writerBegun != 0 {
			start, end := findTorn(p, w.text[:min(n, uint64(len(w.text)))], w.from)
			clear(p[start:end])
		}
		w.n.Store(0)
	}
}

// tornReach is how far behind writer.from a text is looked for, in bytes: others write there at the same time, or did
// and were killed.
const tornReach = 256 << 10

// findTorn returns where in p, from offset from on, a beginning of text is that was cut at the end of a page; start and
// end are the same if there is none. The same text, whole, may be there, too: a thread behind a filter has no clock.
func findTorn(p, text []byte, from uint64) (start, end int) {
	last := int(min(from+tornReach, uint64(len(p))))
	for s := int(min(from, uint64(len(p)))); s < last; s++ {
		if p[s] != text[0] || s%sys.PageSize != 0 && p[s-1] != '\n' && p[s-1] != 0 {
			continue // no text begins here; one can at the beginning of a page, behind what was cut
		}
		k := 0
		for k < len(text) && s+k < len(p) && p[s+k] == text[k] {
			k++
		}
		// What stands behind the cut may begin as what was cut off does.
		if e := (s + k) / sys.PageSize * sys.PageSize; k < len(text) && e > s && begins(p[e:], text, text[e-s:]) {
			return s, e
		}
	}
	return 0, 0
}

// begins says whether b, which is behind the end of a page, is rather the beginning of a text like text than what a text
// like it goes on with, as it does in rest. Behind the last page there is nothing.
func begins(b, text, rest []byte) bool {
	n := alike(b, text)
	return n == len(b) || n > alike(b, rest)
}

// alike returns for how many bytes b has figures (or spaces, as in the column of the numbers), letters and other characters
// where text has.
func alike(b, text []byte) (n int) {
	for n < len(b) && n < len(text) && kind(b[n]) == kind(text[n]) {
		n++
	}
	return n
}

// kind is the same for all figures and the space, and for all letters.
func kind(c byte) byte {
	switch {
	case c >= '0' && c <= '9', c == ' ':
		return '0'
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return 'a'
	}
	return c
}

var _ [sys.PageSize / 4]byte = [unsafe.Sizeof(writer{})]byte{} // none lies in two pages
