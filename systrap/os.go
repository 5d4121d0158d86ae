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
		rawsys.Syscall(unix.SYS_MADVISE, p, n, unix.MADV_WIPEONFORK, 0, 0, 0)
	}
	return p
}

// Unmap gives back memory of [MapShared] or [MapPrivate].
func Unmap(p, n uintptr) {
	munmap(p, n)
	disown(p)
}

func getpid() int64 { return int64(rawsys.Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0)) }
func gettid() int64 { return int64(rawsys.Syscall(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0)) }

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
