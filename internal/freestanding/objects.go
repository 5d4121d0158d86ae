package freestanding

import (
	"slices"
	"sort"
)

// piece is a part of the data that is used as a whole or not at all.
type piece struct {
	start, end uint64
	name       string // of the symbol, "" between symbols
}

// typeDescriptors is a symbol without a size that stands for all type descriptors. Only the runtime
// and package reflect look into them, and neither is reached: compiled code passes and compares
// their addresses, and reads their hashes (typedata.go). So what they point to is not needed.
const typeDescriptors = "type:*"

// funcDescriptors is a symbol without a size that stands for all func values of top-level functions:
// one word each, the address of the code.
const funcDescriptors = "go:funcdescrel"

// dataMap divides the loaded data into pieces: one for each symbol with a size, one for each func
// value, and one for each gap between symbols, where the linker puts what has no name (string
// bytes, jump tables, the compiler's static temporaries).
type dataMap struct {
	im     *image
	sized  []symbol // by address, not overlapping
	bounds []uint64 // sorted starts and ends
	funcs  piece    // the func values
	types  piece    // the type descriptors
}

func newDataMap(im *image) *dataMap {
	d := &dataMap{im: im}
	for _, s := range im.loads {
		d.bounds = append(d.bounds, s.vaddr, s.end())
	}
	for _, s := range im.sections {
		if s.hdr.Addr != 0 {
			d.bounds = append(d.bounds, s.hdr.Addr, s.hdr.Addr+s.hdr.Size)
		}
	}
	last := uint64(0)
	for _, o := range im.objects {
		d.bounds = append(d.bounds, o.addr, o.addr+o.size)
		if o.size > 0 && o.addr >= last {
			d.sized = append(d.sized, o)
			last = o.addr + o.size
		}
	}
	slices.Sort(d.bounds)
	d.bounds = slices.Compact(d.bounds)
	for _, o := range im.objects {
		switch o.name {
		case funcDescriptors:
			d.funcs = piece{start: o.addr, end: d.nextBound(o.addr), name: o.name}
		case typeDescriptors:
			d.types = piece{start: o.addr, end: d.nextBound(o.addr), name: o.name}
		}
	}
	return d
}

// nextBound returns the first boundary above addr.
func (d *dataMap) nextBound(addr uint64) uint64 {
	i := sort.Search(len(d.bounds), func(i int) bool { return d.bounds[i] > addr })
	if i == len(d.bounds) {
		return addr + 1
	}
	return d.bounds[i]
}

// at returns the piece that covers addr.
func (d *dataMap) at(addr uint64) piece {
	if addr >= d.funcs.start && addr < d.funcs.end {
		start := addr - (addr-d.funcs.start)%wordSize
		return piece{start, start + wordSize, funcDescriptors}
	}
	if addr >= d.types.start && addr < d.types.end {
		return d.types
	}
	i := sort.Search(len(d.sized), func(i int) bool { return d.sized[i].addr > addr }) - 1
	if i >= 0 && addr < d.sized[i].addr+d.sized[i].size {
		o := d.sized[i]
		return piece{o.addr, o.addr + o.size, o.name}
	}
	j := sort.Search(len(d.bounds), func(i int) bool { return d.bounds[i] > addr })
	if j == 0 || j == len(d.bounds) {
		return piece{start: addr, end: addr + 1}
	}
	return piece{start: d.bounds[j-1], end: d.bounds[j]}
}

// slots returns the addresses of the relocated words in p.
func (d *dataMap) slots(p piece) []uint64 {
	lo, _ := slices.BinarySearch(d.im.slots, p.start)
	hi, _ := slices.BinarySearch(d.im.slots, p.end)
	return d.im.slots[lo:hi]
}

// isZero reports whether the named variable is zero when the image is loaded, which it is too if
// nothing of that name was linked.
func (d *dataMap) isZero(name string) bool {
	for _, o := range d.im.objects {
		if o.name != name {
			continue
		}
		p := piece{start: o.addr, end: o.addr + o.size}
		if len(d.slots(p)) > 0 {
			return false
		}
		for a := p.start; a < p.end; a++ {
			if b := d.im.bytes(a, 1); b != nil && b[0] != 0 {
				return false
			}
		}
	}
	return true
}
