package tracetool

import "golang.org/x/sys/unix"

// count returns how many arguments a call has: as many as it has kinds, unless
// its last kind stands for several.
func (r *row) count(nr int64) int {
	n := 0
	for n < len(r.args) && r.args[n] != kNone {
		n++
	}
	if n == 0 || r.args[n-1] < kMany || r.args[n-1] >= kF {
		return n
	}
	switch nr {
	case unix.SYS_OPEN, unix.SYS_IOCTL, unix.SYS_FCNTL, unix.SYS_MKNOD, unix.SYS_SECCOMP, unix.SYS_BPF, unix.SYS_MEMBARRIER:
		return 3
	case unix.SYS_OPENAT, unix.SYS_MKNODAT, unix.SYS_PTRACE, unix.SYS_REBOOT, unix.SYS_MQ_OPEN, unix.SYS_RT_SIGTIMEDWAIT:
		return 4
	case unix.SYS_MREMAP, unix.SYS_CLONE, unix.SYS_PRCTL, unix.SYS_KEYCTL, unix.SYS_FSCONFIG:
		return 5
	case unix.SYS_FUTEX:
		return 6
	case unix.SYS_ARCH_PRCTL, unix.SYS_CLONE3:
		return 2
	}
	return n
}
