package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// pollMax bounds the arrays that poll(2) and select(2) are shown with.
const pollMax = 1 << 16

func pollfds(p *text.Printer, addr, n uint64) {
	var f unix.PollFd
	for i := uint64(0); p.Each(unsafe.Pointer(&f), 8, addr, i, n); i++ {
		p.Str("{fd=")
		p.Fd(f.Fd)
		if f.Fd >= 0 {
			p.Field("events")
			p.Flags(names.Poll, uint64(uint16(f.Events)))
		}
		p.Byte('}')
	}
}

// pollResult prints the descriptors that are ready, and what is left of
// ppoll(2)'s time.
func pollResult(p *text.Printer) {
	a := &p.C.Args
	if p.C.Result == 0 {
		p.Str(" (Timeout)")
		return
	}
	start := p.Len()
	shown := pollReady(p, a[0], uint64(uint32(a[1])))
	if p.C.Sysno == unix.SYS_PPOLL && a[2] != 0 {
		if shown {
			p.Comma()
		} else {
			p.Str(" (")
			shown = true
		}
		p.Str("left ")
		p.Timespec(a[2])
	}
	if !shown {
		p.Truncate(start)
		return
	}
	p.Byte(')')
}

// pollReady prints " ([" and the ready ones of n descriptors; shown is false
// if there are none to look at.
func pollReady(p *text.Printer, addr, n uint64) (shown bool) {
	if addr == 0 {
		return false
	}
	count := uint64(0)
	for i := uint64(0); i < n && i < pollMax; i++ {
		var f unix.PollFd
		at := addr + 8*i
		ok := text.Peek(unsafe.Pointer(&f), 8, at)
		if ok && f.Revents == 0 {
			continue
		}
		if shown {
			p.Comma()
		} else {
			p.Str(" ([")
			shown = true
		}
		if !ok {
			p.Hex(at)
			break
		}
		if count >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		p.Str("{fd=")
		p.Int(int64(f.Fd))
		p.Field("revents")
		p.Flags(names.Poll, uint64(uint16(f.Revents)))
		p.Byte('}')
		count++
	}
	if shown {
		p.Byte(']')
	}
	return shown
}

// fdset prints a set of descriptors below n (select(2)).
func fdset(p *text.Printer, addr uint64, n int32) {
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
	if _, ok := fdsetItems(p, addr, n, true); !ok {
		p.Truncate(start)
		p.Hex(addr)
		return
	}
	p.Byte(']')
}

// fdsetItems prints the members of a set, of an argument as -y has it.
func fdsetItems(p *text.Printer, addr uint64, n int32, arg bool) (count int, ok bool) {
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
		if !text.Peek(unsafe.Pointer(&w), k, addr+uint64(base)/8) {
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
				p.Fd(base + i)
			} else {
				p.Int(int64(base + i))
			}
			count++
		}
	}
	return count, true
}

// selectResult prints the sets that select(2) left.
func selectResult(p *text.Printer) {
	a := &p.C.Args
	if p.C.Result == 0 {
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
			p.Comma()
		}
		switch i {
		case 1:
			p.Str("in [")
		case 2:
			p.Str("out [")
		case 3:
			p.Str("except [")
		}
		if n, ok := fdsetItems(p, a[i], int32(a[0]), false); !ok || n == 0 {
			p.Truncate(start)
			continue
		}
		p.Byte(']')
		sep = true
	}
	if a[4] != 0 {
		if sep {
			p.Comma()
		}
		p.Str("left ")
		if p.C.Sysno == unix.SYS_PSELECT6 {
			p.Timespec(a[4])
		} else {
			p.Timeval(a[4])
		}
	}
	p.Byte(')')
}

// pselectMask prints the last argument of pselect6(2): a signal set and its
// size.
func pselectMask(p *text.Printer, addr uint64) {
	var v [2]uint64
	if !p.Fetch(unsafe.Pointer(&v), 16, addr) {
		return
	}
	p.Str("{sigmask=")
	sigset(p, v[0], v[1])
	p.FieldUint("sigsetsize", v[1])
	p.Byte('}')
}
