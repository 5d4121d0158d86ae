package main

import (
	"libsystrap/footprint"
	"libsystrap/systrap"
)

// named are the ranges that the call may have changed. They are used by one thread at a time.
var named [2048]struct{ from, to uint64 }

var namedCount int

// later are the ranges that earlier calls gave the kernel to write when it likes, until their memory goes.
var later [512]struct{ from, to uint64 }

var laterCount int

// remember collects both.
func remember(c *systrap.Call) {
	namedCount = 0
	for it := footprint.After(c, saved); it.Next(); {
		r := &it.Range
		if r.Pid != 0 && (r.Has(footprint.ByPidfd) || int(r.Pid) != systrap.Pid()) || r.Has(footprint.InChild) {
			continue
		}
		switch r.Dir {
		case footprint.WritesLater:
			keep(r)
		case footprint.Writes, footprint.Maps:
			if r.Has(footprint.Keeps) {
				continue
			}
			to := r.End()
			if r.Has(footprint.AtLeast) {
				to = ^uint64(0)
			}
			if namedCount < len(named) {
				named[namedCount].from, named[namedCount].to = r.Addr, to
				namedCount++
			}
		}
	}
}

// keep puts r among those written later, but for one that is there.
func keep(r *footprint.Range) { keepRange(r.Addr, r.Len) }

func keepRange(addr, n uint64) {
	for i := range laterCount {
		if later[i].from <= addr && later[i].to >= addr+n {
			return
		}
	}
	if laterCount < len(later) {
		later[laterCount].from, later[laterCount].to = addr, addr+n
		laterCount++
	}
}

// isNamed says whether the byte at addr was named, and up to where.
func isNamed(addr uint64) (to uint64, ok bool) {
	for i := range namedCount {
		if n := &named[i]; n.from <= addr && addr < n.to {
			return n.to, true
		}
	}
	for i := range laterCount {
		if n := &later[i]; n.from <= addr && addr < n.to {
			return n.to, true
		}
	}
	return 0, false
}
