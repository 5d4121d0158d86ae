package core

import (
	"unsafe"

	"libsystrap/internal/inject"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
)

// An image that has just been executed, and that a helper has put us into (helper.go), has no mappings but the program's, its loader's and
// ours. Where nothing of it is searched at the start (deferred.go), /proc/self/maps would tell nothing that is needed before a
// call is patched, and to read it takes a twentieth of what such a start takes.

// takeFreshImage says whether that is so, and that /proc/self/maps can be read later. Then ownText is known.
func takeFreshImage() bool {
	b := injection()
	if b == nil || b.Helper == 0 || attached() || !unsearched || strayed || ownPathLen == 0 || prepared() != nil || !asLinked() || !proc.Maps.There() {
		return false
	}
	const ptLoad = 1
	base := uintptr(unsafe.Pointer(b)) - inject.BlockAt
	for at := base + ehdrSize; ; at += phdrSize {
		// The first segment is our text (inject.Library.Read).
		if ph := (*programHeader)(sys.Ptr(at)); ph.kind == ptLoad {
			ownText = textRange{uint64(base), sys.PageCeil(ph.memsz)}
			return true
		}
	}
}

// asLinked says whether the program and its loader have their program headers where linkers put them: what systrap rewrite has changed has not,
// and may have a library of ours (keepRewrittenOut).
func asLinked() bool {
	const atPhdr, atBase = 3, 7
	if auxv(atPhdr)%sys.PageSize != ehdrSize {
		return false
	}
	loader := auxv(atBase)
	return loader == 0 || *(*uint64)(sys.Ptr(loader + elfPhoff)) == ehdrSize
}
