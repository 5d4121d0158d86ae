package ioctl

// What btrfs was asked to find, and what it found.

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// btrfsKey prints struct btrfs_ioctl_search_key.
func btrfsKey(p *text.Printer, w *text.Window) {
	const firstFree, lastFree = 256, 1<<64 - 256 // BTRFS_FIRST_FREE_OBJECTID, BTRFS_LAST_FREE_OBJECTID
	p.Str("key={")
	p.FieldsIn(w, sBtrfsKeyTree, true)
	if p.Full() || w.Num(8, 8) != firstFree {
		p.FieldsIn(w, sBtrfsKeyMin, false)
	}
	if p.Full() || w.Num(16, 8) != lastFree {
		p.FieldsIn(w, sBtrfsKeyMax, false)
	}
	p.FieldsIn(w, sBtrfsKeyRest, false)
	p.Byte('}')
}

// btrfsFound prints the items that a search has put into its buffer.
func btrfsFound(p *text.Printer, w *text.Window, v2 bool) {
	const itemsAt, head = 64, 32
	n := w.Num(itemsAt, 4)
	buf, size := w.Addr+btrfsKeySize, w.End-btrfsKeySize
	p.Str("key={nr_items=")
	p.Uint(n)
	p.Byte('}')
	if v2 {
		size = w.Num(btrfsKeySize, 8)
		buf += 8
		p.FieldUint("buf_size", size)
	}
	p.Comma()
	if !p.Full() {
		p.Str("...")
		return
	}
	p.Str("buf=[")
	off := uint64(0)
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.Comma()
		}
		if i > text.Opt.StrLen || off > size || size-off < head {
			p.Str("...")
			break
		}
		var length uint32
		if at := buf + off; !text.Readable(at, head) || !text.Peek(unsafe.Pointer(&length), 4, at+28) {
			p.Str("... /* ")
			p.Hex(at)
			p.Str(" */")
			break
		}
		p.StructAt(buf+off, sBtrfsItem)
		off += head + uint64(length)
	}
	p.Byte(']')
}

func btrfsSpaces(p *text.Printer, w *text.Window) {
	const head, size = 16, 24
	n := w.Num(8, 8)
	p.Str("total_spaces=")
	p.Uint(n)
	if p.Saved[0] == 0 && n > 0 {
		return // only their number was asked for
	}
	p.Comma()
	if !p.Full() {
		p.Str("...")
		return
	}
	p.Str("spaces=")
	var e [3]uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&e), size, w.Addr+head, i, n); i++ {
		p.First("flags")
		p.Flags(names.BtrfsSpace, e[0])
		p.FieldUint("total_bytes", e[1])
		p.FieldUint("used_bytes", e[2])
		p.Byte('}')
	}
}
