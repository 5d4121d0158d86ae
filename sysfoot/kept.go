package sysfoot

import (
	"unsafe"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/tracetool"
)

// maxKept is how many ranges that a call reads are kept until its line is written; what is beyond is counted.
const maxKept = 256

// reads is what a call reads, from Enter to its line. It lies beside the record of the line, whose number it has.
type reads struct {
	saved footprint.Saved
	was   place // the mapping that the call takes away
	n     int32
	// counted is how many ranges of a line that had to be written again are in the sums already.
	counted uint32
	// more and moreBytes are what maxKept had no room for.
	more      uint32
	moreBytes uint64
	ranges    [maxKept]footprint.Range
}

// kept is the process's own, and wiped in a forked child; nil if there is no memory for it.
var kept *[tracetool.Slots]reads

func makeKept() {
	a := systrap.MapPrivate(unsafe.Sizeof(*kept))
	kept = *(**[tracetool.Slots]reads)(unsafe.Pointer(&a))
}

// keepReads notes what the call is about to read.
//
//go:noinline
func keepReads(c *systrap.Call, k int, was place) {
	if kept == nil {
		return
	}
	r := &kept[k]
	r.saved, r.was = footprint.Save(c), was
	r.n, r.counted, r.more, r.moreBytes = 0, 0, 0, 0
	for it := footprint.Before(c); it.Next(); {
		switch {
		case it.Range.Dir != footprint.Reads:
		case r.n < maxKept:
			r.ranges[r.n] = it.Range
			r.n++
		default:
			r.more++
			r.moreBytes += it.Range.Len
		}
	}
}
