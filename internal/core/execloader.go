package core

import (
	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
)

// The loader can be asked for a program's libraries instead of running it (ldd(1)): by a
// variable, or by an option where it is the command. It would list ours, and runs none.

const listsEq = "LD_TRACE_LOADED_OBJECTS="

// asksLoader says whether the arguments of a loader (ld.so(8), "OPTIONS") have it run no
// program.
func (e *execCall) asksLoader() bool {
	var word [32]byte
	for i := uint64(0); ; i++ {
		v, ok := mem.ReadUint64(e.argv + i*8)
		if !ok || v == 0 {
			return true
		}
		n, _ := mem.ReadString(word[:], v)
		w := word[:max(n, 0)]
		switch {
		case i == 0:
			if ctext.EndsWith(w, "ldd") { // musl's
				return true
			}
		case !ctext.StartsWith(w, "--"):
			return false
		case len(w) == 2:
			_, more := mem.ReadUint64(e.argv + (i+1)*8)
			return !more
		case ctext.StartsWith(w, "--list"), ctext.StartsWith(w, "--verify"), ctext.StartsWith(w, "--help"), ctext.StartsWith(w, "--version"):
			return true
		case hasValue(w):
			i++
		}
	}
}

// hasValue says whether the word behind a loader's option is its argument.
func hasValue(w []byte) bool {
	for i := range loaderValues {
		if o := loaderValues[i]; len(w) == len(o) && ctext.StartsWith(w, o) {
			return true
		}
	}
	return false
}

var loaderValues = [...]string{"--library-path", "--inhibit-rpath", "--audit", "--preload", "--argv0", "--glibc-hwcaps-prepend", "--glibc-hwcaps-mask"}
