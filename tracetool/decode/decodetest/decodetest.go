package decodetest

import (
	"encoding/binary"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// Goroutine stacks stay where they are: systrap.Read passes the addresses of locals to
// the kernel as numbers, which is right where the tool runs (its stack never moves) and
// under the Go runtime needs a stack that is large already (growStack) and is never shrunk.
func init() { debug.SetGCPercent(-1) }

// GrowStack makes the goroutine's stack larger than any test needs.
//
//go:noinline
func GrowStack() byte {
	var big [64 << 10]byte
	for i := range big {
		big[i] = byte(i)
	}
	return big[len(os.Args)]
}

// Keep is where the line is printed.
var Keep [32 << 10]byte

// Entered prints what is printed when a call is entered.
func Entered(c *systrap.Call) (line string, p text.Printer) {
	GrowStack()
	r, ok := decode.Lookup(c.Sysno)
	p = text.Printer{C: c, Line: systrap.LineOn(Keep[:]), Kept: new([text.MaxKept]uint32)}
	decode.Title(&p, r, ok)
	decode.Args(&p, r, false)
	if p.Arg < len(r.Args) {
		decode.Presave(&p, r)
	}
	return string(p.Bytes()), p
}

// End prints the rest.
func End(in string, p text.Printer) string {
	r, _ := decode.Lookup(p.C.Sysno)
	q := text.Printer{C: p.C, Exit: true, Cont: p.Arg < len(r.Args), Arg: p.Arg, Saved: p.Saved, Kept: p.Kept, Base: len(in)}
	q.Line = systrap.LineOn(Keep[len(in):])
	if q.Cont {
		decode.Args(&q, r, true)
	}
	decode.Result(&q, r.Result)
	return in + string(q.Bytes())
}

// Do makes the call and returns the line printed for it.
func Do(nr int, args ...uintptr) string {
	c := &systrap.Call{Sysno: int64(nr)}
	var a [6]uintptr
	for i, v := range args {
		a[i] = v
		c.Args[i] = uint64(v)
	}
	in, p := Entered(c)
	r, _, e := unix.Syscall6(uintptr(nr), a[0], a[1], a[2], a[3], a[4], a[5])
	c.Result = int64(r)
	if e != 0 {
		c.Result = -int64(e)
	}
	return End(in, p)
}

// As prints a call with the result given, without making it.
func As(result int64, nr int, args ...uintptr) string {
	c := &systrap.Call{Sysno: int64(nr)}
	for i, v := range args {
		c.Args[i] = uint64(v)
	}
	in, p := Entered(c)
	c.Result = result
	return End(in, p)
}

// Mem puts v where the collector does not move it and returns its address.
func Mem[T any](v T) uintptr {
	p := new(T)
	*p = v
	Kept = append(Kept, p)
	return uintptr(unsafe.Pointer(p))
}

var Kept []any

func Cstring(s string) uintptr {
	b := append([]byte(s), 0)
	Kept = append(Kept, &b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

// WantLine compares a line with what strace printed for the same call; ‹hex›
// stands for any address, whose length decides how far the result is padded.
func WantLine(t *testing.T, got, want string) {
	t.Helper()
	if strings.Contains(want, "‹hex›") {
		got, want = resultPadding.ReplaceAllString(got, ") = "), resultPadding.ReplaceAllString(want, ") = ")
	}
	parts := strings.Split(want, "‹hex›")
	rest := got
	for i, part := range parts {
		if !strings.HasPrefix(rest, part) {
			t.Errorf("\n got %s\nwant %s", got, want)
			return
		}
		rest = rest[len(part):]
		if i < len(parts)-1 {
			if !strings.HasPrefix(rest, "0x") {
				t.Errorf("no address: \n got %s\nwant %s", got, want)
				return
			}
			rest = strings.TrimLeft(rest[2:], "0123456789abcdef")
		}
	}
	if rest != "" {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

var resultPadding = regexp.MustCompile(`\) +=( |$)`)

const Minus1 = ^uintptr(0)
const U32 = 0xffffffff

// InStyle runs f with -X of that style.
func InStyle(s text.Style, f func()) {
	old := text.Opt.Style
	text.Opt.Style = s
	f()
	text.Opt.Style = old
}

// Unabbreviated runs f with -v.
func Unabbreviated(f func()) {
	old := text.Opt.Abbrev
	text.Opt.Abbrev = text.Numbers{}
	f()
	text.Opt.Abbrev = old
}

// Le returns the values one after the other, little-endian.
func Le(vs ...any) (b []byte) {
	for _, v := range vs {
		if s, ok := v.([]byte); ok {
			b = append(b, s...)
			continue
		}
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return b
}

func PtrAt(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// Verbosely sets -v for one test.
func Verbosely(t *testing.T) {
	t.Helper()
	seen := text.Opt
	text.Opt.Abbrev = text.Numbers{}
	t.Cleanup(func() { text.Opt = seen })
}

// LastBytes puts bytes there.
func LastBytes(t *testing.T, bytes ...byte) uintptr {
	const page = 4096
	b, err := unix.Mmap(-1, 0, 2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err == nil {
		err = unix.Mprotect(b[page:], unix.PROT_NONE)
	}
	if err != nil {
		t.Fatal(err)
	}
	Kept = append(Kept, b)
	copy(b[page-len(bytes):], bytes)
	return uintptr(unsafe.Pointer(&b[page-len(bytes)]))
}

// LastPage returns the address n bytes before memory that cannot be read.
func LastPage(t *testing.T, n uintptr) uintptr { return LastBytes(t, make([]byte, n)...) }
