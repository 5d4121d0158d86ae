package mem

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Iovec is struct iovec of readv(2): address and length in bytes.
type Iovec struct{ Base, Len uintptr }

// Read copies len(dst) bytes of the program's memory at addr and returns how
// many could be read before the first unreadable page: a bad pointer of the
// program never faults here. With Tool.Signal set it costs no system call in
// the common case.
func Read(dst []byte, addr uint64) int {
	if len(dst) == 0 {
		return 0
	}
	if MayCopy() {
		if Beyond(addr) {
			return 0
		}
		n := uintptr(len(dst))
		return int(n - CopyGuarded(uintptr(unsafe.Pointer(&dst[0])), uintptr(addr), n))
	}
	return ReadByCall(dst, addr)
}

// ReadByCall is Read by process_vm_readv(2), which works with SIGSEGV blocked, or, where
// that cannot be made, by trying the memory first (memtry.go).
func ReadByCall(dst []byte, addr uint64) int {
	n := 0
	if !noVMCalls {
		n = copyMem(unix.SYS_PROCESS_VM_READV, uintptr(unsafe.Pointer(&dst[0])), uintptr(addr), uintptr(len(dst)))
	}
	// process_vm_readv(2) gives whole iovec elements or pages; take what is
	// readable page by page, so that a string that ends a mapping is seen.
	for n < len(dst) && !noVMCalls {
		a := uintptr(addr) + uintptr(n)
		k := sys.PageSize - a%sys.PageSize
		if k > uintptr(len(dst)-n) {
			k = uintptr(len(dst) - n)
		}
		m := copyMem(unix.SYS_PROCESS_VM_READV, uintptr(unsafe.Pointer(&dst[n])), a, k)
		n += m
		if m < int(k) {
			break
		}
	}
	if noVMCalls && n < len(dst) {
		n += readTried(dst[n:], addr+uint64(n))
	}
	return n
}

// Write copies src to the program's memory at addr, honouring the page
// protections, and returns how many bytes were written.
func Write(addr uint64, src []byte) int {
	if len(src) == 0 {
		return 0
	}
	if MayCopy() {
		if Beyond(addr) {
			return 0
		}
		n := uintptr(len(src))
		return int(n - CopyGuarded(uintptr(addr), uintptr(unsafe.Pointer(&src[0])), n))
	}
	n := 0
	if !noVMCalls {
		n = copyMem(unix.SYS_PROCESS_VM_WRITEV, uintptr(unsafe.Pointer(&src[0])), uintptr(addr), uintptr(len(src)))
	}
	if noVMCalls {
		n = writeTried(addr, src)
	}
	return n
}

// ReadUint64 reads one 8-byte word of the program's memory.
func ReadUint64(addr uint64) (v uint64, ok bool) {
	var b [8]byte
	if Read(b[:], addr) != len(b) {
		return 0, false
	}
	return *(*uint64)(unsafe.Pointer(&b)), true
}

// ReadString copies the string at addr, up to and without its NUL, into dst. It
// returns the bytes copied, and whether the NUL was found within dst; n is -1
// if not even the first byte can be read.
func ReadString(dst []byte, addr uint64) (n int, terminated bool) {
	for n < len(dst) {
		a := addr + uint64(n)
		k := stringChunk - int(a%stringChunk)
		if k > len(dst)-n {
			k = len(dst) - n
		}
		m := Read(dst[n:n+k], a)
		for i := 0; i < m; i++ {
			if dst[n+i] == 0 {
				return n + i, true
			}
		}
		n += m
		if m < k {
			if n == 0 {
				return -1, false
			}
			return n, false
		}
	}
	return n, false
}

// stringChunk is how far ReadString reads at a time: within one page, so
// that a string just before an unmapped page costs one call.
const stringChunk = 256

// copyMem names the calling thread, as the first thread, whose id the process
// has, may have ended and given up its memory.
func copyMem(nr, local, remote, n uintptr) int {
	Calls.Add(1)
	l := Iovec{local, n}
	r := Iovec{remote, n}
	k := int(rawsys.Syscall(nr, uintptr(sys.Tid()), uintptr(unsafe.Pointer(&l)), 1, uintptr(unsafe.Pointer(&r)), 1, 0))
	switch -k {
	case int(unix.EPERM), int(unix.ENOSYS), int(unix.EACCES), int(unix.ESRCH):
		// A filter, a kernel without these calls (CONFIG_CROSS_MEMORY_ATTACH), another
		// process' view of /proc where the thread's number came from.
		noVMCalls = true
	}
	return max(k, 0)
}

// Calls counts the calls that were made to read or write.
var Calls atomic.Uint64

// noVMCalls is set once process_vm_readv(2) or process_vm_writev(2) has been refused.
var noVMCalls bool
