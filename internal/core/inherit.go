package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/proc"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// A filter stays across execve. What an image knows of its own it hands to the next one,
// in SYSTRAP_STATE; an image that is told nothing looks whether there is one, and tries
// out in a child what it forbids (tryout.go).
// See docs/decisions/filters-handed-on.md.

// Letters of the state.
const (
	filtersKnown = 'F'
	filtersNone  = 'U'
)

// filterDigits is the length in bytes of what the state says of filters.
const filterDigits = 1 + 16*seccomp.SummaryWords

// filtersTold is set if the image before knew that there is no filter.
var filtersTold bool

// tellFilters writes what the next image is to know.
func tellFilters(l *line.Line) {
	if !seccomp.On {
		l.Byte(filtersNone)
		return
	}
	var s [seccomp.SummaryWords]uint64
	seccomp.Summary(&s)
	l.Byte(filtersKnown)
	for _, w := range s {
		l.HexDigits(w, 16)
	}
}

// takeFilters reads what tellFilters wrote, from its letter on, and leaves p at the last
// digit.
func takeFilters(p *ctext.Fields) {
	var s [seccomp.SummaryWords]uint64
	for i := range s {
		for range 16 {
			p.Skip(1)
			s[i] = s[i]<<4 | uint64(ctext.HexDigit(p.At(0)))
		}
	}
	seccomp.Inherit(&s)
	filtersTold = true
}

// findFilters is called before anything else asks the kernel for something that ld.so
// has not: it learns whether there is a filter.
func findFilters() {
	if !filtersTold {
		var s [seccomp.SummaryWords]uint64
		proc.AtStart, proc.AtStartRead = proc.ReadStatus(proc.Maps.Buf[:]), true
		if proc.AtStart.Seccomp != unix.SECCOMP_MODE_FILTER {
			return // -1: without /proc nothing is traced anyway
		}
		presume(&s)
		if proc.AtStart.NoNewPrivs == 0 {
			tryFilters(&s) // a container's, or a service's
		} else {
			tryLater = true
			planCalls()
		}
		seccomp.Inherit(&s)
	}
	if seccomp.On {
		proc.KnownAlone = true
		sandboxed()
	}
}
