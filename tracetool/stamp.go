package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// now reads a clock.
func now(clock int, t *unix.Timespec) {
	systrap.Syscall(unix.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(t)), 0, 0, 0, 0)
}

// stamp prints the time as -t, -tt, -ttt or -r want it.
func (p *printer) stamp() {
	var t unix.Timespec
	if opt.stamp == 4 {
		now(unix.CLOCK_MONOTONIC, &t)
		was := opt.last
		opt.last = t
		if was.Sec == 0 {
			was = t
		}
		p.interval(&was, &t, true)
		p.Byte(' ')
		return
	}
	now(unix.CLOCK_REALTIME, &t)
	if opt.stamp >= 3 {
		p.Int(t.Sec)
	} else {
		s := (t.Sec + opt.zone) % 86400
		p.clockTime(s)
	}
	if opt.stamp >= 2 {
		p.Byte('.')
		p.UintPad(uint64(t.Nsec/1000), 6)
	}
	p.Byte(' ')
}

// interval prints the time from a to b in seconds.
func (p *printer) interval(a, b *unix.Timespec, pad bool) {
	us := (b.Sec-a.Sec)*1000000 + (b.Nsec-a.Nsec)/1000
	if us < 0 {
		us = 0
	}
	if pad {
		for w := us / 1000000; w < 100000; w = w*10 + 9 {
			p.Byte(' ')
			if w == 0 {
				w = 1
			}
		}
	}
	p.Int(us / 1000000)
	p.Byte('.')
	p.UintPad(uint64(us%1000000), 6)
}

// duration prints the time that a call took, as -T wants it.
func (p *printer) duration(start *unix.Timespec) {
	var t unix.Timespec
	now(unix.CLOCK_MONOTONIC, &t)
	p.Str(" <")
	p.interval(start, &t, false)
	p.Byte('>')
}

func peekU32(v *uint32, addr uint64) bool { return peek(unsafe.Pointer(v), 4, addr) }
