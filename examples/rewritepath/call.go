package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

const nameTooLong = int(unix.ENAMETOOLONG)

// callWith makes call c here if one of its paths, arguments first and second
// (or -1), is to be changed.
func callWith(c *systrap.Call, first, second int) systrap.Verdict {
	// A frame of Enter may be about 6 KB deep (`systrap build` proves it), so
	// two paths share one buffer.
	var buf [pathMax]byte
	args := c.Args
	n := rewrite(buf[:], args[first])
	if n > 0 {
		c.Args[first] = uint64(uintptr(unsafe.Pointer(&buf)))
	}
	m := 0
	if second >= 0 && n >= 0 {
		// n is at most len(buf), as that is what rewrite was given.
		if m = rewrite(buf[n:], args[second]); m > 0 {
			c.Args[second] = uint64(uintptr(unsafe.Pointer(&buf[n])))
		}
	}
	switch {
	case n < 0 || m < 0:
		c.Result = -int64(nameTooLong)
	case n == 0 && m == 0:
		return systrap.Pass
	default:
		// A signal may end it: Enter is left then, and buf is gone. Nothing of ours
		// is lost with it.
		c.Perform()
	}
	c.Args = args
	return systrap.Replace
}

// pathArguments returns which arguments of call nr are paths that are looked
// up, or -1.
func pathArguments(nr int64) (first, second int) {
	switch nr {
	case unix.SYS_OPEN, unix.SYS_CREAT, unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_ACCESS,
		unix.SYS_TRUNCATE, unix.SYS_CHDIR, unix.SYS_MKDIR, unix.SYS_RMDIR, unix.SYS_UNLINK,
		unix.SYS_READLINK, unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN, unix.SYS_UTIME,
		unix.SYS_UTIMES, unix.SYS_MKNOD, unix.SYS_STATFS, unix.SYS_CHROOT,
		unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_GETXATTR, unix.SYS_LGETXATTR,
		unix.SYS_LISTXATTR, unix.SYS_LLISTXATTR, unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR:
		return 0, -1
	case unix.SYS_OPENAT, unix.SYS_OPENAT2, unix.SYS_NEWFSTATAT, unix.SYS_STATX, unix.SYS_FACCESSAT,
		unix.SYS_FACCESSAT2, unix.SYS_MKDIRAT, unix.SYS_MKNODAT, unix.SYS_UNLINKAT, unix.SYS_READLINKAT,
		unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWNAT, unix.SYS_FUTIMESAT,
		unix.SYS_UTIMENSAT, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_INOTIFY_ADD_WATCH:
		return 1, -1
	case unix.SYS_SYMLINK: // its first argument is what the link says
		return 1, -1
	case unix.SYS_SYMLINKAT:
		return 2, -1
	case unix.SYS_RENAME, unix.SYS_LINK:
		return 0, 1
	case unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_LINKAT:
		return 1, 3
	}
	return -1, -1
}
