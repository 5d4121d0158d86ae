package ioctl

// What comes behind a struct dm_ioctl.

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// dmArea is the memory of a command: the data is from start to end, offsets
// from addr.
type dmArea struct{ addr, start, end uint64 }

// dmPayload prints a command's data, which only -v shows.
func dmPayload(p *text.Printer, cmd uint32, a dmArea, targets uint64, done bool) {
	switch cmd {
	case names.DM_DEV_RENAME, names.DM_DEV_SET_GEOMETRY:
		if done {
			return
		}
	case names.DM_TARGET_MSG:
		if done || a.start == a.end {
			return
		}
	case names.DM_TABLE_LOAD:
		if done || targets == 0 {
			return
		}
	case names.DM_TABLE_STATUS, names.DM_DEV_WAIT:
		if !done || targets == 0 {
			return
		}
	case names.DM_LIST_DEVICES, names.DM_LIST_VERSIONS, names.DM_TABLE_DEPS:
		if !done || a.start == a.end {
			return
		}
	default:
		return
	}
	p.Comma()
	if !p.Full() {
		p.Str("...")
		return
	}
	switch cmd {
	case names.DM_DEV_RENAME, names.DM_DEV_SET_GEOMETRY:
		if a.start > a.end {
			dmMisplaced(p, "string")
			break
		}
		p.Str("{string=")
		p.Zstrn(a.addr+a.start, a.end-a.start)
		p.Byte('}')
	case names.DM_TARGET_MSG:
		dmMessage(p, a)
	case names.DM_TABLE_DEPS:
		dmDeps(p, a)
	case names.DM_LIST_DEVICES, names.DM_LIST_VERSIONS:
		dmList(p, a, cmd == names.DM_LIST_DEVICES)
	default:
		dmTable(p, a, targets, done)
	}
}

func dmMisplaced(p *text.Printer, what string) {
	p.Str("??? /* misplaced ")
	p.Str(what)
	p.Str(" */")
}

// dmMessage prints struct dm_target_msg.
func dmMessage(p *text.Printer, a dmArea) {
	const size = 8
	var sector uint64
	at := a.addr + a.start
	if a.start+size > a.end {
		dmMisplaced(p, "struct dm_target_msg")
	} else if p.Fetch(unsafe.Pointer(&sector), size, at) {
		p.First("sector")
		p.Uint(sector)
		p.Field("message")
		p.Zstrn(at+size, a.end-a.start-size)
		p.Byte('}')
	}
}

// dmDeps prints struct dm_target_deps.
func dmDeps(p *text.Printer, a dmArea) {
	const size = 8
	var count uint32
	at := a.addr + a.start
	switch {
	case a.start+size > a.end:
		dmMisplaced(p, "struct dm_target_deps")
	case !text.Readable(at, size) || !text.Peek(unsafe.Pointer(&count), 4, at):
		p.Ptr(at)
	case uint64(count) > (a.end-a.start-size)/8:
		dmMisplaced(p, "struct dm_target_deps")
	default:
		p.First("count")
		p.Uint(uint64(count))
		p.Field("deps")
		var dev uint64
		for i := uint64(0); p.Each(unsafe.Pointer(&dev), 8, at+size, i, uint64(count)); i++ {
			p.Dev(dev)
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
func dmTable(p *text.Printer, a dmArea, n uint64, done bool) {
	const size, chars, typeAt, typeLen = 40, 40, 24, 16
	var s dmSpec
	off, least := a.start, a.start
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		at := a.addr + off
		switch {
		case i >= text.Opt.StrLen:
			p.Str("...")
			return
		case off < least || off+size > a.end:
			dmMisplaced(p, "struct dm_target_spec")
			return
		case !text.Readable(at, size) || !text.Peek(unsafe.Pointer(&s), typeAt, at):
			p.Ptr(at)
			return
		}
		p.First("sector_start")
		p.Uint(s.start)
		p.FieldUint("length", s.length)
		if done {
			p.FieldInt("status", int64(s.status))
		}
		p.Field("target_type")
		charArrayAt(p, at+typeAt, typeLen)
		p.Field("string")
		p.Zstrn(at+size, a.end-off-size)
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
func charArrayAt(p *text.Printer, addr, n uint64) {
	w := text.Window{Addr: addr, End: n}
	p.CharArray(&w, 0, n)
}

// dmList prints a list of struct dm_name_list or dm_target_versions.
func dmList(p *text.Printer, a dmArea, devices bool) {
	const size = 16
	var e [4]uint32 // dev, next; or next, version
	what, chars, nextAt := "struct dm_target_versions", uint64(size), 0
	if devices {
		what, chars, nextAt = "struct dm_name_list", 12, 2
	}
	off, least := a.start, a.start
	for i := uint64(0); ; i++ {
		if i > 0 {
			p.Comma()
		}
		at := a.addr + off
		switch {
		case i >= text.Opt.StrLen:
			p.Str("...")
			return
		case off < least || off+size > a.end:
			dmMisplaced(p, what)
			return
		case !text.Peek(unsafe.Pointer(&e), size, at):
			p.Ptr(at)
			return
		}
		if devices {
			p.First("dev")
			p.Dev(uint64(e[1])<<32 | uint64(e[0]))
			p.Field("name")
		} else {
			p.First("name")
		}
		p.Zstrn(at+chars, a.end-off-chars)
		if !devices {
			p.Str(", version=[")
			p.Uint(uint64(e[1]))
			p.Comma()
			p.Uint(uint64(e[2]))
			p.Comma()
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
