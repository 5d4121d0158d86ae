package hooklib

import (
	"libsystrap/internal/dynsym"
	"libsystrap/internal/sys"
)

// Calls that the hook library and its C library make are not hooked, in whatever thread: one that a hook library
// starts and that tells of calls would be told of its own.

// span is a range of addresses.
type span struct{ start, size uint64 }

func (s span) has(pc uint64) bool { return pc-s.start < s.size }

// spans are those of the objects in the namespace of the hook library, and what reaches over all of them.
type spans struct {
	all  span
	each [64]span
	n    int
}

var ownCode spans

// IsOwn says whether pc is in code of the library's namespace.
func IsOwn(pc uint64) bool { return ownCode.has(pc) }

func (s *spans) has(pc uint64) bool {
	if !s.all.has(pc) {
		return false
	}
	for i := range s.n {
		if s.each[i].has(pc) {
			return true
		}
	}
	return false
}

func (s *spans) add(o *dynsym.Object) {
	if s.n == len(s.each) || o.Base == 0 {
		return
	}
	from, to := o.Bounds()
	s.each[s.n] = span{uint64(from), uint64(to - from)}
	s.n++
	start, end := s.all.start, s.all.start+s.all.size
	if start == 0 {
		start = uint64(from)
	}
	start, end = min(start, uint64(from)), max(end, uint64(to))
	s.all = span{start, end - start}
}

// findOwnCode finds them. With dlopen the library shares the program's C library: its own code is all there is then.
func findOwnCode() {
	ownCode = spans{}
	o := (*dynsym.Object)(sys.Ptr(uintptr(loading.handle)))
	if loading.dlmopen == 0 {
		ownCode.add(o)
		return
	}
	for o.Previous() != nil {
		o = o.Previous()
	}
	for ; o != nil; o = o.Next() {
		if !shared(o) {
			ownCode.add(o)
		}
	}
}

// shared says whether o is in the program's namespace, too, as the dynamic linker is.
func shared(o *dynsym.Object) bool {
	for p := dynsym.First(); p != nil; p = p.Next() {
		if p.Base == o.Base {
			return true
		}
	}
	return false
}
