package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// IoctlArg says what the third argument of an ioctl(2) command is.
type IoctlArg struct {
	cmd uint32
	k   Ik
	X   names.ID     // a table of names, or a size
	S   []text.Field // of iStruct and its kin
	s2  []text.Field // of iBoth: what is printed when the call has returned
}

type Ik uint8

const (
	INone       Ik = iota // there is none
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
	IFlagAt   // flags of table x
	IValAt    // a name of table x
	iFlag8At  // flags of table x in a byte
	iVal8At   // a name of table x in a byte
	iDecValAt // a name of table x, or signed decimal
	iIdAt     // a user
	iFlag64At // 64 bits
	iVal64At
	iPairU32
	iPairU64
	IStruct  // the fields s
	iBoth    // s when the call is made, and behind "=>" s2 when it returned
	iGrow    // s when the call is made, then s2 within the same braces
	iBothInt // s, and behind "=>" an int
	ISpecial // a function of its own
)

// Out is or-ed to a kind for what the kernel writes.
const Out Ik = 0x80

// ioctlFind returns what is known of a command.
func ioctlFind(cmd uint32) *IoctlArg {
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
	a []IoctlArg
}{
	{0x03, ioctlHdio}, {0x12, ioctlBlock}, {'!', ioctlSeccomp}, {'"', ioctlScsi}, {'$', ioctlPerf}, {'=', ioctlPtp}, {'>', ioctlCounter},
	{'E', ioctlEvdev}, {'I', ioctlInotify}, {'L', ioctlLoop}, {'M', ioctlMtd}, {'O', ioctlUbi}, {'o', ioctlUbi}, {'R', ioctlRandom},
	{'K', ioctlKd}, {'T', ioctlTerm}, {'V', ioctlV4l2}, {'W', ioctlWatchdog}, {'X', ioctlFs}, {'f', ioctlFs}, {'i', ioctlLirc}, {'p', ioctlRtc}, {0x89, ioctlSock},
	{0x94, ioctlFs}, {0x94, ioctlBtrfs}, {0xaa, ioctlUffd}, {0xa4, ioctlTee}, {0xab, ioctlNbd}, {0xae, ioctlKvm}, {0xb4, ioctlGpio}, {0xb7, ioctlNsfs}, {0xfd, ioctlDm},
}

// ioctlValue prints the argument v.
func ioctlValue(p *text.Printer, a *IoctlArg, v uint64) text.Step {
	k := a.k
	if k&Out != 0 {
		if !ioctlReturned(p, a.cmd) {
			return text.Wait
		}
		if p.Out(v) {
			IoctlOne(p, a, k&^Out, v)
		}
		return text.Last
	}
	if !p.Cont {
		p.Comma()
	}
	switch k {
	case iBoth, iGrow, iBothInt:
		return ioctlBoth(p, a, v)
	}
	IoctlOne(p, a, k, v)
	return text.Last
}

// ioctlReturned says whether the call has returned, so that what it wrote can
// be shown, and prints the comma before that. Only some families print it when
// the call is made, which shows in "<unfinished ...>".
func ioctlReturned(p *text.Printer, cmd uint32) bool {
	early := false
	switch cmd >> 8 & 0xff {
	case 0x03, '=', 'i': // disks, PTP clocks, infrared
		early = true
	}
	if early && !p.Cont || !early && p.Exit {
		p.Comma()
	}
	return p.Exit
}

// ioctlBoth prints what is read when the call is made and what is there when
// it has returned.
func ioctlBoth(p *text.Printer, a *IoctlArg, v uint64) text.Step {
	if !p.Cont {
		if !text.Readable(v, text.SizeOf(a.S)) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		p.Fields(v, a.S, text.SizeOf(a.S), true)
		if a.k != iGrow {
			p.Byte('}')
		}
		if !p.Exit {
			return text.Wait
		}
	}
	done := !p.Failed()
	switch {
	case a.k == iGrow:
		if done && text.Readable(v, text.SizeOf(a.s2)) {
			p.Fields(v, a.s2, text.SizeOf(a.s2), false)
		}
		p.Byte('}')
	case !done:
	case a.k == iBothInt:
		p.Str(" => ")
		p.IntAt(v)
	default:
		p.Str(" => ")
		p.StructAt(v, a.s2)
	}
	return text.Last
}

// IoctlOne prints an argument of kind k.
func IoctlOne(p *text.Printer, a *IoctlArg, k Ik, v uint64) {
	if k > iFirstIn && k < iPairU32 {
		ioctlNum(p, a, k, v)
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
		p.AltHex(v)
	case iHex32:
		p.AltHex(uint64(uint32(v)))
	case iFdArg:
		p.Fd(int32(v))
	case iFlagArg:
		p.Flags(a.X, uint64(uint32(v)))
	case iValArg:
		p.Val(a.X, v)
	case iFlag8Arg:
		p.Flags(a.X, uint64(uint8(v)))
	case iVal32Arg:
		p.Val(a.X, uint64(uint32(v)))
	case iDecValArg:
		p.ValDec(a.X, int64(int32(v)))
	case iOwn:
		kdNumber(p, a.cmd, v)
	case iAddr:
		p.Ptr(v)
	case iTextArg:
		p.Zstrn(v, uint64(a.X))
	case iFlag64Arg:
		p.Flags(a.X, v)
	case iBufArg:
		p.Buf(v, uint64(a.X))
	case iFlag64Bare:
		var n uint64
		if p.Fetch(unsafe.Pointer(&n), 8, v) {
			p.Flags(a.X, n)
		}
	case iHexBufArg:
		p.Random(v, uint64(a.X))
	case iArrX32:
		var n uint32
		for i := uint64(0); p.Each(unsafe.Pointer(&n), 4, v, i, uint64(a.X)); i++ {
			p.AltHex(uint64(n))
		}
	case iByteArg:
		p.Buf(v, 1)
	case iCharArg:
		n := uint64(a.X)
		if !text.Readable(v, n) {
			p.Ptr(v)
			break
		}
		w := text.Window{Addr: v, End: n}
		p.CharArray(&w, 0, n)
	case iPairU32, iPairU64:
		ioctlPair(p, k, v)
	case IStruct:
		p.StructAt(v, a.S)
	}
}

// ioctlNum prints the number at addr.
func ioctlNum(p *text.Printer, a *IoctlArg, k Ik, addr uint64) {
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
	if !p.Fetch(unsafe.Pointer(&v), n, addr) {
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
		p.AltHex(v)
	case IFlagAt, iFlag64At, iFlag8At:
		p.Flags(a.X, v)
	case IValAt, iVal64At, iVal8At:
		p.Val(a.X, v)
	case iDecValAt:
		p.ValDec(a.X, int64(int32(v)))
	case iIdAt:
		p.ID(uint32(v))
	}
	p.Byte(']')
}

func ioctlPair(p *text.Printer, k Ik, addr uint64) {
	n := uint64(4)
	if k == iPairU64 {
		n = 8
	}
	if !text.Readable(addr, 2*n) {
		p.Ptr(addr)
		return
	}
	w := text.Window{Addr: addr, End: 2 * n}
	p.Byte('[')
	p.Uint(w.Num(0, n))
	p.Comma()
	p.Uint(w.Num(n, n))
	p.Byte(']')
}
