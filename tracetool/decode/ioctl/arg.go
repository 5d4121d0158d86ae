package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Arg says what the third argument of an ioctl(2) command is.
type Arg struct {
	cmd uint32
	k   Kind
	X   names.ID     // a table of names, or a size
	S   []text.Field // of Struct and its kin
	s2  []text.Field // of Both: what is printed when the call has returned
}

// Kind says what the argument is; x, s and s2 are those of its Arg.
type Kind uint8

const (
	None       Kind = iota // there is none
	Int                    // a number: int,
	Uint                   // unsigned long,
	Uint32                 // unsigned int
	Hex                    // the same in hexadecimal,
	Hex32                  // unsigned int in hexadecimal
	FdArg                  // a descriptor
	FlagArg                // flags of table x
	ValArg                 // a name of table x
	Flag8Arg               // flags of table x in a byte
	Val32Arg               // a name of table x in 32 bits
	DecValArg              // the same, signed decimal
	Own                    // a number with a function of its own
	Addr                   // an address that is not looked into
	TextArg                // address of a string of at most x bytes
	CharArg                // address of char [x]
	ByteArg                // address of one character
	BufArg                 // address of x bytes
	Flag64Bare             // address of 64 bits of flags, without brackets
	HexBufArg              // address of x bytes that are not text
	Flag64Arg              // 64 bits of flags
	ArrX32                 // address of x numbers of 32 bits
	FirstIn                // of the following, address of: int
	IntAt
	UintAt
	U16At
	U64At
	S64At
	X32At
	X64At
	FlagAt   // flags of table x
	ValAt    // a name of table x
	Flag8At  // flags of table x in a byte
	Val8At   // a name of table x in a byte
	DecValAt // a name of table x, or signed decimal
	IdAt     // a user
	Flag64At // 64 bits
	Val64At
	PairU32
	PairU64
	Struct  // the fields s
	Both    // s when the call is made, and behind "=>" s2 when it returned
	Grow    // s when the call is made, then s2 within the same braces
	BothInt // s, and behind "=>" an int
	Special // a function of its own
)

// Out is or-ed to a kind for what the kernel writes.
const Out Kind = 0x80

// ioctlFind returns what is known of a command.
func ioctlFind(cmd uint32) *Arg {
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
	a []Arg
}{
	{0x03, ioctlHdio}, {0x12, ioctlBlock}, {'!', ioctlSeccomp}, {'"', ioctlScsi}, {'$', ioctlPerf}, {'=', ioctlPtp}, {'>', ioctlCounter},
	{'E', ioctlEvdev}, {'I', ioctlInotify}, {'L', ioctlLoop}, {'M', ioctlMtd}, {'O', ioctlUbi}, {'o', ioctlUbi}, {'R', ioctlRandom},
	{'K', ioctlKd}, {'T', ioctlTerm}, {'V', ioctlV4l2}, {'W', ioctlWatchdog}, {'X', ioctlFs}, {'f', ioctlFs}, {'i', ioctlLirc}, {'p', ioctlRtc}, {0x89, ioctlSock},
	{0x94, ioctlFs}, {0x94, ioctlBtrfs}, {0xaa, ioctlUffd}, {0xa4, ioctlTee}, {0xab, ioctlNbd}, {0xae, ioctlKvm}, {0xb4, ioctlGpio}, {0xb7, ioctlNsfs}, {0xfd, ioctlDm},
}

