package systrap

import (
	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// execve and execveat: the new image is followed by passing LD_PRELOAD and our
// settings in its environment, whatever environment the program built for it.

// NoFollow, when set by a tool's Init, leaves programs that are started by
// execve untraced.
var NoFollow bool

// sysExec makes the call. If it returns, the call failed.
func sysExec(c *Call) {
	envArg := 2
	fd := int64(0)
	if c.Sysno == unix.SYS_EXECVEAT {
		envArg = 3
		fd = openTargetAt(c)
	} else {
		fd = int64(rawsys.Syscall(unix.SYS_OPEN, uintptr(c.Args[0]), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0))
	}
	t := targetMissing
	if fd >= 0 {
		t = classify(fd)
	}
	if t == targetMissing {
		c.perform()
		return
	}
	if tool.Exec != nil {
		tool.Exec(c)
	}
	follow := t == targetFollow && !NoFollow
	if t != targetFollow && t != targetForeign && !NoFollow {
		var path [256]byte
		n, _ := ReadString(path[:len(path)-1], c.Args[envArg-2])
		if n >= 0 {
			complainAbout(path[:n], t.why())
		}
	}
	old := c.Args[envArg]
	env, size := buildEnv(old, follow)
	if env != 0 {
		c.Args[envArg] = uint64(env)
		rememberScratch(env, size)
	}
	handOver(true, follow)
	c.perform()
	handOver(false, follow)
	c.Args[envArg] = old
	if env != 0 {
		rememberScratch(0, 0)
		munmap(env, size)
	}
}

// openTargetAt opens what execveat names.
func openTargetAt(c *Call) int64 {
	if c.Args[4]&unix.AT_EMPTY_PATH != 0 {
		var b [1]byte
		if Read(b[:], c.Args[1]) == 1 && b[0] == 0 {
			return int64(rawsys.Syscall(unix.SYS_FCNTL, uintptr(c.Args[0]), unix.F_DUPFD_CLOEXEC, firstOwnFd, 0, 0, 0))
		}
	}
	return int64(rawsys.Syscall(unix.SYS_OPENAT, uintptr(c.Args[0]), uintptr(c.Args[1]), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0))
}

// rememberScratch notes memory that a vfork child leaves in its parent.
func rememberScratch(addr, size uintptr) {
	if v := currentVMChild(); v != nil {
		v.scratch, v.scratchLen = addr, size
	}
}

// handOver prepares what a new image inherits, or (begin false) takes it back
// after the call failed: our descriptors stay open, and our own signals
// are really ignored or blocked if the program thinks they are.
func handOver(begin, follow bool) {
	if follow && logFd >= 0 {
		closeOnExec(logFd, !begin)
	}
	if follow && sharedFd >= 0 {
		closeOnExec(sharedFd, !begin)
	}
	for i := range trapInstalled {
		if trapInstalled[i] && currentActions()[i].Handler == sigIgn {
			if begin {
				ign := restorer.Sigaction{Handler: sigIgn}
				rtSigaction(ownNumbers[i], &ign, nil)
			} else {
				installTrap(i)
			}
		}
	}
	if b := threadOwnBlocked(); b != 0 {
		how := unix.SIG_BLOCK
		if !begin {
			how = unix.SIG_UNBLOCK
		}
		sigprocmask(how, b)
	}
}
