package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/elf64"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// Whether the new image's loader will find the library: it may run in another root or
// mount namespace, as another user, behind landlock, or on a mount with noexec. What
// ld.so cannot load it complains of on the program's standard error, and the program
// would find our variables and descriptors. So the library is opened and mapped
// before, as ld.so will. Where its path does not lead to it any more a descriptor does,
// which is opened before the call that may take the file out of sight (keepLibrary), if
// there is a /proc to name it by.
// See docs/decisions/library-before-exec.md.

// way is how the library gets into a new image.
type way uint8

const (
	notAtAll way = iota
	byPath
	byDescriptor
	byInjection
)

// findLibrary finds the way for a target that is to be followed, and returns the target
// again, or why there is none. A static program gets nothing but what is in its environment
// already, for those that it starts.
func (x *execState) findLibrary(t target) target {
	if injects() && memoryFor() {
		x.way = byInjection
		return targetFollow
	}
	return x.findFile(t)
}

// findFile is findLibrary for who does not inject.
func (x *execState) findFile(t target) target {
	x.way = notAtAll
	if ownPathLen == 0 || !linkerMayLoad() {
		return targetNoLibrary
	}
	if !strayed && loads(&ownPath[0]) {
		x.way = byPath
	}
	switch {
	case t == targetStatic && injects() && !memoryFor():
		return targetNoMemory
	case t == targetStatic:
		return t
	case !memoryFor():
		return targetNoMemory
	case x.way == byPath:
		return t
	case ownfd.Get(ownfd.Lib) < 0:
		return targetNoLibrary
	}
	var link [48]byte
	nameFd(link[:], ownfd.Get(ownfd.Lib))
	shared := currentVMChild() != nil // our variables are its parent's, the descriptors are not
	if !loads(&link[0]) && (shared || !copyLibrary() || !loadsCopy()) {
		return targetNoLibrary
	}
	strayed = strayed || !shared
	x.way = byDescriptor
	return t
}

// linkerMayLoad says whether the filters let ld.so make the calls by which it loads a library: besides open and
// mmap, which loads makes. It complains on standard error where it cannot.
func linkerMayLoad() bool {
	const fd, at, header = 3, 0x7f0000000000, 832 // elf/dl-load.c
	return seccomp.Allows(unix.SYS_READ, fd, at, header, 0, 0, 0) && seccomp.Allows(unix.SYS_CLOSE, fd, 0, 0, 0, 0, 0) &&
		seccomp.Allows(unix.SYS_NEWFSTATAT, fd, at, at, unix.AT_EMPTY_PATH, 0, 0) &&
		seccomp.Allows(unix.SYS_MPROTECT, at, sys.PageSize, unix.PROT_READ, 0, 0, 0)
}

func loadsCopy() bool {
	var link [48]byte
	nameFd(link[:], ownfd.Get(ownfd.Lib))
	return loads(&link[0])
}

// strayed is set once the library's path does not lead to it.
var strayed bool

// loads says whether ld.so can load the library from path: it is a shared object that
// can be read, and mapped to be executed (which a mount or a security module may forbid).
func loads(path *byte) bool {
	fd := sys.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if fd == -int64(unix.EMFILE) {
		fd = openLifted(uintptr(sys.AtFdcwd), uintptr(unsafe.Pointer(path)), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY)
		if fd < 0 {
			return true // it will be seen: exec closes most of them
		}
	}
	if fd < 0 {
		return false
	}
	a := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(sys.PageSize), sys.PageSize, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE, uintptr(fd), 0)
	sys.Close(fd)
	if int64(a) == -int64(unix.ENOMEM) {
		return true // here; memoryFor judges of what there will be
	}
	if int64(a) < 0 && int64(a) >= -sys.MaxErrno {
		return false
	}
	h := (*elf64.Header)(sys.Ptr(a))
	ok := h.Ident[0] == 0x7f && h.Ident[1] == 'E' && h.Type == elfDyn && h.Machine == elfX86_64
	sys.Munmap(a, sys.PageSize)
	return ok
}

// keepLibrary opens the library before a call that may take its file out of sight.
func keepLibrary() {
	if ownfd.Get(ownfd.Lib) >= 0 || ownPathLen == 0 || NoFollow || currentVMChild() != nil {
		return
	}
	fd := sys.Open(&ownPath[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return
	}
	ownfd.Set(ownfd.Lib, max(ownfd.MoveHigh(fd), -1))
	sys.Close(fd)
}

// copyLibrary makes ownfd.LibFd a copy of the library in memory, which landlock and noexec
// mounts say nothing of. It returns false if there cannot be one.
func copyLibrary() bool {
	var st unix.Stat_t
	if rawsys.Syscall(unix.SYS_FSTAT, uintptr(ownfd.Get(ownfd.Lib)), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 || st.Nlink == 0 {
		return false // it is a copy
	}
	const mfdExec = 0x10 // MFD_EXEC (Linux 6.3)
	m := sys.NewFd(unix.SYS_MEMFD_CREATE, uintptr(unsafe.Pointer(&libName)), unix.MFD_CLOEXEC|mfdExec, 0, 0, 0, 0)
	if m == -int64(unix.EINVAL) {
		m = sys.NewFd(unix.SYS_MEMFD_CREATE, uintptr(unsafe.Pointer(&libName)), unix.MFD_CLOEXEC, 0, 0, 0, 0)
	}
	if m < 0 {
		return false
	}
	at := int64(0)
	for at < st.Size {
		n := int64(rawsys.Syscall(unix.SYS_SENDFILE, uintptr(m), uintptr(ownfd.Get(ownfd.Lib)), uintptr(unsafe.Pointer(&at)), uintptr(st.Size-at), 0, 0))
		if n <= 0 {
			break
		}
	}
	high := int64(-1)
	if at == st.Size {
		high = ownfd.MoveHigh(m)
	}
	sys.Close(m)
	if high < 0 {
		return false
	}
	sys.Close(ownfd.Get(ownfd.Lib))
	ownfd.Set(ownfd.Lib, high)
	return true
}

// libName is that of the copy, which /proc/PID/maps shows.
var libName = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', 0}

// memoryFor says whether the limits of the program's memory leave room for the library.
func memoryFor() bool {
	return limit(unix.RLIMIT_AS) >= leastMemory && limit(unix.RLIMIT_DATA) >= leastMemory/2 && limit(unix.RLIMIT_STACK) >= leastStack
}

// leastMemory is what an image needs of RLIMIT_AS to be followed, in bytes: the library,
// what it maps at its start, and some for the program. Of RLIMIT_DATA it is half of that.
const leastMemory = 16 << 20

// leastStack is what it needs of RLIMIT_STACK, in bytes. Besides the arguments and the
// environment, up to 8 KiB are taken by randomisation (arch_align_stack,
// arch/x86/kernel/process.c); ld.so has a path of 4 KiB on its stack while it
// handles LD_PRELOAD, which it has not without.
const leastStack = 32 << 10

// limit returns the soft limit of a resource, or infinity if it is not known.
func limit(resource uintptr) uint64 {
	lim := unix.Rlimit{Cur: sys.RlimInfinity}
	rawsys.Syscall(unix.SYS_PRLIMIT64, 0, resource, 0, uintptr(unsafe.Pointer(&lim)), 0, 0)
	return lim.Cur
}
