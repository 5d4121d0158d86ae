package tracetool

import "unsafe"

// kcmp prints the last arguments of kcmp(2), which only some types have.
func (p *printer) kcmp() step {
	a := &p.c.Args
	switch uint32(a[2]) {
	case 0: // KCMP_FILE
		p.fdOf(int32(a[0]), int32(a[3]))
		p.comma()
		p.fdOf(int32(a[1]), int32(a[4]))
	case 7: // KCMP_EPOLL_TFD
		p.fdOf(int32(a[0]), int32(a[3]))
		p.comma()
		var s [3]uint32
		if p.fetch(unsafe.Pointer(&s), 12, a[4]) {
			p.Str("{efd=")
			p.fdOf(int32(a[1]), int32(s[0]))
			p.field("tfd")
			p.fdOf(int32(a[1]), int32(s[1]))
			p.fieldUint("toff", uint64(s[2]))
			p.Byte('}')
		}
	case 1, 2, 3, 4, 5, 6:
		p.Truncate(p.Len() - len(", "))
	default:
		p.hex(a[3])
		p.comma()
		p.hex(a[4])
	}
	return last
}
