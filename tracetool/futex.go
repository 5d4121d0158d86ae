package tracetool

import "unsafe"

// futex prints the arguments of futex(2) from the operation on.
func (p *printer) futex() step {
	const private, realtime = 128, 256
	a := &p.c.Args
	op := uint32(a[1])
	cmd := op &^ (private | realtime)
	val := uint64(uint32(a[2]))
	val2 := uint64(uint32(a[3]))
	val3 := uint32(a[5])
	base := name(xFutexOp, uint64(cmd))
	if op&realtime != 0 && cmd != 0 && cmd != 9 && cmd != 11 {
		base = "" // the flag is for FUTEX_WAIT, _WAIT_BITSET and _WAIT_REQUEUE_PI (futex(2))
	}
	if base == "" {
		p.val(xFutexOp, uint64(op))
	} else {
		p.Str(base)
		if op&private != 0 {
			p.Str("_PRIVATE")
		}
		if op&realtime != 0 {
			p.Str("|FUTEX_CLOCK_REALTIME")
		}
	}
	switch cmd {
	case 0: // FUTEX_WAIT
		p.comma()
		p.Uint(val)
		p.comma()
		p.timespec(a[3])
	case 1, 2: // FUTEX_WAKE, FUTEX_FD
		p.comma()
		p.Uint(val)
	case 3: // FUTEX_REQUEUE
		p.comma()
		p.Uint(val)
		p.comma()
		p.Uint(val2)
		p.comma()
		p.ptr(a[4])
	case 4, 12: // FUTEX_CMP_REQUEUE, FUTEX_CMP_REQUEUE_PI
		p.comma()
		p.Uint(val)
		p.comma()
		p.Uint(val2)
		p.comma()
		p.ptr(a[4])
		p.comma()
		p.Uint(uint64(val3))
	case 5: // FUTEX_WAKE_OP
		p.comma()
		p.Uint(val)
		p.comma()
		p.Uint(val2)
		p.comma()
		p.ptr(a[4])
		p.comma()
		p.wakeOp(val3)
	case 6, 13: // FUTEX_LOCK_PI, FUTEX_LOCK_PI2
		p.comma()
		p.timespec(a[3])
	case 7, 8: // FUTEX_UNLOCK_PI, FUTEX_TRYLOCK_PI
	case 9: // FUTEX_WAIT_BITSET
		p.comma()
		p.Uint(val)
		p.comma()
		p.timespec(a[3])
		p.comma()
		p.bitset(val3)
	case 10: // FUTEX_WAKE_BITSET
		p.comma()
		p.Uint(val)
		p.comma()
		p.bitset(val3)
	case 11: // FUTEX_WAIT_REQUEUE_PI
		p.comma()
		p.Uint(val)
		p.comma()
		p.timespec(a[3])
		p.comma()
		p.ptr(a[4])
	default:
		p.comma()
		p.Uint(val)
		p.comma()
		p.ptr(a[3])
		p.comma()
		p.ptr(a[4])
		p.comma()
		p.hex(uint64(val3))
	}
	return last
}

func (p *printer) bitset(v uint32) {
	if v == 0xffffffff {
		p.Str("FUTEX_BITSET_MATCH_ANY")
		return
	}
	p.hex(uint64(v))
}

// wakeOp prints the operation of FUTEX_WAKE_OP (futex(2)).
func (p *printer) wakeOp(v uint32) {
	if v>>31 != 0 {
		p.Str("FUTEX_OP_OPARG_SHIFT<<28|")
	}
	p.val(xFutexWake, uint64(v>>28&7))
	p.Str("<<28|")
	p.hex(uint64(v >> 12 & 0xfff))
	p.Str("<<12|")
	p.val(xFutexCmp, uint64(v>>24&0xf))
	p.Str("<<24|")
	p.hex(uint64(v & 0xfff))
}

// futexWaitv prints n struct futex_waitv.
func (p *printer) futexWaitv(addr, n uint64) {
	if addr == 0 || n == 0 {
		p.ptr(addr)
		return
	}
	var first uint64
	if !peek(unsafe.Pointer(&first), 8, addr) {
		p.Hex(addr)
		return
	}
	p.Byte('[')
	for i := uint64(0); i < n; i++ {
		var w struct {
			val, addr uint64
			flags, _  uint32
		}
		if i > 0 {
			p.comma()
		}
		if i >= maxItems && !opt.verbose {
			p.Str("...")
			break
		}
		if !p.fetch(unsafe.Pointer(&w), 24, addr+24*i) {
			break
		}
		p.Str("{val=")
		p.hex(w.val)
		p.field("uaddr")
		p.ptr(w.addr)
		p.field("flags")
		if w.flags&3 == 2 {
			p.Str("FUTEX_32")
			p.someFlags(xFutexWaitv, uint64(w.flags&^3), true)
		} else {
			p.flags(xFutexWaitv, uint64(w.flags))
		}
		p.Byte('}')
	}
	p.Byte(']')
}
