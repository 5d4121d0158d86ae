package footprint

import "libsystrap/systrap/abi"

// own adds the ranges of an argument whose object says how large it is.
func (it *Iterator) own(k abi.Kind, addr uint64) (more bool) { return false }

// byCall adds the ranges of an argument that the others give a meaning to.
func (it *Iterator) byCall(k abi.Kind, addr uint64) (more bool) { return false }

// pointers adds what an object at addr points to, which the table has the size of.
func (it *Iterator) pointers(k abi.Kind, addr uint64) (more bool) { return false }

// beyond adds what no argument points to, when all arguments are done, and says whether there is more.
func (it *Iterator) beyond() (more bool) { return false }

// mapping adds the mappings that argument i is the beginning of.
func (it *Iterator) mapping(i int, m *abi.Memory) (more bool) {
	it.later(Maps, it.call.Args[i], it.count(int(m.Arg)), 0, "")
	return false
}
