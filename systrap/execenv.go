package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// buildEnv copies the environment at envp with our variables added, or, when
// the target is not followed, with our library taken out of LD_PRELOAD. It
// returns memory to unmap and its size, or 0 when the program's own will do.
func buildEnv(envp uint64, follow bool) (uintptr, uintptr) {
	n, ok := countEnv(envp)
	if !ok || ownPathLen == 0 {
		return 0, 0
	}
	size := uintptr(n+addedVars)*8 + envStrings
	p := mmapAnon(size, unix.MAP_PRIVATE)
	if p == 0 {
		return 0, 0
	}
	b := envBuilder{vec: p, text: p + uintptr(n+addedVars)*8, end: p + size}
	for i := 0; i < n; i++ {
		e, _ := ReadUint64(envp + uint64(i)*8)
		b.pass(e, follow)
	}
	if follow {
		b.finish()
	}
	return p, size
}

// addedVars is how many entries we may add: LD_PRELOAD, the settings, the state
// and the terminating zero.
const addedVars = numSettings + 3

// envStrings is room in bytes for the strings of the variables we add or
// change.
const envStrings = 16384

// maxEnv bounds the variables we look through; the kernel's own bound on
// arguments and environment, 6 MiB of pointers and text (execve(2)), is less.
const maxEnv = 1 << 20

// countEnv returns the number of entries at envp; false if it cannot be read.
func countEnv(envp uint64) (int, bool) {
	if envp == 0 {
		return 0, true // Linux takes NULL for an empty list
	}
	for n := 0; n < maxEnv; n++ {
		v, ok := ReadUint64(envp + uint64(n)*8)
		if !ok {
			return 0, false
		}
		if v == 0 {
			return n, true
		}
	}
	return 0, false
}

// envBuilder writes an environment block: pointers at vec, new strings at text.
type envBuilder struct {
	vec, text, end uintptr
	n              int
	preload        bool
	prefixed       bool // LD_PRELOAD was passed without our library
	passed         [numSettings]bool
}

func (b *envBuilder) add(p uintptr) {
	*(*uintptr)(ptr(b.vec + uintptr(b.n)*8)) = p
	b.n++
}

// pass takes one entry of the program's environment over.
func (b *envBuilder) pass(e uint64, follow bool) {
	var head [32]byte
	n, _ := ReadString(head[:], e)
	if n < 0 {
		b.add(uintptr(e)) // the kernel shall answer EFAULT
		return
	}
	h := head[:n]
	switch {
	case startsWith(h, stateEq):
		return
	case startsWith(h, preloadEq):
		b.preload = true
		b.passPreload(e+uint64(len(preloadEq)), follow)
		return
	}
	for i := range settings {
		if startsWith(h, settings[i].nameEq) {
			b.passed[i] = true
		}
	}
	b.add(uintptr(e))
}

// passPreload writes LD_PRELOAD with our library first, by its absolute path,
// or without it. The old value is read to where the new one is built: a vfork
// child's stack may be small.
func (b *envBuilder) passPreload(value uint64, follow bool) {
	at := b.text
	b.str(preloadEq)
	some := follow
	if follow {
		b.bytes(ownPath[:ownPathLen])
	}
	// The old value lies one byte ahead, so that a ":" fits before its first
	// entry; entries only move down from there.
	old := unsafe.Slice((*byte)(ptr(b.text+1)), int(b.end-b.text-2))
	n := 0
	had := false
	if value != 0 {
		n, _ = ReadString(old, value)
	}
	for i := 0; i < n; {
		j := i
		for j < n && old[j] != ':' && old[j] != ' ' {
			j++
		}
		if entry := old[i:j]; isOwn(entry) {
			had = true
		} else if j > i {
			if some {
				b.str(":")
			}
			b.bytes(entry)
			some = true
		}
		i = j + 1
	}
	b.str("\x00")
	if some {
		b.add(at)
	}
	b.prefixed = value != 0 && !had
}

// isOwn says whether path names our library: the same last component.
func isOwn(path []byte) bool {
	i, j := len(path), ownPathLen
	for i > 0 && j > 0 {
		i--
		j--
		if path[i] != ownPath[j] {
			return false
		}
		if path[i] == '/' {
			return true
		}
	}
	return i == 0 && (j == 0 || ownPath[j-1] == '/')
}

// finish adds what the program did not pass on, and the state that tells the
// new image to hide it.
func (b *envBuilder) finish() {
	var hide [3 + numSettings]byte
	h := 0
	if !b.preload {
		b.passPreload(0, true)
		hide[h] = 'L'
		h++
	} else if b.prefixed {
		hide[h] = 'P'
		h++
	}
	for i := range settings {
		v := settings[i].value
		if b.passed[i] || v == nil {
			continue
		}
		at := b.text
		b.str(settings[i].nameEq)
		b.bytes(unsafe.Slice(v, cLen(v)))
		b.str("\x00")
		b.add(at)
		hide[h] = settings[i].letter
		h++
	}
	if logFaulty.Load() != 0 {
		hide[h] = 'W'
		h++
	}
	if !stderrIsOurs() {
		hide[h] = 'E'
		h++
	}
	at := b.text
	b.str(stateEq)
	var num [filterDigits]byte
	l := LineOn(num[:])
	for i := range numHandedOn {
		if i > 0 {
			l.Byte(',')
		}
		l.Int(ownFd(i))
	}
	b.bytes(l.Bytes())
	b.str(":")
	b.bytes(hide[:h])
	l = LineOn(num[:])
	tellFilters(&l)
	b.bytes(l.Bytes())
	b.str("\x00")
	b.add(at)
}

// str and bytes append to the text; what does not fit is cut, which leaves the
// block well formed.
func (b *envBuilder) str(s string) { b.bytes(unsafe.Slice(unsafe.StringData(s), len(s))) }

func (b *envBuilder) bytes(s []byte) {
	room := int(b.end - b.text - 1)
	if len(s) > room {
		s = s[:room]
	}
	copy(unsafe.Slice((*byte)(ptr(b.text)), len(s)), s)
	b.text += uintptr(len(s))
}

// startsWith says whether b begins with s.
func startsWith(b []byte, s string) bool {
	if len(b) < len(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if b[i] != s[i] {
			return false
		}
	}
	return true
}
