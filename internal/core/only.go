package core

import (
	"unsafe"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
)

// SYSTRAP_ONLY=NAME,NAME: a program of another name is left aside. Nothing is installed there, patched or told; but its
// environment keeps our variables, and it the descriptors that they name, so that a program of that name which it starts, or
// one further down, begins its own part of the trace.
// See docs/decisions/programs-by-name.md.

// onlyNames is the list, or nil.
func onlyNames() *byte {
	v := variable(settings[settingOnly].nameEq)
	if v == nil || *v == 0 {
		return nil
	}
	return v
}

// leftAside says whether this image is to be left aside: by the base names of argv[0] and of what was executed. Where the image
// before, or an injector, has decided that it is traced, it is.
func leftAside(argv uintptr) bool {
	names := onlyNames()
	if names == nil || injection() != nil {
		return false
	}
	if s := getenv(stateEq); s != nil && !isBeginning(s) {
		return false
	}
	for _, p := range [...]*byte{*(**byte)(sys.Ptr(argv)), (*byte)(sys.Ptr(auxv(atExecfn)))} {
		if p != nil && listed(names, baseOf(unsafe.Slice(p, ctext.CLen(p)))) {
			return false
		}
	}
	return true
}

// isBeginning says whether a state is of one that begins a trace (N).
func isBeginning(state *byte) bool {
	p := ctext.FieldsOf(unsafe.Slice(state, ctext.CLen(state)))
	for p.At(0) != 0 && p.At(0) != ':' {
		p.Skip(1)
	}
	for ; p.At(0) != 0; p.Skip(1) { // the digits of a filter are small letters
		if p.At(0) == beginsTrace {
			return true
		}
	}
	return false
}

// leavesAside says whether the program that e executes is to be left aside. What cannot be read is not: the call fails.
func leavesAside(e *execCall) bool {
	v := settings[settingOnly].value
	if v == nil || *v == 0 {
		return false
	}
	var name [nameMax + 1]byte
	if n := baseAt(name[:], e.path); n < 0 || listed(v, name[:n]) {
		return false
	}
	arg0, ok := mem.ReadUint64(e.argv)
	if !ok || arg0 == 0 {
		return ok
	}
	n := baseAt(name[:], arg0)
	return n >= 0 && !listed(v, name[:n])
}

// nameMax is the longest name of a file in bytes (NAME_MAX, limits.h).
const nameMax = 255

// baseAt copies the last component of the path at addr to name and returns its length; -1 if it cannot be read. One that is
// too long for name is none.
func baseAt(name []byte, addr uint64) int {
	var chunk [64]byte
	n := 0
	for {
		k, whole := mem.ReadString(chunk[:], addr)
		if k < 0 {
			return -1
		}
		for _, b := range chunk[:k] {
			switch {
			case b == '/':
				n = 0
			case n < len(name):
				name[n] = b
				n++
			}
		}
		if whole || k == 0 {
			return n
		}
		addr += uint64(k)
	}
}

// baseOf returns the last component of a path.
func baseOf(path []byte) []byte {
	i := len(path)
	for i > 0 && path[i-1] != '/' {
		i--
	}
	return path[i:]
}

// listed says whether name is one of names, which stand between commas.
func listed(names *byte, name []byte) bool {
	list := unsafe.Slice(names, ctext.CLen(names))
	for i := 0; i <= len(list); {
		j := i
		for j < len(list) && list[j] != ',' {
			j++
		}
		if len(name) > 0 && j-i == len(name) && string(list[i:j]) == string(name) {
			return true
		}
		i = j + 1
	}
	return false
}

// asideWay finds how our variables get to what a program that is left aside executes: in its environment, and with the library's
// path.
func (x *execState) asideWay(t target) target {
	x.way = notAtAll
	switch t {
	case targetFollow, targetStatic:
		if ownPathLen != 0 && !strayed && loads(&ownPath[0]) && memoryFor() {
			x.way = byPath
			return targetFollow
		}
		return targetNoLibrary
	}
	return t
}

// closedAside says whether the trace's stream may have been closed by a program that was left aside; it has closed the others
// with it then, whose numbers may be taken soon.
func closedAside() bool {
	if settings[settingOnly].value == nil {
		return false
	}
	ownfd.SharedFd, ownfd.AliveFd, ownfd.LogMapFd, ownfd.LibFd = -1, -1, -1, -1
	return true
}
