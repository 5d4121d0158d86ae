package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// futex prints the arguments of futex(2) from the operation on.
func futex(p *text.Printer) text.Step {
	const private, realtime = 128, 256
	a := &p.C.Args
	op := uint32(a[1])
	cmd := op &^ (private | realtime)
	val := uint64(uint32(a[2]))
	val2 := uint64(uint32(a[3]))
	val3 := uint32(a[5])
	base := text.NameOf(names.FutexOp, uint64(cmd))
	if op&realtime != 0 && cmd != 0 && cmd != 9 && cmd != 11 {
		base = "" // the flag is for FUTEX_WAIT, _WAIT_BITSET and _WAIT_REQUEUE_PI (futex(2))
	}
	if base == "" {
		p.Val(names.FutexOp, uint64(op))
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
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Timespec(a[3])
	case 1, 2: // FUTEX_WAKE, FUTEX_FD
		p.Comma()
		p.Uint(val)
	case 3: // FUTEX_REQUEUE
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Uint(val2)
		p.Comma()
		p.Ptr(a[4])
	case 4, 12: // FUTEX_CMP_REQUEUE, FUTEX_CMP_REQUEUE_PI
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Uint(val2)
		p.Comma()
		p.Ptr(a[4])
		p.Comma()
		p.Uint(uint64(val3))
	case 5: // FUTEX_WAKE_OP
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Uint(val2)
		p.Comma()
		p.Ptr(a[4])
		p.Comma()
		wakeOp(p, val3)
	case 6, 13: // FUTEX_LOCK_PI, FUTEX_LOCK_PI2
		p.Comma()
		p.Timespec(a[3])
	case 7, 8: // FUTEX_UNLOCK_PI, FUTEX_TRYLOCK_PI
	case 9: // FUTEX_WAIT_BITSET
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Timespec(a[3])
		p.Comma()
		bitset(p, val3)
	case 10: // FUTEX_WAKE_BITSET
		p.Comma()
		p.Uint(val)
		p.Comma()
		bitset(p, val3)
	case 11: // FUTEX_WAIT_REQUEUE_PI
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Timespec(a[3])
		p.Comma()
		p.Ptr(a[4])
	default:
		p.Comma()
		p.Uint(val)
		p.Comma()
		p.Ptr(a[3])
		p.Comma()
		p.Ptr(a[4])
		p.Comma()
		p.AltHex(uint64(val3))
	}
	return text.Last
}

func bitset(p *text.Printer, v uint32) {
	if v == 0xffffffff {
		p.Str("FUTEX_BITSET_MATCH_ANY")
		return
	}
	p.AltHex(uint64(v))
}

// wakeOp prints the operation of FUTEX_WAKE_OP (futex(2)).
func wakeOp(p *text.Printer, v uint32) {
	if v>>31 != 0 {
		p.Constant(8, "FUTEX_OP_OPARG_SHIFT", "", text.Hexadecimal)
		p.Str("<<28|")
	}
	shifted(p, names.FutexWake, uint64(v>>28&7), "<<28", "FUTEX_OP_???")
	p.Byte('|')
	p.AltHex(uint64(v >> 12 & 0xfff))
	p.Str("<<12|")
	shifted(p, names.FutexCmp, uint64(v>>24&0xf), "<<24", "FUTEX_OP_CMP_???")
	p.Byte('|')
	p.AltHex(uint64(v & 0xfff))
}

// shifted prints a constant, how far it is shifted, and behind that what it
// may be if it has no name.
func shifted(p *text.Printer, id names.ID, v uint64, shift, dflt string) {
	s := text.NameOf(id, v)
	p.Constant(v, s, "", text.Hexadecimal)
	p.Str(shift)
	if s == "" || text.Opt.Style == text.StyleRaw {
		p.Comment(dflt)
	}
}

// futexWaitv prints n struct futex_waitv.
func futexWaitv(p *text.Printer, addr, n uint64) {
	const most = 128 // FUTEX_WAITV_MAX
	var w struct {
		val, addr       uint64
		flags, reserved uint32
	}
	for i := uint64(0); p.Each(unsafe.Pointer(&w), 24, addr, i, n); i++ {
		if i >= most {
			p.Str("...]")
			break
		}
		p.Str("{val=")
		p.AltHex(w.val)
		p.Field("uaddr")
		p.Ptr(w.addr)
		p.Field("flags")
		p.Flags(names.FutexWaitv, uint64(w.flags))
		if w.reserved != 0 {
			p.FieldHex("__reserved", uint64(w.reserved))
		}
		p.Byte('}')
	}
}
