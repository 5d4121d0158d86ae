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
	x := &frameOf(c).exec
	*x = execState{}
	if t == targetMissing {
		c.perform()
		return
	}
	if tool.Exec != nil {
		tool.Exec(c)
	}
	asked := traceme()
	if *asked && t != targetForeign {
		t = targetTraced
	}
	x.follow = t == targetFollow && !NoFollow && logEnded.Load() == 0
	if t != targetFollow && t != targetForeign && !NoFollow {
		complainOfTarget(c.Args[envArg-2], t)
	}
	args := c.Args
	x.env, x.size = buildEnv(args[envArg], x.follow)
	if x.env != 0 {
		args[envArg] = uint64(x.env)
		rememberScratch(x.env, x.size)
	}
	if !x.follow {
		leaveLog()
	}
	x.begun = true
	handOver(true, x.follow)
	traced := t == targetTraced && askNow(asked)
	c.performWith(&args)
	endExec(c)
	if traced && asked == &tracemeAsked {
		goUntraced(&frameOf(c).door, tracedByParent)
	}
}

// complainOfTarget says why the program at path runs untraced.
//
//go:noinline
func complainOfTarget(path uint64, t target) {
	var buf [256]byte
	if n, _ := ReadString(buf[:len(buf)-1], path); n >= 0 {
		complainAbout(buf[:n], t.why())
	}
}

// execState is what is set up while an exec is made.
type execState struct {
	env, size     uintptr
	follow, begun bool
}

// endExec takes back what was prepared for a new image: the call failed, or was
// not made.
func endExec(c *Call) {
	x := &frameOf(c).exec
	if !x.begun {
		return
	}
	x.begun = false
	handOver(false, x.follow)
	if x.env != 0 {
		rememberScratch(0, 0)
		munmap(x.env, x.size)
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
	for i := range numHandedOn {
		if fd := ownFd(i); follow && fd >= 0 {
			closeOnExec(fd, !begin)
		}
	}
	for i := range trapInstalled {
		if trapInstalled[i] && currentActions()[ownNumbers[i]].Handler == sigIgn {
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
