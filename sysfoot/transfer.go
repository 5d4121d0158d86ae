package sysfoot

import (
	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
)

// transferred says how much of what a call reads counts in the sums. The ranges are those of a call that goes on to its
// end; a write(2) may have taken less, and where it found a bad pointer nobody knows.
type transferred struct {
	none    bool   // nothing that is read counts
	data    bool   // of the data as much as rest
	rest    uint64 // bytes
	vectors bool   // the data are what iov_base points to, otherwise argument 1
}

func transferOf(c *systrap.Call, returned bool) (t transferred) {
	if !returned {
		return t
	}
	t.none = c.Errno() == int(unix.EFAULT)
	switch c.Sysno {
	case unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_SENDTO:
		t.data = true
	case unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_SENDMSG:
		t.data, t.vectors = true, true
	}
	t.rest = uint64(max(c.Result, 0))
	return t
}

// of returns how many bytes of r count.
func (t *transferred) of(r *footprint.Range) uint64 {
	if r.Pid != 0 || r.Flags&(footprint.InChild|footprint.AtLeast) != 0 {
		return 0 // another's memory
	}
	switch {
	case r.Dir == footprint.Writes && r.Has(footprint.Bound):
		return 0
	case r.Dir != footprint.Reads:
		return r.Len
	case t.none:
		return 0
	case !t.data || !t.isData(r):
		return r.Len
	}
	n := min(r.Len, t.rest)
	t.rest -= n
	return n
}

func (t *transferred) isData(r *footprint.Range) bool {
	const base = "iov_base"
	if !t.vectors {
		return r.Arg == 1
	}
	// An array of vectors is the argument itself, whose elements have no name: "[0].iov_base".
	return len(r.Field) >= len(base) && r.Field[len(r.Field)-len(base):] == base
}
