package tracetool

// Page faults handled by the process itself (userfaultfd(2),
// linux/userfaultfd.h).

var sUffdRange = []field{{"start", fX64, 0}, {"len", fX64, 0}}

var ioctlUffd = []ioctlArg{
	{cmd: cmdUFFDIO_API, k: iSpecial},
	{cmd: cmdUFFDIO_REGISTER, k: iGrow, s: []field{{"range", fOpen, 0}, {"start", fX64, 0}, {"len", fX64, 0}, {"", fClose, 0}, {"mode", fF64, xUffdMode}},
		s2: []field{{"", fAt, 24}, {"ioctls", fF64, xUffdIoctl}}},
	{cmd: cmdUFFDIO_UNREGISTER, k: iStruct, s: sUffdRange}, {cmd: cmdUFFDIO_WAKE, k: iStruct, s: sUffdRange},
	{cmd: cmdUFFDIO_COPY, k: iGrow, s: []field{{"dst", fX64, 0}, {"src", fX64, 0}, {"len", fX64, 0}, {"mode", fF64, xUffdCopy}},
		s2: []field{{"", fAt, 32}, {"copy", fX64, 0}}},
	{cmd: cmdUFFDIO_ZEROPAGE, k: iGrow, s: []field{{"range", fOpen, 0}, {"start", fX64, 0}, {"len", fX64, 0}, {"", fClose, 0}, {"mode", fF64, xUffdZero}},
		s2: []field{{"", fAt, 24}, {"zeropage", fX64, 0}}},
}

// uffdAPI prints struct uffdio_api; the kernel adds to the features.
func (p *printer) uffdAPI(v uint64) step {
	const size = 24
	w := window{addr: v, end: size}
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		p.Str("{api=")
		p.hex(w.num(0, 8))
		p.field("features")
		p.saved[0] = w.num(8, 8)
		p.flags(xUffdFeature, p.saved[0])
		if !p.exit {
			return wait
		}
	}
	if !p.failed() && readable(v, size) {
		if f := w.num(8, 8); f != p.saved[0] {
			p.Str(" => features=")
			p.flags(xUffdFeature, f)
		}
		p.field("ioctls")
		p.flags(xUffdApi, w.num(16, 8))
	}
	p.Byte('}')
	return last
}
