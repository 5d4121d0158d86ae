// Bounds says which calls let the kernel write behind the end of memory: a buffer that is shorter than its length says. The
// kernel does not say so itself as long as the data fit: read(2) with 4096 for a buffer that ends at a guard page
// returns less, or EFAULT on another day.
//
//	systrap build -o bounds.so ./examples/bounds
//	LD_PRELOAD=./bounds.so program
//	SYSTRAP_OPTIONS=stop LD_PRELOAD=./bounds.so program
//
// Where memory ends is where a page cannot be read: behind the heap, at the guard pages of stacks and of allocators that
// put one behind each block (libefence, libgmalloc, mmap(2) with PROT_NONE behind).
package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

func main() {
	// With Signal set, systrap.Read makes no call of its own.
	systrap.Run(systrap.Tool{Name: "bounds", Init: start, Enter: enter, Signal: func(*systrap.Signal) {}})
}

// stop says that such a call fails with EFAULT instead of being made.
var stop bool

func start(p *systrap.Process) bool {
	stop = p.Options == "stop"
	if p.Options != "" && !stop {
		systrap.Warn("the only option is: stop")
		return false
	}
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	for it := footprint.Before(c); it.Next(); {
		r := &it.Range
		if r.Dir != footprint.Writes || r.Pid != 0 || r.Has(footprint.InChild) {
			continue
		}
		// What begins nowhere is no short buffer, but a bad pointer, which the kernel reports itself.
		if n := there(r); n != 0 && n < r.Len {
			report(c, r, n)
			if stop {
				c.Result = -int64(unix.EFAULT)
				return systrap.Replace
			}
		}
	}
	return systrap.Pass
}

// most is how many pages are looked at; of what is longer the last one is, besides.
const (
	page = 4096
	most = 1024
)

// there returns how many bytes of a range are in memory, from its beginning on.
func there(r *footprint.Range) uint64 {
	var b [1]byte
	at := r.Addr
	for range most {
		if systrap.Read(b[:], at) == 0 {
			return at - r.Addr
		}
		if at = at&^(page-1) + page; at >= r.End() {
			return r.Len
		}
	}
	if systrap.Read(b[:], r.End()-1) == 0 {
		return at - r.Addr
	}
	return r.Len
}

func report(c *systrap.Call, r *footprint.Range, n uint64) {
	var buf [256]byte
	l := systrap.LineOn(buf[:])
	l.Str(abi.Name(c.Sysno))
	l.Str(" may write ")
	l.Uint(r.Len)
	l.Str(" bytes at ")
	l.Hex(r.Addr)
	l.Str(", where there are ")
	l.Uint(n)
	if r.Has(footprint.MayChange) {
		l.Str(" (it may change)")
	}
	systrap.Complain(&l)
}
