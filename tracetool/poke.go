package tracetool

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// poke is one @argN=DATA of poke_enter= or poke_exit=: bytes that are written to
// where an argument points.
type poke struct {
	arg  uint8 // from 0 on
	exit bool
	by   uint8 // the injection, plus one
	at   uint16
	n    uint16
}

// The pokes of all injections and their bytes.
var (
	pokes     [64]poke
	pokeN     int
	pokeBytes [16384]byte
	pokeUsed  int
)

// parsePokes reads a list of @argN=DATA, DATA being hexadecimal.
func parsePokes(s string, exit bool) bool {
	if s == "" {
		return false
	}
	for {
		var w string
		if w, s = token(s, ','); w == "" {
			return true
		}
		const head = "@arg"
		if len(w) < len(head)+2 || !text.HasPrefix(w, head) || w[5] != '=' || w[4] < '1' || w[4] > '7' {
			return false
		}
		arg, data := w[4]-'1', w[6:]
		if data == "" || len(data)%2 != 0 || len(data) > 2048 || pokeN == len(pokes) || pokeUsed+len(data)/2 > len(pokeBytes) {
			return false
		}
		for _, k := range pokes[:pokeN] {
			if int(k.by) == injectN+1 && k.arg == arg && k.exit == exit {
				return false
			}
		}
		pokes[pokeN] = poke{arg: arg, exit: exit, by: uint8(injectN + 1), at: uint16(pokeUsed), n: uint16(len(data) / 2)}
		for i := 0; i < len(data); i += 2 {
			hi, lo := hexDigit(data[i]), hexDigit(data[i+1])
			if hi < 0 || lo < 0 {
				return false
			}
			pokeBytes[pokeUsed] = byte(hi<<4 | lo)
			pokeUsed++
		}
		pokeN++
	}
}

func hexDigit(c byte) int {
	switch c = lower(c); {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// doPokes writes the bytes of the injection by (plus one); it says whether any
// were written.
func doPokes(c *systrap.Call, by uint8, exit bool) (written bool) {
	for i := range pokes[:pokeN] {
		k := &pokes[i]
		if k.by != by || k.exit != exit {
			continue
		}
		if row, _ := decode.Lookup(c.Sysno); int(k.arg) >= row.Count() {
			noSuchArg(int(k.arg)+1, row, c.Sysno)
			continue
		}
		b := pokeBytes[k.at : k.at+k.n]
		n := systrap.Write(c.Args[k.arg], b)
		if n > 0 {
			written = true
		}
		if n < len(b) {
			shortPoke(n, len(b), c.Args[k.arg])
		}
	}
	return written
}

// noSuchArg says that a call has no argument number i, from 1 on.
//
//go:noinline
func noSuchArg(i int, row *abi.Call, nr int64) {
	var buf [200]byte
	l := systrap.LineOn(buf[:])
	tampering(&l)
	l.Str("requested to tamper with argument #")
	l.Uint(uint64(i))
	l.Str(", but system call '")
	l.Str(row.Name)
	l.Str("' has only ")
	l.Uint(uint64(row.Count()))
	l.Str(" arguments\n")
	warn(l.Bytes())
}

// shortPoke says that of n bytes only some could be written.
//
//go:noinline
func shortPoke(written, n int, addr uint64) {
	var buf [200]byte
	l := systrap.LineOn(buf[:])
	if written == 0 {
		tampering(&l)
		l.Str("couldn't poke\n")
		warn(l.Bytes())
		return
	}
	l.Str("pid:")
	l.Uint(uint64(systrap.Tid()))
	l.Str(" short write (")
	l.Uint(uint64(written))
	l.Str(" < ")
	l.Uint(uint64(n))
	l.Str(") @")
	l.Hex(addr)
	l.Byte('\n')
	warn(l.Bytes())
}

func tampering(l *systrap.Line) {
	l.Str("Failed to tamper with process ")
	l.Uint(uint64(systrap.Tid()))
	l.Str(": ")
}
