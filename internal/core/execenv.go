package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/systrap/line"
)

// envKind is what is done to the environment that a new image gets.
type envKind uint8

const (
	envFollow envKind = iota // our variables are added
	envByFd                  // likewise, with a descriptor in the library's place, and hidden
	envInject                // they are put elsewhere, and it is left as it is
	envStrip                 // they are taken out
	envLeave                 // they stay, if the program has passed them on
)

// envFor says what is done for target t, which x says how to follow.
func envFor(t target, x *execState) envKind {
	switch {
	case x.follow && x.way == byDescriptor:
		return envByFd
	case x.follow:
		return envFollow
	case t == targetStatic && x.way == byPath:
		return envLeave // what it starts can be followed
	}
	return envStrip
}

// LaterOptions, when set by a tool, is put behind the options that a program which is not
// followed finds in its environment: what it starts is a part of the same trace.
// See docs/decisions/unfollowed-programs.md.
var LaterOptions string

// buildEnv copies the environment at envp, changed as kind says. It
// returns memory to unmap and its size, or 0 when the program's own will do; and
// where in it the state has the letter of what has been told (state.go), or 0. lists says whether
// the environment has the loader list libraries.
func buildEnv(envp uint64, kind envKind, aside bool) (p, size uintptr, letter uint32, lists bool) {
	n, ok := countEnv(envp)
	if !ok || ownPathLen == 0 {
		return 0, 0, 0, false
	}
	size = uintptr(n+addedVars)*8 + envStrings
	p = sys.MmapAnon(size, unix.MAP_PRIVATE)
	if p == 0 {
		if p, size = takeSpareEnv(uintptr(n+addedVars) * 8); p == 0 {
			return 0, 0, 0, false
		}
	}
	b := envBuilder{kind: kind, aside: aside, vec: p, text: p + uintptr(n+addedVars)*8, end: p + size}
	list := mem.Words{At: envp}
	for i := 0; i < n; i++ {
		e, _ := list.Next()
		b.pass(e)
	}
	if b.follows() {
		b.finish()
	}
	return p, size, b.letter, b.lists
}

// spareEnv is for an environment where no memory is left to be mapped; who has it is
// spareEnvUsed.
var (
	spareEnv     [16 << 10]byte
	spareEnvUsed int32
)

// takeSpareEnv returns spareEnv and its size if nobody has it, and pointers bytes and some
// text fit.
func takeSpareEnv(pointers uintptr) (p, size uintptr) {
	const text = 4096
	if pointers+text > uintptr(len(spareEnv)) || !atomic.CompareAndSwapInt32(&spareEnvUsed, 0, 1) {
		return 0, 0
	}
	return spareEnvAddr(), uintptr(len(spareEnv))
}

func spareEnvAddr() uintptr { return uintptr(unsafe.Pointer(&spareEnv)) }

