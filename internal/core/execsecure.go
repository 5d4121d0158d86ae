package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// secureOr returns targetSecure if the kernel sets AT_SECURE for the file of st, so that
// ld.so drops LD_PRELOAD (ld.so(8), "Secure-execution mode"), else t. The file is open at
// fd, if that is not negative (cap_bprm_creds_from_file, security/commoncap.c). One that is linked statically is asked for where
// it would be injected: behind a tracer without privileges it gains none.
func secureOr(t target, fd int64, st *unix.Stat_t) target {
	if t != targetFollow && (t != targetStatic || injection() == nil) {
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
	switch {
	case euid != uid || egid != gid:
		if marked {
			return targetSecure
		}
		return targetOtherIds
	case uid != 0 && hasCapabilities(fd):
		return targetCapable
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

// fileCapabilities are what the file at fd gives its caller (capabilities(7), "File
// capabilities"): struct vfs_ns_cap_data, include/uapi/linux/capability.h.
type fileCapabilities struct {
	magic          uint32
	permitted, inh uint32 // of the first 32
	more, moreInh  uint32
	root           uint32
}

func (c *fileCapabilities) read(fd int64) bool {
	return fd >= 0 && int64(rawsys.Syscall(unix.SYS_FGETXATTR, uintptr(fd), uintptr(unsafe.Pointer(&capabilityName)),
		uintptr(unsafe.Pointer(c)), unsafe.Sizeof(*c), 0, 0)) > 0
}

// hasCapabilities says whether the file at fd gives its caller capabilities.
func hasCapabilities(fd int64) bool {
	var c fileCapabilities
	return c.read(fd) && !mountedNosuid(fd)
}

// refusesCapabilities says whether an exec of the file at fd fails, as it is to give
// capabilities that the caller's bounding set leaves out (get_file_caps, security/commoncap.c).
func refusesCapabilities(fd int64) bool {
	const effective = 1 // VFS_CAP_FLAGS_EFFECTIVE
	var c fileCapabilities
	if !c.read(fd) || c.magic&effective == 0 || mountedNosuid(fd) {
		return false
	}
	set := uint64(c.more)<<32 | uint64(c.permitted)
	for i := uintptr(0); i < 64 && set>>i != 0; i++ {
		r := int64(rawsys.Syscall(unix.SYS_PRCTL, unix.PR_CAPBSET_READ, i, 0, 0, 0, 0))
		if set>>i&1 != 0 && r == 0 {
			return true
		}
	}
	return false
}

var capabilityName = [...]byte{'s', 'e', 'c', 'u', 'r', 'i', 't', 'y', '.', 'c', 'a', 'p', 'a', 'b', 'i', 'l', 'i', 't', 'y', 0}
