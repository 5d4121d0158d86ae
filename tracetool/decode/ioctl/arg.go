package tracetool

import "unsafe"

// ioctlArg says what the third argument of an ioctl(2) command is.
type ioctlArg struct {
	cmd uint32
	k   ik
	x   nameID  // a table of names, or a size
	s   []field // of iStruct and its kin
	s2  []field // of iBoth: what is printed when the call has returned
}

type ik uint8

const (
	iNone       ik = iota // there is none
	iInt                  // a number: int,
	iUint                 // unsigned long,
	iUint32               // unsigned int
	iHex                  // the same in hexadecimal,
	iHex32                // unsigned int in hexadecimal
	iFdArg                // a descriptor
	iFlagArg              // flags of table x
	iValArg               // a name of table x
	iFlag8Arg             // flags of table x in a byte
	iVal32Arg             // a name of table x in 32 bits
	iDecValArg            // the same, signed decimal
	iOwn                  // a number with a function of its own
	iAddr                 // an address that is not looked into
	iTextArg              // address of a string of at most x bytes
	iCharArg              // address of char [x]
	iByteArg              // address of one character
	iBufArg               // address of x bytes
	iFlag64Bare           // address of 64 bits of flags, without brackets
	iHexBufArg            // address of x bytes that are not text
	iFlag64Arg            // 64 bits of flags
	iArrX32               // address of x numbers of 32 bits
	iFirstIn              // of the following, address of: int
	iIntAt
	iUintAt
	iU16At
	iU64At
	iS64At
	iX32At
	iX64At
	iFlagAt   // flags of table x
	iValAt    // a name of table x
	iFlag8At  // flags of table x in a byte
	iVal8At   // a name of table x in a byte
	iDecValAt // a name of table x, or signed decimal
	iIdAt     // a user
	iFlag64At // 64 bits
	iVal64At
	iPairU32
	iPairU64
	iStruct  // the fields s
	iBoth    // s when the call is made, and behind "=>" s2 when it returned
	iGrow    // s when the call is made, then s2 within the same braces
	iBothInt // s, and behind "=>" an int
	iSpecial // a function of its own
)

// out is or-ed to a kind for what the kernel writes.
const out ik = 0x80

// ioctlFind returns what is known of a command.
func ioctlFind(cmd uint32) *ioctlArg {
	t := uint8(cmd >> 8)
	for i := range ioctlFamilies {
		f := &ioctlFamilies[i]
		if f.t != t {
			continue
		}
		for k := range f.a {
			if f.a[k].cmd == cmd {
				return &f.a[k]
			}
		}
	}
	return nil
}

// ioctlFamilies are the tables, by the commands' type byte
// (Documentation/userspace-api/ioctl/ioctl-number.rst).
var ioctlFamilies = [...]struct {
	t uint8
	a []ioctlArg
}{
	{0x03, ioctlHdio}, {0x12, ioctlBlock}, {'!', ioctlSeccomp}, {'"', ioctlScsi}, {'$', ioctlPerf}, {'=', ioctlPtp}, {'>', ioctlCounter},
	{'E', ioctlEvdev}, {'I', ioctlInotify}, {'L', ioctlLoop}, {'M', ioctlMtd}, {'O', ioctlUbi}, {'o', ioctlUbi}, {'R', ioctlRandom},
	{'K', ioctlKd}, {'T', ioctlTerm}, {'V', ioctlV4l2}, {'W', ioctlWatchdog}, {'X', ioctlFs}, {'f', ioctlFs}, {'i', ioctlLirc}, {'p', ioctlRtc}, {0x89, ioctlSock},
	{0x94, ioctlFs}, {0x94, ioctlBtrfs}, {0xaa, ioctlUffd}, {0xa4, ioctlTee}, {0xab, ioctlNbd}, {0xae, ioctlKvm}, {0xb4, ioctlGpio}, {0xb7, ioctlNsfs}, {0xfd, ioctlDm},
}

// ioctlValue prints the argument v.
func (p *printer) ioctlValue(a *ioctlArg, v uint64) step {
	k := a.k
	if k&out != 0 {
		if !p.ioctlReturned(a.cmd) {
			return wait
		}
		if p.out(v) {
			p.ioctlOne(a, k&^out, v)
		}
		return last
	}
	if !p.cont {
		p.comma()
	}
	switch k {
	case iBoth, iGrow, iBothInt:
		return p.ioctlBoth(a, v)
	}
	p.ioctlOne(a, k, v)
	return last
}

// ioctlReturned says whether the call has returned, so that what it wrote can
// be shown, and prints the comma before that. Only some families print it when
// the call is made, which shows in "<unfinished ...>".
func (p *printer) ioctlReturned(cmd uint32) bool {
	early := false
	switch cmd >> 8 & 0xff {
	case 0x03, '=', 'i': // disks, PTP clocks, infrared
		early = true
	}
	if early && !p.cont || !early && p.exit {
		p.comma()
	}
	return p.exit
}

