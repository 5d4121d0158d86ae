package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"libsystrap/internal/launch"
	"libsystrap/tracetool"
)

// -p: the library is put into programs that run, and taken out again when we are interrupted. Meanwhile we only wait.
// See docs/decisions/attach.md.

// attachment are the programs that are attached to.
type attachment struct {
	programs []*launch.Attached
	quiet    bool
}

// pidList reads the list of processes of -p.
func pidList(list string) ([]int, error) {
	var pids []int
	for _, w := range strings.FieldsFunc(list, func(c rune) bool { return strings.ContainsRune(" \t\n,", c) }) {
		n, err := strconv.Atoi(w)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("Invalid process id: '%s'", w)
		}
		if n == os.Getpid() {
			return nil, errors.New("I'm sorry, I can't let you do that, Dave.")
		}
		pids = append(pids, n)
	}
	return pids, nil
}

// traceAttached implements systrap trace -p.
func traceAttached(r *traceRequest) (int, error) {
	if len(r.command) != 0 {
		return 0, errors.New("-p/--attach cannot be combined with a command: trace it apart")
	}
	if r.user != "" {
		return 0, errors.New("-u/--username is for a command, and cannot be combined with -p/--attach")
	}
	lib, err := findLibrary()
	if err != nil {
		return 0, err
	}
	out, err := openOutput(r)
	if err != nil {
		return 0, err
	}
	if err := out.share(); err != nil {
		return 0, err
	}
	out.stays = true
	follow, _, _ := tracetool.Wants()
	return out.attach(r, lib, follow, func(o *output, libFd int) []string {
		return injectedVars(nil, r, lib, o, libFd)
	})
}

// attach attaches to the programs of r, waits until they have ended or we are interrupted, and finishes the output.
// vars are the library's variables where o has the numbers of the descriptors.
func (o *output) attach(r *traceRequest, lib string, follow bool, vars func(o *output, libFd int) []string) (int, error) {
	s := &beginning{}
	if err := s.open(lib); err != nil {
		return 0, err
	}
	caught := make(chan os.Signal, 8)
	if r.heeds <= 2 {
		signal.Notify(caught, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTERM)
	} else {
		signal.Ignore(unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTERM)
	}
	runtime.LockOSThread() // a tracer is a thread
	a := &attachment{quiet: o.silent || !tracetool.NotesAttach()}
	log := o.logFd
	if log < 0 {
		log = 2
	}
	for _, pid := range r.pids {
		p, err := (&launch.Attach{
			Pid: pid, Library: s.libFd, Keep: follow, Fds: [4]int{log, o.countsFd, o.aliveFd, o.mapFd},
			Vars: func(fds [4]int, library int) []string {
				there := *o
				there.logFd, there.countsFd, there.aliveFd, there.mapFd = fds[0], fds[1], fds[2], fds[3]
				return vars(&there, library)
			},
			More: func(threads int) bool { return len(r.pids) > 1 || follow && threads > 1 },
		}).Start()
		if err != nil {
			refusedToAttach(pid, err)
			continue
		}
		a.programs = append(a.programs, p)
		switch {
		case a.quiet:
		case follow && p.Threads > 1:
			fmt.Fprintf(os.Stderr, "%s: Process %d attached with %d threads\n", traceName, pid, p.Threads)
		default:
			fmt.Fprintf(os.Stderr, "%s: Process %d attached\n", traceName, pid)
		}
	}
	if o.aliveFd >= 0 {
		unix.Close(o.aliveFd)
	}
	if len(a.programs) == 0 {
		o.endLogMap()
		o.finish()
		return exitFail, nil
	}
	sig := a.await(caught)
	if sig != 0 {
		a.detach()
	}
	o.endLogMap()
	if o.counts != nil {
		o.printCounts()
	}
	o.finish()
	return o.same(unix.WaitStatus(sig)), nil
}

// refusedToAttach says why there is no trace of a process.
func refusedToAttach(pid int, err error) {
	var no *launch.Refused
	switch {
	case !errors.As(err, &no):
		fmt.Fprintf(os.Stderr, "%s: attach: %v\n", traceName, err)
	case strings.HasPrefix(no.What, "ptrace("):
		fmt.Fprintf(os.Stderr, "%s: attach: %s: %s\n", traceName, no.What, errnoText(no.Errno))
	case no.Errno != 0:
		fmt.Fprintf(os.Stderr, "%s: attach: process %d: %s: %s\n", traceName, pid, no.What, errnoText(no.Errno))
	default:
		fmt.Fprintf(os.Stderr, "%s: attach: process %d %s\n", traceName, pid, no.What)
	}
}

// await waits until all programs have ended, or for a signal, which it returns.
func (a *attachment) await(caught chan os.Signal) unix.Signal {
	ended := make(chan struct{})
	go func() {
		for _, p := range a.programs {
			awaitProcess(p.Process)
		}
		close(ended)
	}()
	select {
	case <-ended:
		return 0
	case s := <-caught:
		return s.(unix.Signal)
	}
}

// awaitProcess waits until a process has ended that is not our child.
func awaitProcess(pid int) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	for {
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); err != unix.EINTR {
			return
		}
	}
}

// detach takes the library out of the programs that have not ended.
func (a *attachment) detach() {
	for _, p := range a.programs {
		err := p.Detach()
		var no *launch.Refused
		switch {
		case errors.As(err, &no) && no.Errno == unix.ESRCH:
		case err != nil:
			fmt.Fprintf(os.Stderr, "%s: detach: process %d: %v; it goes on with the library\n", traceName, p.Pid, err)
		case !a.quiet:
			fmt.Fprintf(os.Stderr, "%s: Process %d detached\n", traceName, p.Pid)
		}
	}
}
