package tracetool

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
)

// Goroutine stacks stay where they are: systrap.Read passes the addresses of locals to
// the kernel as numbers, which is right where the tool runs (its stack never moves) and
// under the Go runtime needs a stack that is large already (growStack) and is never shrunk.
func init() { debug.SetGCPercent(-1) }

// growStack makes the goroutine's stack larger than any test needs.
//
//go:noinline
func growStack() byte {
	var big [64 << 10]byte
	for i := range big {
		big[i] = byte(i)
	}
	return big[len(os.Args)]
}

// keep is where the line is printed.
var keep [32 << 10]byte

// entered prints what is printed when a call is entered.
func entered(c *systrap.Call) (line string, p printer) {
	growStack()
	r, ok := lookup(c.Sysno)
	p = printer{c: c, Line: systrap.LineOn(keep[:]), kept: new([keptNums]uint32)}
	p.title(r, ok)
	p.args(r, false)
	if p.arg < len(r.args) {
		p.presave(r)
	}
	return string(p.Bytes()), p
}

// end prints the rest.
func end(in string, p printer) string {
	r, _ := lookup(p.c.Sysno)
	q := printer{c: p.c, exit: true, cont: p.arg < len(r.args), arg: p.arg, saved: p.saved, kept: p.kept, base: len(in)}
	q.Line = systrap.LineOn(keep[len(in):])
	if q.cont {
		q.args(r, true)
	}
	q.result(r.ret)
	return in + string(q.Bytes())
}

// do makes the call and returns the line printed for it.
func do(nr int, args ...uintptr) string {
	c := &systrap.Call{Sysno: int64(nr)}
	var a [6]uintptr
	for i, v := range args {
		a[i] = v
		c.Args[i] = uint64(v)
	}
	in, p := entered(c)
	r, _, e := unix.Syscall6(uintptr(nr), a[0], a[1], a[2], a[3], a[4], a[5])
	c.Result = int64(r)
	if e != 0 {
		c.Result = -int64(e)
	}
	return end(in, p)
}

// as prints a call with the result given, without making it.
func as(result int64, nr int, args ...uintptr) string {
	c := &systrap.Call{Sysno: int64(nr)}
	for i, v := range args {
		c.Args[i] = uint64(v)
	}
	in, p := entered(c)
	c.Result = result
	return end(in, p)
}

// mem puts v where the collector does not move it and returns its address.
func mem[T any](v T) uintptr {
	p := new(T)
	*p = v
	kept = append(kept, p)
	return uintptr(unsafe.Pointer(p))
}

var kept []any

func cstring(s string) uintptr {
	b := append([]byte(s), 0)
	kept = append(kept, &b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

// wantLine compares a line with what strace printed for the same call; ‹hex›
// stands for any address, whose length decides how far the result is padded.
func wantLine(t *testing.T, got, want string) {
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

const minus1 = ^uintptr(0)
const u32 = 0xffffffff

// inStyle runs f with -X of that style.
func inStyle(s xlatStyle, f func()) {
	old := look.xlat
	look.xlat = s
	f()
	look.xlat = old
}

// unabbreviated runs f with -v.
func unabbreviated(f func()) {
	old := look.abbrev
	look.abbrev = numbers{}
	f()
	look.abbrev = old
}

// le returns the values one after the other, little-endian.
func le(vs ...any) (b []byte) {
	for _, v := range vs {
		if s, ok := v.([]byte); ok {
			b = append(b, s...)
			continue
		}
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return b
}

func ptrAt(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// verbosely sets -v for one test.
func verbosely(t *testing.T) {
	t.Helper()
	seen := look
	look.abbrev = numbers{}
	t.Cleanup(func() { look = seen })
}

// lastBytes puts bytes there.
func lastBytes(t *testing.T, bytes ...byte) uintptr {
	const page = 4096
	b, err := unix.Mmap(-1, 0, 2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err == nil {
		err = unix.Mprotect(b[page:], unix.PROT_NONE)
	}
	if err != nil {
		t.Fatal(err)
	}
	kept = append(kept, b)
	copy(b[page-len(bytes):], bytes)
	return uintptr(unsafe.Pointer(&b[page-len(bytes)]))
}

// lastPage returns the address n bytes before memory that cannot be read.
func lastPage(t *testing.T, n uintptr) uintptr { return lastBytes(t, make([]byte, n)...) }
