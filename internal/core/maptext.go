package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/inject"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// The text of /proc/PID/maps, smaps or numa_maps without the mappings that are ours.

// mapText is such a text, in memory of ours.
type mapText struct {
	p      uintptr
	n, cap int
	kind   mapKind
}

// mapKind is what a record of a text begins with.
type mapKind uint8

const (
	noMapText mapKind = iota
	rangeText         // "START-END PERMS ...": maps, smaps
	startText         // "START POLICY ...": numa_maps
)

const firstMapText = 64 << 10 // bytes

func (x *mapText) bytes() []byte { return unsafe.Slice((*byte)(sys.Ptr(x.p)), x.n) }

// read reads all of the text of descriptor fd. It returns 0 or a negated errno.
func (x *mapText) read(fd int64) int64 {
	x.n = 0
	for {
		if x.n == x.cap && !x.grow() {
			return -int64(unix.ENOMEM)
		}
		n := pread(fd, unsafe.Slice((*byte)(sys.Ptr(x.p+uintptr(x.n))), x.cap-x.n), uint64(x.n))
		if n < 0 {
			return int64(n)
		}
		if n == 0 {
			return 0
		}
		x.n += n
	}
}

func (x *mapText) grow() bool {
	n := max(firstMapText, 2*x.cap)
	p := ownmem.Map(uintptr(n), unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if p == 0 {
		return false
	}
	if x.n > 0 {
		sys.MoveBytes(p, x.p, uintptr(x.n))
	}
	x.drop()
	x.p, x.cap = p, n
	return true
}

// drop gives the memory back.
func (x *mapText) drop() {
	if x.p != 0 {
		ownmem.Unmap(x.p, uintptr(x.cap))
	}
	x.p, x.cap = 0, 0
}

// hide takes out the records that are ours. If they are of another process, pid, that has to have a library where we have ours.
func (x *mapText) hide(pid int64) {
	b := x.bytes()
	end := ownAreaEnd()
	if pid != 0 {
		end = ownAreaFull()
	}
	ours := false
	to := 0
	for at := 0; at < len(b); {
		next := x.recordEnd(at)
		from, until := x.bounds(b[at:next])
		ours = ours || from == ownBase()
		if !(ours && from >= ownBase() && from < end || isOutpost(from, until) ||
			pid != 0 && until == from+sys.PageSize && othersOutpost(pid, from)) {
			to += copy(b[to:], b[at:next])
		}
		at = next
	}
	x.n = to
}

// recordEnd is where the record ends that begins at at, and the next one begins: it has its address in front.
func (x *mapText) recordEnd(at int) int {
	b := x.bytes()
	for at < len(b) {
		for at < len(b) && b[at] != '\n' {
			at++
		}
		at = min(at+1, len(b))
		if at == len(b) || b[at] >= '0' && b[at] <= '9' || b[at] >= 'a' && b[at] <= 'f' {
			break // the lines of smaps begin with capital letters
		}
	}
	return at
}

// bounds returns the addresses that a record begins with, the second 0 if there is one only.
func (x *mapText) bounds(record []byte) (from, until uint64) {
	p := ctext.FieldsOf(record)
	from = p.Hex()
	if x.kind == rangeText {
		p.Skip(1)
		until = p.Hex()
	}
	return from, until
}

// isOutpost says whether a mapping is an outpost of ours; until may be 0.
func isOutpost(from, until uint64) bool {
	if !nearOutpost(from) || until != 0 && until != from+sys.PageSize {
		return false
	}
	for i := range outposts[:outpostCount] {
		if outposts[i].page == from {
			return true
		}
	}
	return false
}

// othersOutpost says whether process pid has an outpost at page: it begins as ours do, as the library lies there, too.
func othersOutpost(pid int64, page uint64) bool {
	var first uint64
	l := mem.Iovec{Base: uintptr(unsafe.Pointer(&first)), Len: unsafe.Sizeof(first)}
	r := mem.Iovec{Base: uintptr(page), Len: unsafe.Sizeof(first)}
	n := rawsys.Syscall(unix.SYS_PROCESS_VM_READV, uintptr(pid), uintptr(unsafe.Pointer(&l)), 1, uintptr(unsafe.Pointer(&r)), 1, 0)
	return n == unsafe.Sizeof(first) && first == uint64(jumpDoorAddr())
}

// ownBase is where an injected library lies; what it maps lies behind it, up to ownAreaEnd.
func ownBase() uint64 { return uint64(presence.Block) - inject.BlockAt }

func ownAreaEnd() uint64 { return uint64(sys.HintsEnd()) }

// ownAreaFull is where it can lie in any process.
func ownAreaFull() uint64 { return ownBase() + inject.HintAt + sys.HintSpace }

// inOwnArea says whether a mapping of this process that begins at from is ours.
func inOwnArea(from, until uint64) bool {
	return from >= ownBase() && from < ownAreaEnd() || isOutpost(from, until)
}
