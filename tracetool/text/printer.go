package text

import (
	"unsafe"

	"libsystrap/systrap"
)

// Printer writes the text of one call.
type Printer struct {
	systrap.Line
	C *systrap.Call
	// Base is the number of bytes of the record that are not in Line, as they
	// were written when the call was entered; rec is the whole record's room.
	Base int
	Rec  []byte
	// tid is the thread that the line is about, shown what is printed for it, 0 if that
	// is to be found out.
	Tid, Shown int
	// EnvAt is what is printed as the address of execve's environment, if it is not where that lies; or 0.
	EnvAt uint64
	// AtPC says that -i's address follows, of a line that is not a call's.
	AtPC bool
	// Success says that a result that looks like an error is none: it was injected.
	Success bool
	// Injected says that the result is not the kernel's.
	Injected bool
	// Arg is the next argument.
	Arg int
	// Exit is true when the call has returned.
	Exit bool
	// Cont is true when p.arg has been begun when the call was entered.
	Cont bool
	// AllHex makes strings hexadecimal whatever -x says.
	AllHex bool
	// Family is that of the addresses in the structure being printed.
	Family uint64
	// Saved carries values from the entering part of a decoder to the other.
	Saved [4]uint64
	// Kept has room for more of them; nil if there is no record.
	Kept *[MaxKept]uint32
}

// MaxKept is how many numbers a record keeps from a call's beginning to its
// end: as many as a call takes messages (IOV_MAX).
const MaxKept = 1024

func (p *Printer) Keep(i int, v uint32) {
	if p.Kept != nil && i < MaxKept {
		p.Kept[i] = v
	}
}

// KeptOr returns number i that was kept, or v if none could be.
func (p *Printer) KeptOr(i int, v uint32) uint32 {
	if p.Kept == nil || i >= MaxKept {
		return v
	}
	return p.Kept[i]
}

// verdicts of an argument's decoder.
type Step uint8

const (
	Next Step = iota // the argument is printed
	Wait             // it can be printed when the call has returned
	Last             // it is printed with all that follow
)

// Full says whether the call is printed unabbreviated.
func (p *Printer) Full() bool { return p.C != nil && !Opt.Abbrev.Has(p.C.Sysno) }

// AltHex is printf's %#llx: 0 is "0".
func (p *Printer) AltHex(v uint64) {
	if v == 0 {
		p.Byte('0')
		return
	}
	p.Hex(v)
}

// Ptr prints an address.
func (p *Printer) Ptr(v uint64) {
	if v == 0 {
		p.Str("NULL")
		return
	}
	p.Hex(v)
}

// Failed says whether the call failed, once it has returned.
func (p *Printer) Failed() bool { return p.C.Failed() && !p.Success }

// Out says whether the kernel has filled in the object at addr; if not it
// prints the address.
func (p *Printer) Out(addr uint64) bool {
	if addr == 0 || p.Failed() || !Opt.Verb.Has(p.C.Sysno) {
		p.Ptr(addr)
		return false
	}
	return true
}

// Fetch reads n bytes of the program's memory at addr to dst; if it cannot it
// prints the address.
func (p *Printer) Fetch(dst unsafe.Pointer, n int, addr uint64) bool {
	if addr == 0 || p.C != nil && !Opt.Verb.Has(p.C.Sysno) || systrap.Read(unsafe.Slice((*byte)(dst), n), addr) != n {
		p.Ptr(addr)
		return false
	}
	return true
}

// Peek reads like fetch, and prints nothing.
func Peek(dst unsafe.Pointer, n int, addr uint64) bool {
	return addr != 0 && systrap.Read(unsafe.Slice((*byte)(dst), n), addr) == n
}

// Field prints ", name=" (without the comma after a brace).
func (p *Printer) Field(name string) {
	p.Str(", ")
	p.Str(name)
	p.Byte('=')
}

// First prints "{name=".
func (p *Printer) First(name string) {
	p.Byte('{')
	p.Str(name)
	p.Byte('=')
}

func (p *Printer) FieldInt(name string, v int64) {
	p.Field(name)
	p.Int(v)
}

func (p *Printer) FieldUint(name string, v uint64) {
	p.Field(name)
	p.Uint(v)
}

func (p *Printer) FieldHex(name string, v uint64) {
	p.Field(name)
	p.AltHex(v)
}

// ID prints a user or group id: -1 means "no change".
func (p *Printer) ID(v uint32) {
	if v == 0xffffffff {
		p.Str("-1")
		return
	}
	p.Uint(uint64(v))
}

// Comma prints the separator of arguments.
func (p *Printer) Comma() { p.Str(", ") }

func PeekUint32(v *uint32, addr uint64) bool { return Peek(unsafe.Pointer(v), 4, addr) }
