package core

import (
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
)

// An image that has just been executed, and that a helper has put us into (helper.go), has no mappings but the program's, its loader's and
// ours. Where nothing of it is searched at the start (deferred.go), /proc/self/maps would tell nothing that is needed before a
// call is patched, and to read it takes a twentieth of what such a start takes.

// isFreshImage says whether that is so, and that /proc/self/maps can be read later.
func isFreshImage() bool {
	b := injection()
	return b != nil && b.Helper != 0 && !attached() && unsearched && !strayed && ownPathLen != 0 && prepared() == nil && asLinked() && proc.Maps.There()
}

// asLinked says whether the program and its loader have their program headers where linkers put them: what systrap rewrite has changed has not,
// and may have a library of ours (keepRewrittenOut).
func asLinked() bool {
	if auxv(atPhdr)%sys.PageSize != ehdrSize {
		return false
	}
	loader := auxv(atBase)
	return loader == 0 || *(*uint64)(sys.Ptr(loader + elfPhoff)) == ehdrSize
}
