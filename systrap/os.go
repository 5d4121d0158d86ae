package systrap

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

func casInt64(p *int64, old, new int64) bool { return atomic.CompareAndSwapInt64(p, old, new) }
func addInt32(p *int32, d int32)             { atomic.AddInt32(p, d) }

// munmap makes munmap(2) untrapped.
func munmap(addr, n uintptr) { rawsys.Syscall(unix.SYS_MUNMAP, addr, n, 0, 0, 0, 0) }

// mmapAnon maps n bytes of zeroed memory with MAP_* flags besides
// MAP_ANONYMOUS, or returns 0.
func mmapAnon(n uintptr, flags int) uintptr {
	p := rawsys.Syscall(unix.SYS_MMAP, 0, n, unix.PROT_READ|unix.PROT_WRITE, uintptr(flags|unix.MAP_ANONYMOUS), ^uintptr(0), 0)
	if int64(p) < 0 && int64(p) >= -maxErrno {
		return 0
	}
	return p
}

// MapShared maps n bytes of zeroed memory that children made by fork share, or
// returns 0. The memory is reserved, not committed, and in no core file.
func MapShared(n uintptr) uintptr { return mapOwn(n, unix.MAP_SHARED|unix.MAP_NORESERVE) }

// MapPrivate maps n bytes of zeroed memory, which a child made by fork finds
// zeroed again (MADV_WIPEONFORK, Linux 4.14), or returns 0. The memory is
// reserved, not committed, and in no core file.
func MapPrivate(n uintptr) uintptr {
	p := mapOwn(n, unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if p != 0 {
		wipeOnFork(p, n)
	}
	return p
}

// Unmap gives back memory of [MapShared] or [MapPrivate].
func Unmap(p, n uintptr) {
	munmap(p, n)
	disown(p)
}

// wipeOnFork has a child find n bytes at p zeroed.
func wipeOnFork(p, n uintptr) {
	if rawsys.Syscall(unix.SYS_MADVISE, p, n, unix.MADV_WIPEONFORK, 0, 0, 0) != refusedCall {
		return
	}
	for i := range unwiped {
		if unwiped[i].n == 0 {
			unwiped[i].p, unwiped[i].n = p, n
			return
		}
	}
}

// unwiped is memory that a child has to wipe itself, as a filter forbids madvise(2).
var unwiped [4]struct{ p, n uintptr }

// wipeForked does that.
func wipeForked() {
	for i := range unwiped {
		if w := &unwiped[i]; w.n != 0 {
			rawsys.Syscall(unix.SYS_MMAP, w.p, w.n, unix.PROT_READ|unix.PROT_WRITE,
				unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE|unix.MAP_FIXED, ^uintptr(0), 0)
		}
	}
}

// getpid and gettid make the calls of these names. Where a filter forbids them /proc
// knows; 0 if that does not.
func getpid() int64 {
	r := rawsys.Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	if r == refusedCall {
		return numberIn(&procSelfStat[0])
	}
	return int64(r)
}

func gettid() int64 {
	r := rawsys.Syscall(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0)
	if r == refusedCall {
		return numberIn(&procThreadStat[0])
	}
	return int64(r)
}

// refusedCall is -EPERM, what rawsys.Syscall returns for a call that a filter forbids.
const refusedCall = ^uintptr(unix.EPERM - 1)

// numberIn returns the decimal number that the file at path begins with, or 0.
//
//go:noinline
func numberIn(path *byte) int64 {
	var buf [16]byte
	fd := openFile(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return 0
	}
	n := readFd(fd, buf[:])
	closeFd(fd)
	p := fields{buf[:max(n, 0)], 0}
	return int64(p.dec())
}

var procThreadStat = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 0}

// ptr turns an address into a pointer to memory that is not Go's.
func ptr(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// moveBytes copies n bytes between addresses. It is not inlined, as go1.26.8
// fails to compile a copy of constant size between such pointers
// ("disjointTypes: one of arguments is not a pointer").
//
//go:noinline
func moveBytes(to, from, n uintptr) {
	copy(unsafe.Slice((*byte)(ptr(to)), n), unsafe.Slice((*byte)(ptr(from)), n))
}