// freeEnv gives back what buildEnv returned.
func freeEnv(p, size uintptr) {
	if p == spareEnvAddr() {
		atomic.StoreInt32(&spareEnvUsed, 0)
		return
	}
	sys.Munmap(p, size)
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
	list := mem.Words{At: envp}
	for n := 0; n < maxEnv; n++ {
		v, ok := list.Next()
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
	kind           envKind
	vec, text, end uintptr
	n              int
	letter         uint32
	lists          bool
	preload        bool
	aside          bool // it goes through a program that is left aside, to one that begins a trace
	prefixed       bool // LD_PRELOAD was passed without our library
	passed         [numSettings]bool
}

func (b *envBuilder) follows() bool { return b.kind <= envInject }

func (b *envBuilder) add(p uintptr) {
	*(*uintptr)(sys.Ptr(b.vec + uintptr(b.n)*8)) = p
	b.n++
}

// pass takes one entry of the program's environment over.
func (b *envBuilder) pass(e uint64) {
	var head [32]byte
	n, _ := mem.ReadString(head[:], e)
	if n < 0 {
		b.add(uintptr(e)) // the kernel shall answer EFAULT
		return
	}
	h := head[:n]
	switch {
	case ctext.StartsWith(h, stateEq):
		return
	case ctext.StartsWith(h, listsEq):
		b.lists = true
	case ctext.StartsWith(h, preloadEq) && b.kind != envLeave:
		b.passPreload(e + uint64(len(preloadEq)))
		return
	}
	for i := range settings {
		if !ctext.StartsWith(h, settings[i].nameEq) {
			continue
		}
		switch {
		case b.kind == envByFd || b.kind == envStrip:
			return
		case b.kind == envLeave && i == settingOptions && LaterOptions != "":
			b.passOptions(e)
			return
		}
		b.passed[i] = true
	}
	b.add(uintptr(e))
}

// passOptions writes the variable with LaterOptions behind it, once.
func (b *envBuilder) passOptions(e uint64) {
	at := b.text
	room := unsafe.Slice((*byte)(sys.Ptr(at)), int(b.end-at-1))
	n, whole := mem.ReadString(room[:len(room)-len(LaterOptions)], e)
	if !whole || ctext.EndsWith(room[:n], LaterOptions) {
		b.add(uintptr(e))
		return
	}
	b.text += uintptr(n)
	b.str(LaterOptions)
	b.str("\x00")
	b.add(at)
}

// passPreload writes LD_PRELOAD with our library first, by its absolute path or its
// descriptor, or without it. The old value is read to where the new one is built: a vfork
// child's stack may be small. An address of 0 stands for no value.
func (b *envBuilder) passPreload(value uint64) {
	at := b.text
	b.str(preloadEq)
	if b.follows() {
		b.ownName()
	}
	some := b.follows()
	// The old value lies one byte ahead, so that a ":" fits before its first
	// entry; entries only move down from there.
	old := unsafe.Slice((*byte)(sys.Ptr(b.text+1)), int(b.end-b.text-2))
	n := 0
	if value != 0 {
		n, _ = mem.ReadString(old, value)
	}
	had, others := false, false
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
			some, others = true, true
		}
		i = j + 1
	}
	if b.kind == envByFd && value != 0 {
		had = !others && had // hidden as a whole then
		if had {
			b.text = at
			return
		}
	}
	b.str("\x00")
	if some {
		b.add(at)
	}
	b.preload = true
	b.prefixed = value != 0 && !had
}

// ownName writes what LD_PRELOAD calls our library by.
func (b *envBuilder) ownName() {
	if b.kind != envByFd {
		b.bytes(ownPath[:ownPathLen])
		return
	}
	var link [48]byte
	nameFd(link[:], ownfd.Get(ownfd.Lib))
	b.bytes(link[:ctext.CLen(&link[0])])
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
	var hide [8 + numSettings]byte
	hide[0] = toldDone
	h := 1
	if !b.preload {
		b.passPreload(0)
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
		b.bytes(unsafe.Slice(v, ctext.CLen(v)))
		b.str("\x00")
		b.add(at)
		hide[h] = settings[i].letter
		h++
	}
	if b.aside {
		hide[h] = beginsTrace
		h++
	}
	if b.kind == envByFd {
		hide[h] = 'S'
		h++
	}
	if tracelog.Faulty.Load() != 0 {
		hide[h] = 'W'
		h++
	}
	if !tracelog.StderrIsOurs() {
		hide[h] = 'E'
		h++
	}
	if sameIDs() {
		hide[h] = 'V'
		h++
	}
	at := b.text
	b.str(stateEq)
	var num [filterDigits]byte
	l := line.On(num[:])
	for i := range ownfd.HandedOn {
		if i == ownfd.Lib && ownfd.Get(i) < 0 {
			continue
		}
		if i > 0 {
			l.Byte(',')
		}
		l.Int(ownfd.Get(i))
	}
	b.bytes(l.Bytes())
	b.str(":")
	b.letter = uint32(b.text - b.vec)
	b.bytes(hide[:h])
	l = line.On(num[:])
	if !b.aside { // which may have more of them
		tellFilters(&l)
		b.bytes(l.Bytes())
	}
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
	copy(unsafe.Slice((*byte)(sys.Ptr(b.text)), len(s)), s)
	b.text += uintptr(len(s))
}
