package decode

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// keyctlArgs says what the arguments behind the operation are, a letter each
// (keyctl(2), "Operations"):
//
//	k  a key's serial number        s  a string
//	i  int                          u  unsigned int
//	b  bytes, as many as the next   n  unsigned long
//	g  a user or group              e  an errno
//	v  struct iovec                 p  permissions
//	m  flags of KEYCTL_MOVE         r  a default keyring
//	x  unsigned long in hexadecimal
//
// The rest is known when the call has returned:
//
//	t  text that the call returned the size of, in a buffer of the next size
//	d  bytes likewise               c  the capabilities
//	q  struct keyctl_pkey_query     K  struct keyctl_kdf_params
var keyctlArgs = [...]string{
	0: "ki", 1: "s", 2: "kbn", 3: "k", 4: "kgg", 5: "kp", 6: "ktn", 7: "k", 8: "kk", 9: "kk", 10: "kssk", 11: "kdn", 12: "kbnk", 13: "kuk",
	14: "r", 15: "ku", 16: "k", 17: "ktn", 18: "", 19: "kuek", 20: "kvnk", 21: "k", 22: "gk", 23: "DdnK", 24: "kxsq", 25: "OsIW", 26: "OsIW",
	27: "OsIW", 28: "osIJ", 29: "kss", 30: "kkkm", 31: "cn",
}

// keyctl prints keyctl(2) by operation.
func keyctl(p *text.Printer) text.Step {
	a := &p.C.Args
	op := uint32(a[0])
	if !p.Cont {
		p.Val(names.Keyctl, uint64(op))
	}
	if int(op) >= len(keyctlArgs) {
		p.Comma()
		p.AltHex(a[1])
		hexRest(p, 2, 4)
		return text.Last
	}
	// saved[0] is how many are printed.
	form := keyctlArgs[op]
	for i := int(p.Saved[0]); i < len(form); i++ {
		c := form[i]
		late := false
		switch c {
		case 't', 'd', 'c', 'q', 'K':
			late = true
		case 'W':
			late = text.Readable(a[1], text.SizeOf(sPkeyIn))
		}
		if !p.Exit && late {
			p.Comma()
			p.Saved[0] = uint64(i)
			return text.Wait
		}
		if !p.Cont || i > int(p.Saved[0]) {
			p.Comma()
		}
		keyArg(p, c, i+1)
	}
	return text.Last
}

// keyArg prints argument i, which is a c.
func keyArg(p *text.Printer, c byte, i int) {
	a := &p.C.Args
	v := a[i]
	w := uint32(v)
	switch c {
	case 'k':
		p.KeySerial(int32(w))
	case 's':
		p.StrAt(v)
	case 'i':
		p.Int(int64(int32(w)))
	case 'u':
		p.Uint(uint64(w))
	case 'n':
		p.Uint(v)
	case 'b':
		p.Buf(v, a[i+1])
	case 'g':
		p.ID(w)
	case 'e':
		p.Errno(uint64(w))
	case 'v':
		socket.Iovec(p, v, a[i+1], socket.IovData, ^uint64(0))
	case 'p':
		p.Flags(names.KeyPerm, uint64(w))
	case 'm':
		p.Flags(names.KeyMove, uint64(w))
	case 'r':
		p.ValInt(names.KeyReq, int32(w))
	case 'x':
		p.AltHex(v)
	case 't', 'd':
		keyText(p, c, v, a[i+1])
	case 'c':
		keyCaps(p, v, a[i+1])
	case 'D':
		p.StructAt(v, sDhParams)
	case 'K':
		kdf(p, v)
	case 'q':
		if p.Out(v) {
			p.StructAt(v, sPkeyQuery)
		}
	default:
		pkeyArg(p, c, v)
	}
}

// keyText prints what the call wrote to a buffer of n bytes: as much as it
// returned, if that fits.
func keyText(p *text.Printer, c byte, v, n uint64) {
	if !p.Out(v) {
		return
	}
	n = min(n, uint64(p.C.Result))
	var end byte
	if c == 't' && n > 0 && text.Peek(unsafe.Pointer(&end), 1, v+n-1) && end == 0 {
		n--
	}
	p.Buf(v, n)
}

var (
	sDhParams  = []text.Field{{Name: "private", Kind: text.Key}, {Name: "prime", Kind: text.Key}, {Name: "base", Kind: text.Key}}
	sPkeyQuery = []text.Field{{Name: "supported_ops", Kind: text.F32, Arg: names.PkeyOps}, {Name: "key_size", Kind: text.U32}, {Name: "max_data_size", Kind: text.U16}, {Name: "max_sig_size", Kind: text.U16},
		{Name: "max_enc_size", Kind: text.U16}, {Name: "max_dec_size", Kind: text.U16}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 10}, {Name: "__spare", Kind: text.X32}}
	sPkeyOut = []text.Field{{Name: "key_id", Kind: text.Key}, {Name: "in_len", Kind: text.U32}, {Name: "out_len", Kind: text.U32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 7}, {Name: "__spare", Kind: text.X32}}
	sPkeyIn  = []text.Field{{Name: "key_id", Kind: text.Key}, {Name: "in_len", Kind: text.U32}, {Name: "in2_len", Kind: text.U32}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 7}, {Name: "__spare", Kind: text.X32}}
)

// pkeyArg prints an argument of the operations with a public key: O and o are
// the parameters, I what goes in, J more of it, W what comes out.
func pkeyArg(p *text.Printer, c byte, v uint64) {
	var n [3]uint32
	params := p.C.Args[1]
	ok := text.Readable(params, text.SizeOf(sPkeyIn)) && text.Peek(unsafe.Pointer(&n), 12, params)
	switch {
	case c == 'O':
		p.StructAt(v, sPkeyOut)
	case c == 'o':
		p.StructAt(v, sPkeyIn)
	case !ok:
		p.Ptr(v)
	case c == 'I':
		p.Buf(v, uint64(n[1]))
	case c == 'J':
		p.Buf(v, uint64(n[2]))
	case p.Out(v):
		p.Buf(v, uint64(n[2]))
	}
}

// kdf prints struct keyctl_kdf_params.
func kdf(p *text.Printer, v uint64) {
	const size = 56
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	n := w.Num(16, 4)
	p.Str("{hashname=")
	p.StrAt(w.Num(0, 8))
	p.Field("otherinfo")
	if n != 0 {
		p.Buf(w.Num(8, 8), n)
	} else {
		p.Ptr(w.Num(8, 8))
	}
	p.FieldUint("otherinfolen", n)
	p.FieldsIn(&w, sKdfSpare, false)
	p.Byte('}')
}

var sKdfSpare = []text.Field{{Kind: text.At, Arg: 20}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 8}, {Name: "__spare", Kind: text.X32}}

// keyCaps prints the bytes of KEYCTL_CAPABILITIES.
func keyCaps(p *text.Printer, v, n uint64) {
	if !p.Out(v) {
		return
	}
	n = min(n, uint64(p.C.Result))
	var b byte
	for i := uint64(0); p.Each(unsafe.Pointer(&b), 1, v, i, n); i++ {
		switch i {
		case 0:
			p.Flags(names.KeyCaps0, uint64(b))
		case 1:
			p.Flags(names.KeyCaps1, uint64(b))
		default:
			p.AltHex(uint64(b))
		}
	}
}
