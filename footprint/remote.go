package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Memory of other processes, and vmsplice(2).

// remoteVector adds an array of struct iovec whose addresses are another process's: process_vm_readv(2),
// process_vm_writev(2), process_madvise(2).
func (it *Iterator) remoteVector(addr uint64) (more bool) {
	c := it.call
	n := it.count(int(it.arg) + 1)
	d := Reads
	if c.Sysno == unix.SYS_PROCESS_VM_WRITEV {
		d = Writes
	}
	if n > maxVector {
		return false
	}
	if it.pos == 0 {
		it.reads(addr, n*16, 0, "")
	}
	if c.Sysno == unix.SYS_PROCESS_MADVISE {
		return it.advised(addr, n)
	}
	it.elements(d, addr, n, vectorElement, 0, uint64(max(c.Result, 0)))
	it.vec.pid = int32(c.Args[0])
	return false
}

// advised adds the mappings that process_madvise(2) is about.
func (it *Iterator) advised(addr, n uint64) (more bool) {
	f := ByPidfd | MayChange
	if !adviceDiscards(it.call.Args[3]) {
		f |= Keeps
	}
	it.pid = int32(it.call.Args[0])
	for it.tail < queueLen && uint64(it.pos) < n {
		at := addr + uint64(it.pos)*16
		it.index[0] = int32(it.pos)
		it.maps(read64(at), read64(at+8), f, vectorElement)
		it.pos++
	}
	return uint64(it.pos) < n
}

// vmsplice adds what vmsplice(2) puts into a pipe, where it is read later, or reads from one. Which of them it is depends
// on the descriptor, and the kernel is asked.
func (it *Iterator) vmsplice(addr uint64) {
	n := it.segments(2)
	const accessMode = 3
	mode := systrap.Syscall(unix.SYS_FCNTL, uintptr(it.call.Args[0]), unix.F_GETFL, 0, 0, 0, 0)
	if mode >= 0 && mode&accessMode == unix.O_RDONLY {
		it.vector(Writes, addr, n, vectorElement, 0)
		return
	}
	if it.when <= succeeded {
		it.vector(ReadsLater, addr, n, vectorElement, 0)
	}
}
