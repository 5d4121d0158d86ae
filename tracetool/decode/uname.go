package decode

import (
	"unsafe"

	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// utsLen is the size of each field of struct new_utsname.
const utsLen = 65

func utsname(p *text.Printer, addr uint64) {
	var b [utsLen]byte
	if !p.Out(addr) {
		return
	}
	if systrap.Read(b[:], addr) != utsLen {
		p.Hex(addr)
		return
	}
	p.Str("{sysname=")
	p.Cstr(b[:])
	utsField(p, &b, addr, 1, "nodename")
	if !p.Full() {
		p.Str(", ...}")
		return
	}
	utsField(p, &b, addr, 2, "release")
	utsField(p, &b, addr, 3, "version")
	utsField(p, &b, addr, 4, "machine")
	utsField(p, &b, addr, 5, "domainname")
	p.Byte('}')
}

func utsField(p *text.Printer, b *[utsLen]byte, addr uint64, i uint64, name string) {
	if systrap.Read(b[:], addr+i*utsLen) == utsLen {
		p.Field(name)
		p.Cstr(b[:])
	}
}

func sysinfo(p *text.Printer, addr uint64) {
	var s struct {
		uptime                                                 int64
		loads                                                  [3]uint64
		totalram, freeram, shared, buffer, totalswap, freeswap uint64
		procs, _                                               uint16
		_                                                      uint32
		totalhigh, freehigh                                    uint64
		unit                                                   uint32
		_                                                      uint32
	}
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&s), int(unsafe.Sizeof(s)), addr) {
		return
	}
	p.Str("{uptime=")
	p.Int(s.uptime)
	p.Str(", loads=[")
	p.Uint(s.loads[0])
	p.Comma()
	p.Uint(s.loads[1])
	p.Comma()
	p.Uint(s.loads[2])
	p.Byte(']')
	p.FieldUint("totalram", s.totalram)
	p.FieldUint("freeram", s.freeram)
	p.FieldUint("sharedram", s.shared)
	p.FieldUint("bufferram", s.buffer)
	p.FieldUint("totalswap", s.totalswap)
	p.FieldUint("freeswap", s.freeswap)
	p.FieldUint("procs", uint64(s.procs))
	p.FieldUint("totalhigh", s.totalhigh)
	p.FieldUint("freehigh", s.freehigh)
	p.FieldUint("mem_unit", uint64(s.unit))
	p.Byte('}')
}
