package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// PageSize is the size of a page of memory in bytes.
const PageSize = 4096

// SigSetSize is the kernel's sizeof(sigset_t) in bytes.
const SigSetSize = 8

// CasInt64 and AddInt32 are those of sync/atomic, for variables that are read without it, too.
func CasInt64(p *int64, old, new int64) bool { return atomic.CompareAndSwapInt64(p, old, new) }
func AddInt32(p *int32, d int32)             { atomic.AddInt32(p, d) }

// Munmap makes munmap(2) untrapped.
func Munmap(addr, n uintptr) { rawsys.Syscall(unix.SYS_MUNMAP, addr, n, 0, 0, 0, 0) }

// MmapAnon maps n bytes of zeroed memory with MAP_* flags besides
// MAP_ANONYMOUS, or returns 0.
func MmapAnon(n uintptr, flags int) uintptr {
	p := rawsys.Syscall(unix.SYS_MMAP, Hint(n), n, unix.PROT_READ|unix.PROT_WRITE, uintptr(flags|unix.MAP_ANONYMOUS), ^uintptr(0), 0)
	if int64(p) < 0 && int64(p) >= -MaxErrno {
		return 0
	}
	return p
}

// Getpid and Gettid make the calls of these names. Where a filter forbids them /proc
// knows; 0 if that does not.
func Getpid() int64 {
	r := rawsys.Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0)
	if r == Refused {
		return ownNumber(&processStatus[0], "NStgid:")
	}
	return int64(r)
}

func Gettid() int64 {
	r := rawsys.Syscall(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0)
	if r == Refused {
		return ownNumber(&threadStatus[0], "NSpid:")
	}
	return int64(r)
}

// Tid returns the calling thread's id. The core sets it to its own, which knows that without
// asking the kernel.
var Tid = askTid

func askTid() int { return int(Gettid()) }

// Refused is -EPERM, what rawsys.Syscall returns for a call that a filter forbids.
const Refused = ^uintptr(unix.EPERM - 1)

// Ptr turns an address into a pointer to memory that is not Go's.
func Ptr(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// MoveBytes copies n bytes between addresses. It is not inlined, as go1.26.8
// fails to compile a copy of constant size between such pointers
// ("disjointTypes: one of arguments is not a pointer").
//
//go:noinline
func MoveBytes(to, from, n uintptr) {
	copy(unsafe.Slice((*byte)(Ptr(to)), n), unsafe.Slice((*byte)(Ptr(from)), n))
}

// Open opens a NUL-terminated path untrapped: by openat(2), which ld.so makes, too, so
// that a filter in front of this image lets it through. The number is out of the program's way.
func Open(path *byte, flags int, mode uint32) int64 {
	return OpenAt(AtFdcwd, uintptr(unsafe.Pointer(path)), uintptr(flags), mode)
}

const AtFdcwd = ^uintptr(0) - 99 // AT_FDCWD, -100

// Close makes close(2) untrapped.
func Close(fd int64) { rawsys.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0) }

// Read makes read(2) untrapped and returns the count or a negated errno.
func Read(fd int64, b []byte) int {
	if len(b) == 0 {
		return 0
	}
	for {
		n := int64(rawsys.Syscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0))
		if n != -int64(unix.EINTR) {
			return int(n)
		}
	}
}

// CloseOnExec sets or clears a descriptor's flag.
func CloseOnExec(fd int64, on bool) bool {
	flag, request := uintptr(0), uintptr(fionclex)
	if on {
		flag, request = unix.FD_CLOEXEC, Fioclex
	}
	r := rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_SETFD, flag, 0, 0, 0)
	if r == Refused && seccomp.On {
		r = rawsys.Syscall(unix.SYS_IOCTL, uintptr(fd), request, 0, 0, 0, 0)
	}
	return r == 0
}

// FIOCLEX and FIONCLEX (include/uapi/asm-generic/ioctls.h).
const (
	Fioclex  = 0x5451
	fionclex = 0x5450
)

// Identity returns what fstat(2) tells descriptors of different files apart by.
func Identity(fd uintptr) (dev, ino uint64) {
	var st unix.Stat_t
	if rawsys.Syscall(unix.SYS_FSTAT, fd, uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 {
		return 0, 0
	}
	return st.Dev, st.Ino
}

// FileSize returns the size of fd in bytes, or 0.
func FileSize(fd int64) uint64 {
	var st unix.Stat_t
	if rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) != 0 || st.Size < 0 {
		return 0
	}
	return uint64(st.Size)
}

// PageCeil rounds a length in bytes up to whole pages.
func PageCeil(n uint64) uint64 { return (n + PageSize - 1) &^ (PageSize - 1) }

// Gone says whether process pid has ended.
func Gone(pid int64) bool {
	return int64(rawsys.Syscall(unix.SYS_KILL, uintptr(pid), 0, 0, 0, 0, 0)) == -int64(unix.ESRCH)
}

// Dead is Gone, or nobody has waited for the process yet (a zombie). One whose first thread has ended alone may be taken for dead.
func Dead(pid int64) bool {
	if Gone(pid) {
		return true
	}
	var info [32]int32 // siginfo_t
	const pidAt = 4    // si_pid, in int32s
	const how = unix.WEXITED | unix.WNOHANG | unix.WNOWAIT | unix.WALL
	if rawsys.Syscall(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&info)), how, 0, 0) == 0 {
		return info[pidAt] != 0 // a child of ours
	}
	var buf [64]byte
	l := line.On(buf[:])
	l.Str("/proc/")
	l.Int(pid)
	l.Str("/stat\x00")
	fd := Open(&buf[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return false
	}
	n := Read(fd, buf[:])
	Close(fd)
	for i := n - 1; i > 0; i-- {
		if buf[i-1] == ')' { // behind the command's name, which has 15 bytes at most
			return i+1 < n && buf[i+1] == 'Z'
		}
	}
	return false
}

// MaxErrno is the kernel's MAX_ERRNO (include/linux/err.h).
const MaxErrno = 4095

// MayCall says whether call nr does no harm, whatever its arguments.
func MayCall(nr int) bool { return seccomp.AllowsNumber(nr) }

// Sigprocmask makes rt_sigprocmask(2) untrapped and returns the old mask.
func Sigprocmask(how int, set uint64) uint64 {
	var old uint64
	rawsys.Syscall(unix.SYS_RT_SIGPROCMASK, uintptr(how), uintptr(unsafe.Pointer(&set)),
		uintptr(unsafe.Pointer(&old)), SigSetSize, 0, 0)
	return old
}

// SelfStat is the path of the process's stat file (proc_pid_stat(5)), with its NUL.
var SelfStat = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 0}

// RlimInfinity is RLIM_INFINITY (include/uapi/asm-generic/resource.h).
const RlimInfinity = ^uint64(0)

// PauseYields is how often [Pause] gives up the processor before it sleeps.
const PauseYields = 100

// Pause is step i of a wait: it gives up the processor, or sleeps a millisecond. Threads of a real-time priority that did no more than
// give it up could keep from it for ever the one that they wait for, where that waits for another in the kernel.
func Pause(i int) {
	if i >= PauseYields {
		nap := unix.Timespec{Nsec: 1e6}
		if rawsys.Syscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&nap)), 0, 0, 0, 0, 0) != Refused {
			return
		}
	}
	rawsys.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
}
