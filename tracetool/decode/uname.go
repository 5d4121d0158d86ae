package tracetool

import (
	"unsafe"

	"libsystrap/systrap"
)

// utsLen is the size of each field of struct new_utsname.
const utsLen = 65

func (p *printer) utsname(addr uint64) {
	var b [utsLen]byte
	if !p.out(addr) {
		return
	}
	if systrap.Read(b[:], addr) != utsLen {
		p.Hex(addr)
		return
	}
	p.Str("{sysname=")
	p.cstr(b[:])
	p.utsField(&b, addr, 1, "nodename")
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.utsField(&b, addr, 2, "release")
	p.utsField(&b, addr, 3, "version")
	p.utsField(&b, addr, 4, "machine")
	p.utsField(&b, addr, 5, "domainname")
	p.Byte('}')
}

func (p *printer) utsField(b *[utsLen]byte, addr uint64, i uint64, name string) {
	if systrap.Read(b[:], addr+i*utsLen) == utsLen {
		p.field(name)
		p.cstr(b[:])
	}
}

func (p *printer) sysinfo(addr uint64) {
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
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&s), int(unsafe.Sizeof(s)), addr) {
		return
	}
	p.Str("{uptime=")
	p.Int(s.uptime)
	p.Str(", loads=[")
	p.Uint(s.loads[0])
	p.comma()
	p.Uint(s.loads[1])
	p.comma()
	p.Uint(s.loads[2])
	p.Byte(']')
	p.fieldUint("totalram", s.totalram)
	p.fieldUint("freeram", s.freeram)
	p.fieldUint("sharedram", s.shared)
	p.fieldUint("bufferram", s.buffer)
	p.fieldUint("totalswap", s.totalswap)
	p.fieldUint("freeswap", s.freeswap)
	p.fieldUint("procs", uint64(s.procs))
	p.fieldUint("totalhigh", s.totalhigh)
	p.fieldUint("freehigh", s.freehigh)
	p.fieldUint("mem_unit", uint64(s.unit))
	p.Byte('}')
}
