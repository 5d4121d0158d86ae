package tracetool

import (
	"unsafe"

	"libsystrap/systrap"
)

// printer writes the text of one call.
type printer struct {
	systrap.Line
	c *systrap.Call
	// base is the number of bytes of the record that are not in Line, as they
	// were written when the call was entered; rec is the whole record's room.
	base int
	rec  []byte
	// tid is the thread that the line is about, shown what is printed for it, 0 if that
	// is to be found out.
	tid, shown int
	// atPC says that -i's address follows, of a line that is not a call's.
	atPC bool
	// success says that a result that looks like an error is none: it was injected.
	success bool
	// injected says that the result is not the kernel's.
	injected bool
	// arg is the next argument.
	arg int
	// exit is true when the call has returned.
	exit bool
	// cont is true when p.arg has been begun when the call was entered.
	cont bool
	// allHex makes strings hexadecimal whatever -x says.
	allHex bool
	// family is that of the addresses in the structure being printed.
	family uint64
	// saved carries values from the entering part of a decoder to the other.
	saved [4]uint64
	// kept has room for more of them; nil if there is no record.
	kept *[keptNums]uint32
}

// keptNums is how many numbers a record keeps from a call's beginning to its
// end: as many as a call takes messages (IOV_MAX).
const keptNums = 1024

func (p *printer) keep(i int, v uint32) {
	if p.kept != nil && i < keptNums {
		p.kept[i] = v
	}
}

// keptOr returns number i that was kept, or v if none could be.
func (p *printer) keptOr(i int, v uint32) uint32 {
	if p.kept == nil || i >= keptNums {
		return v
	}
	return p.kept[i]
}

// verdicts of an argument's decoder.
type step uint8

const (
	next step = iota // the argument is printed
	wait             // it can be printed when the call has returned
	last             // it is printed with all that follow
)

// full says whether the call is printed unabbreviated.
func (p *printer) full() bool { return p.c != nil && !look.abbrev.has(p.c.Sysno) }

// hex is printf's %#llx: 0 is "0".
func (p *printer) hex(v uint64) {
	if v == 0 {
		p.Byte('0')
		return
	}
	p.Hex(v)
}

// ptr prints an address.
func (p *printer) ptr(v uint64) {
	if v == 0 {
		p.Str("NULL")
		return
	}
	p.Hex(v)
}

// failed says whether the call failed, once it has returned.
func (p *printer) failed() bool { return p.c.Failed() && !p.success }

// out says whether the kernel has filled in the object at addr; if not it
// prints the address.
func (p *printer) out(addr uint64) bool {
	if addr == 0 || p.failed() || !look.verb.has(p.c.Sysno) {
		p.ptr(addr)
		return false
	}
	return true
}

// fetch reads n bytes of the program's memory at addr to dst; if it cannot it
// prints the address.
func (p *printer) fetch(dst unsafe.Pointer, n int, addr uint64) bool {
	if addr == 0 || p.c != nil && !look.verb.has(p.c.Sysno) || systrap.Read(unsafe.Slice((*byte)(dst), n), addr) != n {
		p.ptr(addr)
		return false
	}
	return true
}

// peek reads like fetch, and prints nothing.
func peek(dst unsafe.Pointer, n int, addr uint64) bool {
	return addr != 0 && systrap.Read(unsafe.Slice((*byte)(dst), n), addr) == n
}

// field prints ", name=" (without the comma after a brace).
func (p *printer) field(name string) {
	p.Str(", ")
	p.Str(name)
	p.Byte('=')
}

// first prints "{name=".
func (p *printer) first(name string) {
	p.Byte('{')
	p.Str(name)
	p.Byte('=')
}

func (p *printer) fieldInt(name string, v int64) {
	p.field(name)
	p.Int(v)
}

func (p *printer) fieldUint(name string, v uint64) {
	p.field(name)
	p.Uint(v)
}

func (p *printer) fieldHex(name string, v uint64) {
	p.field(name)
	p.hex(v)
}

// id prints a user or group id: -1 means "no change".
func (p *printer) id(v uint32) {
	if v == 0xffffffff {
		p.Str("-1")
		return
	}
	p.Uint(uint64(v))
}

// comma prints the separator of arguments.
func (p *printer) comma() { p.Str(", ") }

func peekU32(v *uint32, addr uint64) bool { return peek(unsafe.Pointer(v), 4, addr) }