// ioctlValue prints the argument v.
func ioctlValue(p *text.Printer, a *Arg, v uint64) text.Step {
	k := a.k
	if k&Out != 0 {
		if !ioctlReturned(p, a.cmd) {
			return text.Wait
		}
		if p.Out(v) {
			One(p, a, k&^Out, v)
		}
		return text.Last
	}
	if !p.Cont {
		p.Comma()
	}
	switch k {
	case Both, Grow, BothInt:
		return ioctlBoth(p, a, v)
	}
	One(p, a, k, v)
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
func ioctlBoth(p *text.Printer, a *Arg, v uint64) text.Step {
	if !p.Cont {
		if !text.Readable(v, text.SizeOf(a.S)) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		p.Fields(v, a.S, text.SizeOf(a.S), true)
		if a.k != Grow {
			p.Byte('}')
		}
		if !p.Exit {
			return text.Wait
		}
	}
	done := !p.Failed()
	switch {
	case a.k == Grow:
		if done && text.Readable(v, text.SizeOf(a.s2)) {
			p.Fields(v, a.s2, text.SizeOf(a.s2), false)
		}
		p.Byte('}')
	case !done:
	case a.k == BothInt:
		p.Str(" => ")
		p.IntAt(v)
	default:
		p.Str(" => ")
		p.StructAt(v, a.s2)
	}
	return text.Last
}

// One prints an argument of kind k.
func One(p *text.Printer, a *Arg, k Kind, v uint64) {
	if k > FirstIn && k < PairU32 {
		ioctlNum(p, a, k, v)
		return
	}
	switch k {
	case Int:
		p.Int(int64(int32(v)))
	case Uint:
		p.Uint(v)
	case Uint32:
		p.Uint(uint64(uint32(v)))
	case Hex:
		p.AltHex(v)
	case Hex32:
		p.AltHex(uint64(uint32(v)))
	case FdArg:
		p.Fd(int32(v))
	case FlagArg:
		p.Flags(a.X, uint64(uint32(v)))
	case ValArg:
		p.Val(a.X, v)
	case Flag8Arg:
		p.Flags(a.X, uint64(uint8(v)))
	case Val32Arg:
		p.Val(a.X, uint64(uint32(v)))
	case DecValArg:
		p.ValDec(a.X, int64(int32(v)))
	case Own:
		kdNumber(p, a.cmd, v)
	case Addr:
		p.Ptr(v)
	case TextArg:
		p.Zstrn(v, uint64(a.X))
	case Flag64Arg:
		p.Flags(a.X, v)
	case BufArg:
		p.Buf(v, uint64(a.X))
	case Flag64Bare:
		var n uint64
		if p.Fetch(unsafe.Pointer(&n), 8, v) {
			p.Flags(a.X, n)
		}
	case HexBufArg:
		p.Random(v, uint64(a.X))
	case ArrX32:
		var n uint32
		for i := uint64(0); p.Each(unsafe.Pointer(&n), 4, v, i, uint64(a.X)); i++ {
			p.AltHex(uint64(n))
		}
	case ByteArg:
		p.Buf(v, 1)
	case CharArg:
		n := uint64(a.X)
		if !text.Readable(v, n) {
			p.Ptr(v)
			break
		}
		w := text.Window{Addr: v, End: n}
		p.CharArray(&w, 0, n)
	case PairU32, PairU64:
		ioctlPair(p, k, v)
	case Struct:
		p.StructAt(v, a.S)
	}
}

// ioctlNum prints the number at addr.
func ioctlNum(p *text.Printer, a *Arg, k Kind, addr uint64) {
	n := 4
	switch k {
	case U64At, S64At, X64At, Flag64At, Val64At:
		n = 8
	case U16At:
		n = 2
	case Flag8At, Val8At:
		n = 1
	}
	var v uint64
	if !p.Fetch(unsafe.Pointer(&v), n, addr) {
		return
	}
	p.Byte('[')
	switch k {
	case IntAt:
		p.Int(int64(int32(v)))
	case UintAt, U16At, U64At:
		p.Uint(v)
	case S64At:
		p.Int(int64(v))
	case X32At, X64At:
		p.AltHex(v)
	case FlagAt, Flag64At, Flag8At:
		p.Flags(a.X, v)
	case ValAt, Val64At, Val8At:
		p.Val(a.X, v)
	case DecValAt:
		p.ValDec(a.X, int64(int32(v)))
	case IdAt:
		p.ID(uint32(v))
	}
	p.Byte(']')
}

func ioctlPair(p *text.Printer, k Kind, addr uint64) {
	n := uint64(4)
	if k == PairU64 {
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
