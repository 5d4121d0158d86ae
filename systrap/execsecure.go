package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// secureOr returns targetSecure if the kernel sets AT_SECURE for the file of st, so that
// ld.so drops LD_PRELOAD (ld.so(8), "Secure-execution mode"), else t. The file is open at
// fd, if that is not negative (cap_bprm_creds_from_file, security/commoncap.c).
func secureOr(t target, fd int64, st *unix.Stat_t) target {
	if t != targetFollow {
		return t
	}
	uid, euid := ids(unix.SYS_GETRESUID)
	gid, egid := ids(unix.SYS_GETRESGID)
	const setgid = unix.S_ISGID | unix.S_IXGRP // without x: mandatory locking
	marked := st.Mode&unix.S_ISUID != 0 && st.Uid != euid || st.Mode&setgid == setgid && st.Gid != egid
	if marked && honoured(fd) {
		if st.Mode&unix.S_ISUID != 0 {
			euid = st.Uid
		}
		if st.Mode&setgid == setgid {
			egid = st.Gid
		}
	}
	if euid != uid || egid != gid || uid != 0 && hasCapabilities(fd) {
		return targetSecure
	}
	return t
}

// ids returns the real and the effective id that getresuid(2) or getresgid(2) tells.
func ids(nr uintptr) (now, effective uint32) {
	var saved uint32
	rawsys.Syscall(nr, uintptr(unsafe.Pointer(&now)), uintptr(unsafe.Pointer(&effective)), uintptr(unsafe.Pointer(&saved)), 0, 0, 0)
	return now, effective
}

// honoured says whether the set-id bits of the file at fd count (bprm_fill_uid,
// fs/exec.c): not on a mount with nosuid, nor in a process that has given up to gain
// privileges.
func honoured(fd int64) bool {
	if mountedNosuid(fd) {
		return false
	}
	return int64(rawsys.Syscall(unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0)) != 1
}

// mountedNosuid says whether the file at fd lies on a mount with nosuid.
func mountedNosuid(fd int64) bool {
	var st unix.Statfs_t
	return fd >= 0 && rawsys.Syscall(unix.SYS_FSTATFS, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 &&
		st.Flags&unix.ST_NOSUID != 0
}

// hasCapabilities says whether the file at fd gives its caller capabilities
// (capabilities(7), "File capabilities").
func hasCapabilities(fd int64) bool {
	if fd < 0 {
		return false
	}
	r := int64(rawsys.Syscall(unix.SYS_FGETXATTR, uintptr(fd), uintptr(unsafe.Pointer(&capabilityName)), 0, 0, 0, 0))
	return r > 0 && !mountedNosuid(fd)
}

var capabilityName = [...]byte{'s', 'e', 'c', 'u', 'r', 'i', 't', 'y', '.', 'c', 'a', 'p', 'a', 'b', 'i', 'l', 'i', 't', 'y', 0}
