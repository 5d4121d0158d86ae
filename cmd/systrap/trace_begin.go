package main

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/launch"
	"libsystrap/tracetool"
)

// beginning is a command, and the ways to start it with the library.
type beginning struct {
	path  string
	argv  []string
	env   []string // with what has ld.so load the library
	plain []string // the command's own
	lib   string   // the library's path
	libFd int      // a descriptor of it
	keep  bool     // it goes with those that the command executes
	vars  []string // what it finds if it is injected; none if it is not to be
	debug bool     // say how it was started
	deaf  bool     // it is to ignore SIGCHLD
}

// prepare has the command injected.
func (s *beginning) prepare(env []string, r *traceRequest, lib string, out *output) error {
	if err := s.open(lib); err != nil {
		return err
	}
	s.keep, _, _ = tracetool.Wants()
	fd := -1
	if s.keep {
		fd = s.libFd
	}
	s.plain, s.vars = commandEnv(env, r), injectedVars(env, r, lib, out, fd)
	return nil
}

// open opens the library, for the command.
func (s *beginning) open(lib string) (err error) {
	s.lib = lib
	if s.libFd, err = unix.Open(lib, unix.O_RDONLY, 0); err != nil {
		return fmt.Errorf("%s: %v", lib, errnoText(err))
	}
	return nil
}

// begin starts the command as a child: with the library put into it before its first instruction, or, where that is
// not wanted or cannot be done, loaded by ld.so. mask is the signal mask that it inherits, nil for ours.
// See docs/decisions/injection.md.
func (s *beginning) begin(mask unsafe.Pointer) (pid int, err error) {
	if s.vars != nil {
		pid, err := s.inject(mask)
		no, isRefused := err.(*launch.Refused)
		if !isRefused {
			s.tell("injected", pid, err)
			return pid, err
		}
		if err := checkTarget(s.path, &identity{uid: os.Geteuid(), gid: os.Getegid()}, false); err != nil {
			return 0, fmt.Errorf("cannot inject: %w; %w", no, err)
		}
		fmt.Fprintf(os.Stderr, "%s: cannot inject: %v; goes on with LD_PRELOAD\n", traceName, no)
		unix.CloseOnExec(s.libFd)
	}
	var own uint64
	if mask != nil { // the child inherits it from this thread
		setMask(mask, &own)
		defer setMask(unsafe.Pointer(&own), nil)
	}
	if s.deaf { // syscall's child would be so as long as we are, and be gone if it ended meanwhile
		c := s.command(mask)
		c.Env, c.EnvAt = s.env, nil
		pid, err = launch.Plain(c)
		s.tell("preloaded", pid, err)
		return pid, err
	}
	lowerLimits()
	pid, err = syscall.ForkExec(s.path, s.argv, &syscall.ProcAttr{Env: s.env, Files: standardFiles()})
	raiseLimits()
	s.tell("preloaded", pid, err)
	return pid, err
}

// inject starts the command with the library in it.
func (s *beginning) inject(mask unsafe.Pointer) (int, error) {
	unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) // or -u, which has made us another user, would be in the way of ptrace(2)
	return launch.Start(s.command(mask))
}

func (s *beginning) command(mask unsafe.Pointer) *launch.Command {
	limits := map[int]*unix.Rlimit{unix.RLIMIT_NOFILE: filesLimit()}
	for resource, l := range raisedLimits() {
		limits[resource] = &unix.Rlimit{Cur: l.cur, Max: l.max}
	}
	return &launch.Command{
		Path: s.path, Argv: s.argv, Env: s.plain, ArgvAt: s.argvAtStart(), EnvAt: s.envAtStart(), Closed: closedAtStart, Mask: (*uint64)(mask), Limits: limits,
		Library: s.libFd, Keep: s.keep, Vars: s.vars, DeafToChildren: s.deaf,
	}
}

// argvAtStart and envAtStart are the command's arguments and environment where this process was given them, if that is what they
// are, or nil: as strace passes them on.
func (s *beginning) argvAtStart() unsafe.Pointer {
	n := len(os.Args) - len(s.argv)
	if stackAtStart == 0 || n < 0 || !slices.Equal(os.Args[n:], s.argv) {
		return nil
	}
	return address(stackAtStart + 8*uintptr(1+n))
}

func (s *beginning) envAtStart() unsafe.Pointer {
	if stackAtStart == 0 || !slices.Equal(os.Environ(), s.plain) {
		return nil
	}
	return address(stackAtStart + 8*uintptr(2+len(os.Args)))
}

func address(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

func (s *beginning) tell(how string, pid int, err error) {
	if s.debug && err == nil {
		fmt.Fprintf(os.Stderr, "%s: %s: %s in process %d\n", traceName, s.lib, how, pid)
	}
}
