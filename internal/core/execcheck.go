package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// Whether an exec will fail is asked of the kernel before anything is told of it:
// execveat(2) with AT_EXECVE_CHECK (Linux 6.14) does all that execve(2) does with the
// path, its permissions and the arguments, and stops before it looks for a format, which
// target.go does. Older kernels are asked for the permission only.
// See docs/decisions/exec-lines.md.

// execCall are the arguments of an execve or execveat.
type execCall struct {
	fd               int64
	path, argv, envp uint64
	flags            uint64
}

// execveCheck is AT_EXECVE_CHECK (include/uapi/linux/fcntl.h).
const execveCheck = 0x10000

// kernelChecks says whether the kernel has AT_EXECVE_CHECK: 0 not known, 1 yes, 2 no.
var kernelChecks atomic.Uint32

// check returns the errno that the call would fail with if it had the environment at
// envp, or 0 if none is known.
func (e *execCall) check(envp uint64) int64 {
	if haveCheck() {
		r := int64(rawsys.Syscall(unix.SYS_EXECVEAT, uintptr(e.fd), uintptr(e.path), uintptr(e.argv), uintptr(envp),
			uintptr(e.flags|execveCheck), 0))
		if !seccomp.On || r != -int64(unix.EPERM) {
			return -r
		}
	}
	if _, ok := countEnv(e.argv); !ok {
		return int64(unix.EFAULT)
	}
	if _, ok := countEnv(envp); !ok {
		return int64(unix.EFAULT)
	}
	const known = unix.AT_EMPTY_PATH | unix.AT_SYMLINK_NOFOLLOW
	if e.flags&^known != 0 {
		return int64(unix.EINVAL)
	}
	return -e.access()
}

// access says whether the caller may execute the file: 0 or a negated errno.
func (e *execCall) access() int64 {
	r := int64(rawsys.Syscall(unix.SYS_FACCESSAT2, uintptr(e.fd), uintptr(e.path), unix.X_OK, uintptr(e.flags|unix.AT_EACCESS), 0, 0))
	if r == -int64(unix.ENOSYS) || r == -int64(unix.EPERM) {
		return 0 // Linux 5.8, or a filter
	}
	return r
}

// haveCheck says whether the kernel has AT_EXECVE_CHECK: it refuses a folder for
// what it is, or else the flag.
func haveCheck() bool {
	v := kernelChecks.Load()
	if v == 0 {
		v = 2
		if int64(rawsys.Syscall(unix.SYS_EXECVEAT, 0, uintptr(unsafe.Pointer(&rootPath)), uintptr(unsafe.Pointer(&noArgs)),
			uintptr(unsafe.Pointer(&noArgs)), execveCheck, 0)) == -int64(unix.EACCES) {
			v = 1
		}
		kernelChecks.Store(v)
	}
	return v == 1
}

var (
	rootPath = [2]byte{'/', 0}
	// noArgs is a list of one empty string: the kernel remarks in its log on an
	// empty list.
	noArgs = [2]*byte{&rootPath[1], nil}
)

func noArgsAddr() uint64 { return uint64(uintptr(unsafe.Pointer(&noArgs))) }
