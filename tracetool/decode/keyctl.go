package tracetool

import "unsafe"

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
func (p *printer) keyctl() step {
	a := &p.c.Args
	op := uint32(a[0])
	if !p.cont {
		p.val(xKeyctl, uint64(op))
	}
	if int(op) >= len(keyctlArgs) {
		p.comma()
		p.hex(a[1])
		p.hexRest(2, 4)
		return last
	}
	// saved[0] is how many are printed.
	form := keyctlArgs[op]
	for i := int(p.saved[0]); i < len(form); i++ {
		c := form[i]
		late := false
		switch c {
		case 't', 'd', 'c', 'q', 'K':
			late = true
		case 'W':
			late = readable(a[1], sizeOf(sPkeyIn))
		}
		if !p.exit && late {
			p.comma()
			p.saved[0] = uint64(i)
			return wait
		}
		if !p.cont || i > int(p.saved[0]) {
			p.comma()
		}
		p.keyArg(c, i+1)
	}
	return last
}

// keyArg prints argument i, which is a c.
func (p *printer) keyArg(c byte, i int) {
	a := &p.c.Args
	v := a[i]
	w := uint32(v)
	switch c {
	case 'k':
		p.keySerial(int32(w))
	case 's':
		p.str(v)
	case 'i':
		p.Int(int64(int32(w)))
	case 'u':
		p.Uint(uint64(w))
	case 'n':
		p.Uint(v)
	case 'b':
		p.buf(v, a[i+1])
	case 'g':
		p.id(w)
	case 'e':
		p.errno(uint64(w))
	case 'v':
		p.iovec(v, a[i+1], iovData, ^uint64(0))
	case 'p':
		p.flags(xKeyPerm, uint64(w))
	case 'm':
		p.flags(xKeyMove, uint64(w))
	case 'r':
		p.valInt(xKeyReq, int32(w))
	case 'x':
		p.hex(v)
	case 't', 'd':
		p.keyText(c, v, a[i+1])
	case 'c':
		p.keyCaps(v, a[i+1])
	case 'D':
		p.structAt(v, sDhParams)
	case 'K':
		p.kdf(v)
	case 'q':
		if p.out(v) {
			p.structAt(v, sPkeyQuery)
		}
	default:
		p.pkeyArg(c, v)
	}
}

// keyText prints what the call wrote to a buffer of n bytes: as much as it
// returned, if that fits.
func (p *printer) keyText(c byte, v, n uint64) {
	if !p.out(v) {
		return
	}
	n = min(n, uint64(p.c.Result))
	var end byte
	if c == 't' && n > 0 && peek(unsafe.Pointer(&end), 1, v+n-1) && end == 0 {
		n--
	}
	p.buf(v, n)
}

var (
	sDhParams  = []field{{"private", fKey, 0}, {"prime", fKey, 0}, {"base", fKey, 0}}
	sPkeyQuery = []field{{"supported_ops", fF32, xPkeyOps}, {"key_size", fU32, 0}, {"max_data_size", fU16, 0}, {"max_sig_size", fU16, 0},
		{"max_enc_size", fU16, 0}, {"max_dec_size", fU16, 0}, {"", fNonzero, 0}, {"", fTimes, 10}, {"__spare", fX32, 0}}
	sPkeyOut = []field{{"key_id", fKey, 0}, {"in_len", fU32, 0}, {"out_len", fU32, 0}, {"", fNonzero, 0}, {"", fTimes, 7}, {"__spare", fX32, 0}}
	sPkeyIn  = []field{{"key_id", fKey, 0}, {"in_len", fU32, 0}, {"in2_len", fU32, 0}, {"", fNonzero, 0}, {"", fTimes, 7}, {"__spare", fX32, 0}}
)

// pkeyArg prints an argument of the operations with a public key: O and o are
// the parameters, I what goes in, J more of it, W what comes out.
func (p *printer) pkeyArg(c byte, v uint64) {
	var n [3]uint32
	params := p.c.Args[1]
	ok := readable(params, sizeOf(sPkeyIn)) && peek(unsafe.Pointer(&n), 12, params)
	switch {
	case c == 'O':
		p.structAt(v, sPkeyOut)
	case c == 'o':
		p.structAt(v, sPkeyIn)
	case !ok:
		p.ptr(v)
	case c == 'I':
		p.buf(v, uint64(n[1]))
	case c == 'J':
		p.buf(v, uint64(n[2]))
	case p.out(v):
		p.buf(v, uint64(n[2]))
	}
}

// kdf prints struct keyctl_kdf_params.
func (p *printer) kdf(v uint64) {
	const size = 56
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	n := w.num(16, 4)
	p.Str("{hashname=")
	p.str(w.num(0, 8))
	p.field("otherinfo")
	if n != 0 {
		p.buf(w.num(8, 8), n)
	} else {
		p.ptr(w.num(8, 8))
	}
	p.fieldUint("otherinfolen", n)
	p.fieldsIn(&w, sKdfSpare, false)
	p.Byte('}')
}

var sKdfSpare = []field{{"", fAt, 20}, {"", fNonzero, 0}, {"", fTimes, 8}, {"__spare", fX32, 0}}

// keyCaps prints the bytes of KEYCTL_CAPABILITIES.
func (p *printer) keyCaps(v, n uint64) {
	if !p.out(v) {
		return
	}
	n = min(n, uint64(p.c.Result))
	var b byte
	for i := uint64(0); p.each(unsafe.Pointer(&b), 1, v, i, n); i++ {
		switch i {
		case 0:
			p.flags(xKeyCaps0, uint64(b))
		case 1:
			p.flags(xKeyCaps1, uint64(b))
		default:
			p.hex(uint64(b))
		}
	}
}
