package tracetool

// What comes behind a struct dm_ioctl.

import "unsafe"

// dmArea is the memory of a command: the data is from start to end, offsets
// from addr.
type dmArea struct{ addr, start, end uint64 }

// dmPayload prints a command's data, which only -v shows.
func (p *printer) dmPayload(cmd uint32, a dmArea, targets uint64, done bool) {
	switch cmd {
	case cmdDM_DEV_RENAME, cmdDM_DEV_SET_GEOMETRY:
		if done {
			return
		}
	case cmdDM_TARGET_MSG:
		if done || a.start == a.end {
			return
		}
	case cmdDM_TABLE_LOAD:
		if done || targets == 0 {
			return
		}
	case cmdDM_TABLE_STATUS, cmdDM_DEV_WAIT:
		if !done || targets == 0 {
			return
		}
	case cmdDM_LIST_DEVICES, cmdDM_LIST_VERSIONS, cmdDM_TABLE_DEPS:
		if !done || a.start == a.end {
			return
		}
	default:
		return
	}
	p.comma()
	if !p.full() {
		p.Str("...")
		return
	}
	switch cmd {
	case cmdDM_DEV_RENAME, cmdDM_DEV_SET_GEOMETRY:
		if a.start > a.end {
			p.dmMisplaced("string")
			break
		}
		p.Str("{string=")
		p.zstrn(a.addr+a.start, a.end-a.start)
		p.Byte('}')
	case cmdDM_TARGET_MSG:
		p.dmMessage(a)
	case cmdDM_TABLE_DEPS:
		p.dmDeps(a)
	case cmdDM_LIST_DEVICES, cmdDM_LIST_VERSIONS:
		p.dmList(a, cmd == cmdDM_LIST_DEVICES)
	default:
		p.dmTable(a, targets, done)
	}
}

func (p *printer) dmMisplaced(what string) {
	p.Str("??? /* misplaced ")
	p.Str(what)
	p.Str(" */")
}

// dmMessage prints struct dm_target_msg.
func (p *printer) dmMessage(a dmArea) {
	const size = 8
	var sector uint64
	at := a.addr + a.start
	if a.start+size > a.end {
		p.dmMisplaced("struct dm_target_msg")
	} else if p.fetch(unsafe.Pointer(&sector), size, at) {
		p.first("sector")
		p.Uint(sector)
		p.field("message")
		p.zstrn(at+size, a.end-a.start-size)
		p.Byte('}')
	}
}

// dmDeps prints struct dm_target_deps.
func (p *printer) dmDeps(a dmArea) {
	const size = 8
	var count uint32
	at := a.addr + a.start
	switch {
	case a.start+size > a.end:
		p.dmMisplaced("struct dm_target_deps")
	case !readable(at, size) || !peek(unsafe.Pointer(&count), 4, at):
		p.ptr(at)
	case uint64(count) > (a.end-a.start-size)/8:
		p.dmMisplaced("struct dm_target_deps")
	default:
		p.first("count")
		p.Uint(uint64(count))
		p.field("deps")
		var dev uint64
		for i := uint64(0); p.each(unsafe.Pointer(&dev), 8, at+size, i, uint64(count)); i++ {
			p.dev(dev)
		}
		p.Byte('}')
	}
}

// dmSpec is the head of a struct dm_target_spec.
type dmSpec struct {
	start, length uint64
	status        int32
	next          uint32
}

// dmTable prints n struct dm_target_spec, in which next counts from the
// structure it is in, or from the first if they come from the kernel.
func (p *printer) dmTable(a dmArea, n uint64, done bool) {
	const size, chars, typeAt, typeLen = 40, 40, 24, 16
	var s dmSpec
	off, least := a.start, a.start
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		at := a.addr + off
		switch {
		case i >= look.strLen:
			p.Str("...")
			return
		case off < least || off+size > a.end:
			p.dmMisplaced("struct dm_target_spec")
			return
		case !readable(at, size) || !peek(unsafe.Pointer(&s), typeAt, at):
			p.ptr(at)
			return
		}
		p.first("sector_start")
		p.Uint(s.start)
		p.fieldUint("length", s.length)
		if done {
			p.fieldInt("status", int64(s.status))
		}
		p.field("target_type")
		p.charArrayAt(at+typeAt, typeLen)
		p.field("string")
		p.zstrn(at+size, a.end-off-size)
		p.Byte('}')
		least = off + chars + 1 // behind the NUL of an empty string
		if done {
			off = a.start
		}
		off += uint64(s.next)
	}
}

// charArrayAt prints the char [n] at addr, which can be read.
//
//go:noinline
func (p *printer) charArrayAt(addr, n uint64) {
	w := window{addr: addr, end: n}
	p.charArray(&w, 0, n)
}

// dmList prints a list of struct dm_name_list or dm_target_versions.
func (p *printer) dmList(a dmArea, devices bool) {
	const size = 16
	var e [4]uint32 // dev, next; or next, version
	what, chars, nextAt := "struct dm_target_versions", uint64(size), 0
	if devices {
		what, chars, nextAt = "struct dm_name_list", 12, 2
	}
	off, least := a.start, a.start
	for i := uint64(0); ; i++ {
		if i > 0 {
			p.comma()
		}
		at := a.addr + off
		switch {
		case i >= look.strLen:
			p.Str("...")
			return
		case off < least || off+size > a.end:
			p.dmMisplaced(what)
			return
		case !peek(unsafe.Pointer(&e), size, at):
			p.ptr(at)
			return
		}
		if devices {
			p.first("dev")
			p.dev(uint64(e[1])<<32 | uint64(e[0]))
			p.field("name")
		} else {
			p.first("name")
		}
		p.zstrn(at+chars, a.end-off-chars)
		if !devices {
			p.Str(", version=[")
			p.Uint(uint64(e[1]))
			p.comma()
			p.Uint(uint64(e[2]))
			p.comma()
			p.Uint(uint64(e[3]))
			p.Byte(']')
		}
		p.Byte('}')
		if e[nextAt] == 0 {
			return
		}
		least = off + chars + 1 // behind the NUL of an empty string
		off += uint64(e[nextAt])
	}
}
