package decode

import (
	"unsafe"

	"libsystrap/tracetool/text"
)

// kcmp prints the last arguments of kcmp(2), which only some types have.
func kcmp(p *text.Printer) text.Step {
	a := &p.C.Args
	switch uint32(a[2]) {
	case 0: // KCMP_FILE
		p.FdOf(int32(a[0]), int32(a[3]))
		p.Comma()
		p.FdOf(int32(a[1]), int32(a[4]))
	case 7: // KCMP_EPOLL_TFD
		p.FdOf(int32(a[0]), int32(a[3]))
		p.Comma()
		var s [3]uint32
		if p.Fetch(unsafe.Pointer(&s), 12, a[4]) {
			p.Str("{efd=")
			p.FdOf(int32(a[1]), int32(s[0]))
			p.Field("tfd")
			p.FdOf(int32(a[1]), int32(s[1]))
			p.FieldUint("toff", uint64(s[2]))
			p.Byte('}')
		}
	case 1, 2, 3, 4, 5, 6:
		p.Truncate(p.Len() - len(", "))
	default:
		p.AltHex(a[3])
		p.Comma()
		p.AltHex(a[4])
	}
	return text.Last
}
