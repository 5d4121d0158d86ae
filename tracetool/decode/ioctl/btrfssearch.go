package tracetool

// What btrfs was asked to find, and what it found.

import "unsafe"

// btrfsKey prints struct btrfs_ioctl_search_key.
func (p *printer) btrfsKey(w *window) {
	const firstFree, lastFree = 256, 1<<64 - 256 // BTRFS_FIRST_FREE_OBJECTID, BTRFS_LAST_FREE_OBJECTID
	p.Str("key={")
	p.fieldsIn(w, sBtrfsKeyTree, true)
	if p.full() || w.num(8, 8) != firstFree {
		p.fieldsIn(w, sBtrfsKeyMin, false)
	}
	if p.full() || w.num(16, 8) != lastFree {
		p.fieldsIn(w, sBtrfsKeyMax, false)
	}
	p.fieldsIn(w, sBtrfsKeyRest, false)
	p.Byte('}')
}

// btrfsFound prints the items that a search has put into its buffer.
func (p *printer) btrfsFound(w *window, v2 bool) {
	const itemsAt, head = 64, 32
	n := w.num(itemsAt, 4)
	buf, size := w.addr+btrfsKeySize, w.end-btrfsKeySize
	p.Str("key={nr_items=")
	p.Uint(n)
	p.Byte('}')
	if v2 {
		size = w.num(btrfsKeySize, 8)
		buf += 8
		p.fieldUint("buf_size", size)
	}
	p.comma()
	if !p.full() {
		p.Str("...")
		return
	}
	p.Str("buf=[")
	off := uint64(0)
	for i := uint64(0); i < n; i++ {
		if i > 0 {
			p.comma()
		}
		if i > look.strLen || off > size || size-off < head {
			p.Str("...")
			break
		}
		var length uint32
		if at := buf + off; !readable(at, head) || !peek(unsafe.Pointer(&length), 4, at+28) {
			p.Str("... /* ")
			p.Hex(at)
			p.Str(" */")
			break
		}
		p.structAt(buf+off, sBtrfsItem)
		off += head + uint64(length)
	}
	p.Byte(']')
}

func (p *printer) btrfsSpaces(w *window) {
	const head, size = 16, 24
	n := w.num(8, 8)
	p.Str("total_spaces=")
	p.Uint(n)
	if p.saved[0] == 0 && n > 0 {
		return // only their number was asked for
	}
	p.comma()
	if !p.full() {
		p.Str("...")
		return
	}
	p.Str("spaces=")
	var e [3]uint64
	for i := uint64(0); p.each(unsafe.Pointer(&e), size, w.addr+head, i, n); i++ {
		p.first("flags")
		p.flags(xBtrfsSpace, e[0])
		p.fieldUint("total_bytes", e[1])
		p.fieldUint("used_bytes", e[2])
		p.Byte('}')
	}
}
