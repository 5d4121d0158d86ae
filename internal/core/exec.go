package core

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// execve and execveat: the new image is followed by passing LD_PRELOAD and our
// settings in its environment, whatever environment the program built for it.

// NoFollow, when set by a tool's Init, leaves programs that are started by
// execve untraced.
// See docs/decisions/children-without-follow.md.
var NoFollow bool

// execState is what is set up while an exec is made.
type execState struct {
	env, size uintptr
	// letter is where in env the state says what has been told of the call (state.go), in
	// bytes, or 0.
	letter        uint32
	follow, begun bool
	aside         bool // the new image is left aside (only.go): what it starts may be followed
	way           way
	alone         bool // execOwner is ours
}

// outlook is what is known of an exec before it is made.
type outlook uint8

const (
	succeeds outlook = iota // as far as can be told
	fails
	doubtful
)

// sysExec makes the call. If it returns, the call failed.
func sysExec(c *Call) {
	x := &frameOf(c).exec
	*x = execState{}
	e := execCall{fd: unix.AT_FDCWD, path: c.Args[0], argv: c.Args[1], envp: c.Args[2]}
	envArg := 2
	if c.Sysno == unix.SYS_EXECVEAT {
		e = execCall{int64(int32(c.Args[0])), c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
		envArg = 3
	}
	t, sure := lookAt(&e)
	if t == targetMissing {
		c.perform()
		return
	}
	x.alone = execAlone()
	reapHelper()
	asked := traceme()
	if *asked && t != targetForeign {
		t = targetTraced
	}
	x.aside = !NoFollow && leavesAside(&e)
	if x.aside {
		t = x.asideWay(t)
	} else if (t == targetFollow || t == targetStatic || t == targetLists && injects()) && !NoFollow {
		t = x.findLibrary(t)
	}
	args := c.Args
	errno := int64(0)
	t, errno = x.prepare(&e, t)
	if x.way == byInjection && errno == 0 && sure != fails && x.follow && !x.startHelper(&e) {
		if t, _ = lookAt(&e); t == targetFollow || t == targetStatic {
			t = x.findFile(t)
		}
		t, errno = x.prepare(&e, t)
	}
	if x.env != 0 && x.way != byInjection {
		args[envArg] = uint64(x.env)
	}
	forbidden := seccomp.On && !seccomp.Allows(uintptr(c.Sysno), uintptr(args[0]), uintptr(args[1]), uintptr(args[2]),
		uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
	switch {
	case errno != 0 || forbidden && !tryLater:
		sure = fails
	case forbidden:
		sure = doubtful // nobody has tried it
	}
	x.begun = true
	told := byte(toldNothing)
	if sure != fails {
		told = x.tell(c, &e, t, sure)
	}
	if x.letter != 0 {
		*(*byte)(sys.Ptr(x.env + uintptr(x.letter))) = told
	}
	if (!x.follow || x.aside) && sure != fails {
		if t == targetStatic && x.way == byPath {
			tracelog.EndMapped() // what it starts will write(2): its lines would come behind ours
		}
		if currentVMChild() == nil {
			tracelog.Leave()
		}
	}
	handOver(true, x)
	traced := t == targetTraced && askNow(asked)
	c.performWith(&args)
	endExec(c)
	if traced && asked == &tracemeAsked {
		goUntraced(&frameOf(c).door, tracedByParent)
	}
}

// prepare builds the environment of the new image and asks the kernel what it thinks of
// it. It returns what the target is then, and the errno that the call will have, or 0.
func (x *execState) prepare(e *execCall, t target) (target, int64) {
	for {
		x.follow = t == targetFollow && !NoFollow && tracelog.Ended.Load() == 0
		if x.way == byInjection {
			return t, e.check(e.envp)
		}
		kind := envFor(t, x)
		lists := false
		x.env, x.size, x.letter, lists = buildEnv(e.envp, kind, x.aside)
		rememberScratch(x.env, x.size)
		if lists && x.follow {
			dropEnv(x)
			t = targetLists
			continue
		}
		envp := e.envp
		if x.env != 0 {
			envp = uint64(x.env)
		}
		errno := e.check(envp)
		if errno != int64(unix.E2BIG) || envp == e.envp || e.check(e.envp) != 0 {
			return t, errno
		}
		dropEnv(x)
		if !x.follow {
			return t, 0
		}
		t = targetFull
	}
}

// tell says that the exec is about to be made: to the tool, and to the user if the
// program is not followed. It returns the letter of what has been told.
func (x *execState) tell(c *Call, e *execCall, t target, sure outlook) byte {
	c.Doubtful = sure == doubtful
	if tool.Exec != nil {
		tool.Exec(c)
	}
	if !x.follow && t != targetForeign && !NoFollow && !x.aside {
		complainOfTarget(e.path, t)
	}
	if c.Doubtful {
		return toldBegun
	}
	return toldDone
}

// complainOfTarget says why the program at path runs untraced.
//
//go:noinline
func complainOfTarget(path uint64, t target) {
	var buf [256]byte
	if n, _ := mem.ReadString(buf[:len(buf)-1], path); n >= 0 {
		tracelog.WarnAbout(buf[:n], t.why())
	}
}

// endExec takes back what was prepared for a new image: the call failed, or was
// not made.
func endExec(c *Call) {
	x := &frameOf(c).exec
	if x.begun {
		x.begun = false
		handOver(false, x)
		dropEnv(x)
	}
	if x.alone {
		x.alone = false
		atomic.StoreInt64(&execOwner, 0)
	}
}

func dropEnv(x *execState) {
	if x.env != 0 && x.way == byInjection {
		x.stopHelper()
		return
	}
	if x.env != 0 {
		rememberScratch(0, 0)
		freeEnv(x.env, x.size)
		x.env = 0
	}
}

// execOwner is the thread of this process that makes an exec, or 0. Only one does at
// a time, as in the kernel (cred_guard_mutex): of those that wait there, none has its
// end told before it is known.
var execOwner int64

// execAlone waits until the calling thread is the one. A child that shares its
// parent's memory does not ask.
func execAlone() bool {
	if currentVMChild() != nil {
		return false
	}
	tid := int64(Tid())
	for i := range maxPauses {
		if atomic.CompareAndSwapInt64(&execOwner, 0, tid) {
			return true
		}
		sys.Pause(i)
	}
	return false
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
func handOver(begin bool, x *execState) {
	for i := range ownfd.HandedOn {
		if fd := ownfd.Get(i); x.follow && fd >= 0 {
			sys.CloseOnExec(fd, !begin)
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
		sys.Sigprocmask(how, b)
	}
}
