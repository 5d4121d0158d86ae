package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// pollMax bounds the arrays that poll(2) and select(2) are shown with.
const pollMax = 1 << 16

func (p *printer) pollfds(addr, n uint64) {
	var f unix.PollFd
	for i := uint64(0); p.each(unsafe.Pointer(&f), 8, addr, i, n); i++ {
		p.Str("{fd=")
		p.fd(f.Fd)
		if f.Fd >= 0 {
			p.field("events")
			p.flags(xPoll, uint64(uint16(f.Events)))
		}
		p.Byte('}')
	}
}

// pollResult prints the descriptors that are ready, and what is left of
// ppoll(2)'s time.
func (p *printer) pollResult() {
	a := &p.c.Args
	if p.c.Result == 0 {
		p.Str(" (Timeout)")
		return
	}
	start := p.Len()
	shown := p.pollReady(a[0], uint64(uint32(a[1])))
	if p.c.Sysno == unix.SYS_PPOLL && a[2] != 0 {
		if shown {
			p.comma()
		} else {
			p.Str(" (")
			shown = true
		}
		p.Str("left ")
		p.timespec(a[2])
	}
	if !shown {
		p.Truncate(start)
		return
	}
	p.Byte(')')
}

// pollReady prints " ([" and the ready ones of n descriptors; shown is false
// if there are none to look at.
func (p *printer) pollReady(addr, n uint64) (shown bool) {
	if addr == 0 {
		return false
	}
	count := uint64(0)
	for i := uint64(0); i < n && i < pollMax; i++ {
		var f unix.PollFd
		at := addr + 8*i
		ok := peek(unsafe.Pointer(&f), 8, at)
		if ok && f.Revents == 0 {
			continue
		}
		if shown {
			p.comma()
		} else {
			p.Str(" ([")
			shown = true
		}
		if !ok {
			p.Hex(at)
			break
		}
		if count >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		p.Str("{fd=")
		p.Int(int64(f.Fd))
		p.field("revents")
		p.flags(xPoll, uint64(uint16(f.Revents)))
		p.Byte('}')
		count++
	}
	if shown {
		p.Byte(']')
	}
	return shown
}

// fdset prints a set of descriptors below n (select(2)).
func (p *printer) fdset(addr uint64, n int32) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	if n < 0 {
		p.Hex(addr)
		return
	}
	start := p.Len()
	p.Byte('[')
	if _, ok := p.fdsetItems(addr, n, true); !ok {
		p.Truncate(start)
		p.Hex(addr)
		return
	}
	p.Byte(']')
}

// fdsetItems prints the members of a set, of an argument as -y has it.
func (p *printer) fdsetItems(addr uint64, n int32, arg bool) (count int, ok bool) {
	if n < 0 {
		n = 0
	}
	if n > pollMax {
		n = pollMax
	}
	for base := int32(0); base < n; base += 64 {
		var w uint64
		k := int(n-base+7) / 8
		if k > 8 {
			k = 8
		}
		if !peek(unsafe.Pointer(&w), k, addr+uint64(base)/8) {
			return count, false
		}
		for i := int32(0); i < 64 && base+i < n; i++ {
			if w>>uint(i)&1 == 0 {
				continue
			}
			if count > 0 {
				p.Byte(' ')
			}
			if arg {
				p.fd(base + i)
			} else {
				p.Int(int64(base + i))
			}
			count++
		}
	}
	return count, true
}

// selectResult prints the sets that select(2) left.
func (p *printer) selectResult() {
	a := &p.c.Args
	if p.c.Result == 0 {
		p.Str(" (Timeout)")
		return
	}
	sep := false
	p.Str(" (")
	for i := 1; i <= 3; i++ {
		if a[i] == 0 {
			continue
		}
		start := p.Len()
		if sep {
			p.comma()
		}
		switch i {
		case 1:
			p.Str("in [")
		case 2:
			p.Str("out [")
		case 3:
			p.Str("except [")
		}
		if n, ok := p.fdsetItems(a[i], int32(a[0]), false); !ok || n == 0 {
			p.Truncate(start)
			continue
		}
		p.Byte(']')
		sep = true
	}
	if a[4] != 0 {
		if sep {
			p.comma()
		}
		p.Str("left ")
		if p.c.Sysno == unix.SYS_PSELECT6 {
			p.timespec(a[4])
		} else {
			p.timeval(a[4])
		}
	}
	p.Byte(')')
}

// pselectMask prints the last argument of pselect6(2): a signal set and its
// size.
func (p *printer) pselectMask(addr uint64) {
	var v [2]uint64
	if !p.fetch(unsafe.Pointer(&v), 16, addr) {
		return
	}
	p.Str("{sigmask=")
	p.sigset(v[0], v[1])
	p.fieldUint("sigsetsize", v[1])
	p.Byte('}')
}
