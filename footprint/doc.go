// Package footprint says which bytes of the program's memory a system call touches: before
// it is made, the ranges that the kernel will read and may write; after it, what it has
// written, given the result. Pointers in structures are followed as the kernel follows them.
//
//	func enter(c *systrap.Call) systrap.Verdict {
//		if !footprint.Touches(c.Sysno) {
//			return systrap.Pass
//		}
//		for it := footprint.Before(c); it.Next(); {
//			r := &it.Range // r.Dir, r.Addr, r.Len
//		}
//		c.User = uint64(footprint.Save(c))
//		return systrap.Pass
//	}
//
//	func exit(c *systrap.Call) {
//		if !footprint.Touches(c.Sysno) {
//			return
//		}
//		for it := footprint.After(c, footprint.Saved(c.User)); it.Next(); {
//			…
//		}
//	}
//
// What is meant by it:
//
//   - Before names what the kernel touches if the call goes on to its end. A call that fails
//     touches less. A range with [Bound] is the most that is touched, however it goes.
//   - A range begins and ends within the program's half of the address space, below 2⁴⁷,
//     and has at least one byte. One that would go beyond is cut there, and [Cut] says so;
//     lengths that the kernel refuses outright (a negative int, more than 1024 struct iovec)
//     give no range. Read and write count at most 0x7ffff000 bytes (read(2)).
//   - Ranges may overlap, as the program's arguments do, and are given one by one, in the
//     order of the arguments. Nothing is merged or sorted.
//   - A bad pointer within that half gives a range all the same: this is where the kernel will
//     find that it is bad. One beyond it gives none, and what cannot be read is not followed.
//   - Structures in memory are looked at when the iterator gets to them. Another thread may
//     change them before the kernel looks, and so may a process that shares the memory: all
//     that was found by way of memory has [MayChange]. Nothing can be done about it without stopping
//     the threads; the ranges are those of the call as it is being made, not a proof.
//   - Padding within a structure counts as touched. Where the kernel copies in words or
//     pages (strings, mount(2)'s data), what lies behind the part that it uses is not named.
//
// The table of calls in package abi has the sizes; the rules for what follows pointers are
// here. [Unknown] tells of which calls not everything is known.
//
//systrap:freestanding
package footprint
