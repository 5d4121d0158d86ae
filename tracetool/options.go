package tracetool

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// options are strace's options of the same letters.
type options struct {
	strLen     uint64    // -s
	column     int       // -a
	hexStrings int       // -x, -xx
	stamp      int       // -t, -tt, -ttt: 1, 2, 3; -r: 4
	verbose    bool      // -v
	duration   bool      // -T
	quiet      bool      // -q
	toFile     bool      // -o
	noFollow   bool      // the first thread only: strace without -f
	fdPaths    bool      // -y
	number     bool      // -n
	pc         bool      // -i
	status     status    // -z, -Z
	xlat       xlatStyle // -X
	zone       int64     // seconds east of UTC
	last       unix.Timespec
}

type status uint8

const (
	statusAll status = iota
	statusOK
	statusFailed
)

var opt = options{strLen: 32, column: 40}

// calls that are not printed, one bit each.
var hidden [16]uint64

func traced(nr int64) bool {
	if nr < 0 || nr >= int64(len(hidden))*64 {
		return hidden[len(hidden)-1]>>63 == 0
	}
	return hidden[nr/64]>>(nr%64)&1 == 0
}

// words holds the option string cut into words; NUL ends each.
var words [4096]byte

// split cuts s into words as a shell does, with '…', "…" and \, and returns
// how many bytes of words it filled, or -1.
func split(s string) int {
	n := 0
	quote := byte(0)
	inWord := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if n >= len(words)-2 {
			return -1
		}
		switch {
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				words[n] = 0
				n++
				inWord = false
			}
			continue
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			inWord = true
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == '\\' && quote != '\'' && i+1 < len(s):
			i++
			c = s[i]
		}
		words[n] = c
		n++
		inWord = true
	}
	if quote != 0 {
		return -1
	}
	if inWord {
		words[n] = 0
		n++
	}
	return n
}

// wordAt returns the word that begins at i, without its NUL.
func wordAt(i, n int) []byte {
	j := i
	for j < n && words[j] != 0 {
		j++
	}
	return words[i:j]
}

// parseOptions sets opt and hidden from the option string; it says what is
// wrong with it and returns false if something is.
func parseOptions(s string, execed bool) bool {
	n := split(s)
	if n < 0 {
		return complain("SYSTRAP_OPTIONS: unmatched quote, or too long", nil)
	}
	var file []byte
	appendTo := false
	for i := 0; i < n; {
		w := wordAt(i, n)
		i += len(w) + 1
		if string(w) == "--no-follow" {
			opt.noFollow = true
			continue
		}
		if len(w) < 2 || w[0] != '-' {
			return complain("not an option: ", w)
		}
		for j := 1; j < len(w); {
			c := w[j]
			j++
			var arg []byte
			if takesArg(c) {
				if j < len(w) {
					arg = w[j:]
				} else if i < n {
					arg = wordAt(i, n)
					i += len(arg) + 1
				} else {
					return complain("option requires an argument -- ", w[j-1:j])
				}
				j = len(w)
			}
			switch c {
			case 'f':
			case 'q':
				opt.quiet = w[len(w)-1] == 'q' && len(w) > 2
			case 'A':
				appendTo = true
			case 'v':
				opt.verbose = true
			case 'x':
				opt.hexStrings++
			case 't':
				opt.stamp++
			case 'r':
				opt.stamp = 4
			case 'T':
				opt.duration = true
			case 'y':
				if opt.fdPaths {
					return complain("this tracer does not know the option -yy", nil)
				}
				opt.fdPaths = true
			case 'n':
				opt.number = true
			case 'i':
				opt.pc = true
			case 'z':
				opt.status = statusOK
			case 'Z':
				opt.status = statusFailed
			case 'o':
				file = words[i-len(arg)-1 : i] // with its NUL
				opt.toFile = true
			case 's':
				v, ok := number(arg)
				if !ok {
					return invalid('s', arg)
				}
				opt.strLen = v
			case 'a':
				v, ok := number(arg)
				if !ok || v > 4096 {
					return invalid('a', arg)
				}
				opt.column = int(v)
			case 'X':
				v, ok := styleOf(arg)
				if !ok {
					return invalid('X', arg)
				}
				opt.xlat = v
			case 'e':
				if !qualify(arg) {
					return false
				}
			default:
				return unsupported(w[j-1 : j])
			}
		}
	}
	if file != nil && !execed {
		return openLog(file, appendTo)
	}
	return true
}

func takesArg(c byte) bool {
	switch c {
	case 'o', 's', 'a', 'e', 'P', 'E', 'I', 'O', 'S', 'U', 'X', 'b', 'p', 'u':
		return true
	}
	return false
}

// number reads a decimal number.
func number(b []byte) (v uint64, ok bool) {
	if len(b) == 0 || len(b) > 10 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + uint64(c-'0')
	}
	return v, v <= 0x7fffffff
}

func openLog(path []byte, appendTo bool) bool {
	e := systrap.OpenLog(path, appendTo)
	if e == 0 {
		return true
	}
	var buf [300]byte
	l := systrap.LineOn(buf[:])
	l.Str("Can't fopen '")
	l.Raw(path[:len(path)-1])
	l.Str("': ")
	if e > 0 && e < len(errnos) && errnos[e].name != "" {
		l.Str(errnos[e].text)
	} else {
		l.Int(int64(e))
	}
	systrap.Complain(&l)
	return false
}

// complain writes one line and returns false.
func complain(s string, b []byte) bool {
	var buf [300]byte
	l := systrap.LineOn(buf[:])
	l.Str(s)
	if b != nil {
		l.Byte('\'')
		l.Raw(b)
		l.Byte('\'')
	}
	systrap.Complain(&l)
	return false
}

func invalid(c byte, arg []byte) bool {
	var buf [300]byte
	l := systrap.LineOn(buf[:])
	l.Str("invalid -")
	l.Byte(c)
	l.Str(" argument: '")
	l.Raw(arg)
	l.Byte('\'')
	systrap.Complain(&l)
	return false
}

func unsupported(b []byte) bool { return complain("this tracer does not know the option -", b) }
