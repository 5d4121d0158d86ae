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
			if cmd == 2 { // FUTEX_FD has no name of its own for that
				p.Str("|FUTEX_PRIVATE_FLAG")
			} else {
				p.Str("_PRIVATE")
			}
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
		p.constant(8, "FUTEX_OP_OPARG_SHIFT", "", hexBase)
		p.Str("<<28|")
	}
	p.shifted(xFutexWake, uint64(v>>28&7), "<<28", "FUTEX_OP_???")
	p.Byte('|')
	p.hex(uint64(v >> 12 & 0xfff))
	p.Str("<<12|")
	p.shifted(xFutexCmp, uint64(v>>24&0xf), "<<24", "FUTEX_OP_CMP_???")
	p.Byte('|')
	p.hex(uint64(v & 0xfff))
}

// shifted prints a constant, how far it is shifted, and behind that what it
// may be if it has no name.
func (p *printer) shifted(id nameID, v uint64, shift, dflt string) {
	s := name(id, v)
	p.constant(v, s, "", hexBase)
	p.Str(shift)
	if s == "" || look.xlat == xlatRaw {
		p.comment(dflt)
	}
}

// futexWaitv prints n struct futex_waitv.
func (p *printer) futexWaitv(addr, n uint64) {
	const most = 128 // FUTEX_WAITV_MAX
	var w struct {
		val, addr       uint64
		flags, reserved uint32
	}
	for i := uint64(0); p.each(unsafe.Pointer(&w), 24, addr, i, n); i++ {
		if i >= most {
			p.Str("...]")
			break
		}
		p.Str("{val=")
		p.hex(w.val)
		p.field("uaddr")
		p.ptr(w.addr)
		p.field("flags")
		p.flags(xFutexWaitv, uint64(w.flags))
		if w.reserved != 0 {
			p.fieldHex("__reserved", uint64(w.reserved))
		}
		p.Byte('}')
	}
}
