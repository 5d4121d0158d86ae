package sysfoot

import (
	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
)

// Groups of mappings, which have a name: the heap, the stack, each library's data. They are numbered as they appear.
const (
	groupNone = iota // no mapping
	groupOther
	groupAnonymous
	groupHeap
	groupStack
	groupThreadStack
	groupSharedMemory
	groupRemote
	groupVdso
	firstGroup
)

var fixedGroups = [firstGroup]string{"no mapping", "other", "anonymous", "heap", "stack", "stack of a thread", "shared memory", "another process", "vdso"}

const maxGroups = 256

// groups are those of files, from firstGroup on.
var groups [maxGroups]struct {
	n    int
	name [56]byte
}

var groupCount = firstGroup

// groupName is the name of a group.
func groupName(l *systrap.Line, g int) {
	if g < firstGroup {
		l.Str(fixedGroups[g])
		return
	}
	l.Raw(groups[g].name[:groups[g].n])
}

func isFile(g int) bool { return g >= firstGroup }

// special is the group of a name in brackets.
func special(name []byte) int {
	switch string(name) {
	case "[heap]":
		return groupHeap
	case "[stack]":
		return groupStack
	case "[vdso]", "[vvar]", "[vvar_vclock]":
		return groupVdso
	}
	return groupAnonymous
}

// fileGroup is the group of a file's mapping: what may be written of a private one is the library's data.
func fileGroup(path []byte, shared bool, prot uintptr) int {
	var buf [56]byte
	l := systrap.LineOn(buf[:])
	i := len(path)
	for i > 0 && path[i-1] != '/' {
		i--
	}
	const most = 40
	base := path[i:]
	l.Raw(base[:min(len(base), most)])
	switch {
	case shared:
		l.Str(", shared")
	case prot&unix.PROT_WRITE != 0:
		l.Str(" data")
	}
	return groupNamed(l.Bytes())
}

// groupNamed finds the group of that name, or makes it.
func groupNamed(name []byte) int {
	for g := firstGroup; g < groupCount; g++ {
		if string(groups[g].name[:groups[g].n]) == string(name) {
			return g
		}
	}
	if groupCount == maxGroups {
		return groupOther
	}
	g := groupCount
	groups[g].n = copy(groups[g].name[:], name)
	groupCount = g + 1
	return g
}

// fileOf is the group of what a mmap(2) of a file has made.
func fileOf(c *systrap.Call) int {
	var path [4096]byte
	n := systrap.FdPath(path[:], int(int32(c.Args[4])))
	if n <= 0 {
		return groupOther
	}
	lockTable()
	g := fileGroup(path[:n], c.Args[3]&(unix.MAP_SHARED|unix.MAP_PRIVATE) != unix.MAP_PRIVATE, uintptr(c.Args[2]))
	unlockTable()
	return g
}

// place is where a range lies.
type place struct {
	group      int
	start, end uint64 // the mapping; 0 where there is none
}

// where finds the mapping that a range begins in.
func where(r *footprint.Range, c *systrap.Call) place {
	if r.Pid != 0 || r.Has(footprint.InChild) {
		return place{group: groupRemote}
	}
	lockTable()
	p := place{}
	if i := find(r.Addr); i < table.n {
		m := &table.at[i]
		const redZone = 256
		switch {
		case m.start <= r.Addr:
			p = place{m.group, m.start, m.end}
		case m.group == groupStack && r.Addr+redZone >= c.SP && m.start > c.SP:
			p = place{groupStack, r.Addr &^ (pageSize - 1), m.end} // it grows by itself
		}
	}
	if p.group == groupAnonymous && p.start <= c.SP && c.SP < p.end {
		p.group = groupThreadStack
	}
	if p.group == groupNone && table.lost {
		p.group = groupOther
	}
	unlockTable()
	return p
}
