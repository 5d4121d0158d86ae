package core

import (
	"unsafe"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
)

// The shared AddressSanitizer refuses to start where another library than its own comes first among those that ld.so
// has loaded, as a preloaded one does (asan_linux.cpp, AsanCheckDynamicRTPrereqs; dl_iterate_phdr(3)). It means libraries
// whose malloc would be found before its own; we have no symbols at all. It does not count the vDSO, which it
// knows by a name that begins with "linux-". So in a process that has it, that is how ours begins, in ld.so's list:
// dladdr(3), dl_iterate_phdr and a debugger's list of libraries show it.
// See docs/decisions/sanitizer-name.md.

// asanLoaded is set if the runtime is among the files that are mapped at the start.
var asanLoaded bool

// noteSanitizer looks whether a file's name is that of the runtime, gcc's or clang's.
func noteSanitizer(path []byte) {
	i := len(path)
	for i > 0 && path[i-1] != '/' {
		i--
	}
	if ctext.StartsWith(path[i:], "libasan.so") || ctext.StartsWith(path[i:], "libclang_rt.asan") {
		asanLoaded = true
	}
}

// linkMap is ld.so's struct link_map, as far as it is public (<link.h>).
type linkMap struct {
	addr uint64
	name *byte
	ld   uintptr
	next *linkMap
}

var vdsoLikeName = [...]byte{'l', 'i', 'n', 'u', 'x', '-', 's', 'y', 's', 't', 'r', 'a', 'p', '.', 's', 'o', 0}

// renameForASan gives our entry of ld.so's list a name that the runtime passes over.
func renameForASan() {
	if !asanLoaded {
		return
	}
	for m := linkMaps(); m != nil; m = m.next {
		if m.name != nil && isOwn(unsafe.Slice(m.name, ctext.CLen(m.name))) {
			m.name = &vdsoLikeName[0]
			return
		}
	}
}

// linkMaps returns the first entry of ld.so's list, found as debuggers find it: by the program's DT_DEBUG.
func linkMaps() *linkMap {
	const ptPhdr = 6
	phdr, size := auxv(atPhdr), auxv(atPhent)
	var base, dynamic uintptr
	for i := uintptr(0); i < auxv(atPhnum) && phdr != 0; i++ {
		p := phdr + i*size
		vaddr := *(*uintptr)(sys.Ptr(p + 16))
		switch *(*uint32)(sys.Ptr(p)) {
		case ptPhdr:
			base = phdr - vaddr
		case ptDynamic:
			dynamic = vaddr
		}
	}
	if dynamic == 0 {
		return nil
	}
	for d := base + dynamic; *(*uint64)(sys.Ptr(d)) != 0; d += 16 {
		if *(*uint64)(sys.Ptr(d)) != dtDebug {
			continue
		}
		if debug := *(*uintptr)(sys.Ptr(d + 8)); debug != 0 {
			return *(**linkMap)(sys.Ptr(debug + 8))
		}
	}
	return nil
}