// ioctlBoth prints what is read when the call is made and what is there when
// it has returned.
func (p *printer) ioctlBoth(a *ioctlArg, v uint64) step {
	if !p.cont {
		if !readable(v, sizeOf(a.s)) {
			p.ptr(v)
			return last
		}
		p.Byte('{')
		p.fields(v, a.s, sizeOf(a.s), true)
		if a.k != iGrow {
			p.Byte('}')
		}
		if !p.exit {
			return wait
		}
	}
	done := !p.failed()
	switch {
	case a.k == iGrow:
		if done && readable(v, sizeOf(a.s2)) {
			p.fields(v, a.s2, sizeOf(a.s2), false)
		}
		p.Byte('}')
	case !done:
	case a.k == iBothInt:
		p.Str(" => ")
		p.intAt(v)
	default:
		p.Str(" => ")
		p.structAt(v, a.s2)
	}
	return last
}

// ioctlOne prints an argument of kind k.
func (p *printer) ioctlOne(a *ioctlArg, k ik, v uint64) {
	if k > iFirstIn && k < iPairU32 {
		p.ioctlNum(a, k, v)
		return
	}
	switch k {
	case iInt:
		p.Int(int64(int32(v)))
	case iUint:
		p.Uint(v)
	case iUint32:
		p.Uint(uint64(uint32(v)))
	case iHex:
		p.hex(v)
	case iHex32:
		p.hex(uint64(uint32(v)))
	case iFdArg:
		p.fd(int32(v))
	case iFlagArg:
		p.flags(a.x, uint64(uint32(v)))
	case iValArg:
		p.val(a.x, v)
	case iFlag8Arg:
		p.flags(a.x, uint64(uint8(v)))
	case iVal32Arg:
		p.val(a.x, uint64(uint32(v)))
	case iDecValArg:
		p.valDec(a.x, int64(int32(v)))
	case iOwn:
		p.kdNumber(a.cmd, v)
	case iAddr:
		p.ptr(v)
	case iTextArg:
		p.zstrn(v, uint64(a.x))
	case iFlag64Arg:
		p.flags(a.x, v)
	case iBufArg:
		p.buf(v, uint64(a.x))
	case iFlag64Bare:
		var n uint64
		if p.fetch(unsafe.Pointer(&n), 8, v) {
			p.flags(a.x, n)
		}
	case iHexBufArg:
		p.random(v, uint64(a.x))
	case iArrX32:
		var n uint32
		for i := uint64(0); p.each(unsafe.Pointer(&n), 4, v, i, uint64(a.x)); i++ {
			p.hex(uint64(n))
		}
	case iByteArg:
		p.buf(v, 1)
	case iCharArg:
		n := uint64(a.x)
		if !readable(v, n) {
			p.ptr(v)
			break
		}
		w := window{addr: v, end: n}
		p.charArray(&w, 0, n)
	case iPairU32, iPairU64:
		p.ioctlPair(k, v)
	case iStruct:
		p.structAt(v, a.s)
	}
}

// ioctlNum prints the number at addr.
func (p *printer) ioctlNum(a *ioctlArg, k ik, addr uint64) {
	n := 4
	switch k {
	case iU64At, iS64At, iX64At, iFlag64At, iVal64At:
		n = 8
	case iU16At:
		n = 2
	case iFlag8At, iVal8At:
		n = 1
	}
	var v uint64
	if !p.fetch(unsafe.Pointer(&v), n, addr) {
		return
	}
	p.Byte('[')
	switch k {
	case iIntAt:
		p.Int(int64(int32(v)))
	case iUintAt, iU16At, iU64At:
		p.Uint(v)
	case iS64At:
		p.Int(int64(v))
	case iX32At, iX64At:
		p.hex(v)
	case iFlagAt, iFlag64At, iFlag8At:
		p.flags(a.x, v)
	case iValAt, iVal64At, iVal8At:
		p.val(a.x, v)
	case iDecValAt:
		p.valDec(a.x, int64(int32(v)))
	case iIdAt:
		p.id(uint32(v))
	}
	p.Byte(']')
}

func (p *printer) ioctlPair(k ik, addr uint64) {
	n := uint64(4)
	if k == iPairU64 {
		n = 8
	}
	if !readable(addr, 2*n) {
		p.ptr(addr)
		return
	}
	w := window{addr: addr, end: 2 * n}
	p.Byte('[')
	p.Uint(w.num(0, n))
	p.comma()
	p.Uint(w.num(n, n))
	p.Byte(']')
}
