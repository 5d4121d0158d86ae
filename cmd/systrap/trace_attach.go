package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/launch"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
	"libsystrap/tracetool"
)

// -p: the library is put into programs that run, and taken out again when we are interrupted. Meanwhile we only wait.
// See docs/decisions/attach.md.

// attachment are the programs that are attached to.
type attachment struct {
	programs []*launch.Attached
	// ended is at its end when the library is nowhere any more.
	ended  *os.File
	follow bool
	quiet  bool
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

// traceAttached implements systrap trace -p without a command.
func traceAttached(r *traceRequest) (int, error) {
	if r.user != "" {
		return 0, usageError{errors.New("-u/--username is for a command, and there is none")}
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
	if r.page != nil {
		out.done = r.writePage
	}
	follow, _, _ := tracetool.Wants()
	return out.attachAlone(r, lib, follow, r.attachVars(lib))
}

// attachVars are the library's variables in a program that it is put into. What that executes keeps its bytes, too, for the library to
// leave it.
func (r *traceRequest) attachVars(lib string) func(*output, int) []string {
	return func(o *output, libFd int) []string {
		return append(injectedVars(nil, r, lib, o, libFd), "SYSTRAP_DISCOVER=only")
	}
}

// attachAlone attaches to the programs of r, waits until they have ended or we are interrupted, and finishes the output.
func (o *output) attachAlone(r *traceRequest, lib string, follow bool, vars func(*output, int) []string) (int, error) {
	o.stays = true
	caught := make(chan os.Signal, 8)
	signals := []os.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTERM}
	if r.heeds <= 2 {
		signal.Notify(caught, signals...)
	} else {
		signal.Ignore(signals...)
	}
	a, err := o.attach(r, lib, follow, vars)
	if err != nil {
		return 0, err
	}
	unix.Close(o.aliveFd)
	status := exitFail
	if len(a.programs) != 0 {
		sig := a.await(caught)
		if sig != 0 {
			a.detach()
		}
		defer func() { o.same(unix.WaitStatus(sig)) }()
		status = exitOK
	}
	o.endTrace()
	return status, nil
}

// attach attaches to the programs of r. vars are the library's variables where o has the numbers of the descriptors.
func (o *output) attach(r *traceRequest, lib string, follow bool, vars func(*output, int) []string) (*attachment, error) {
	s := &beginning{}
	if err := s.open(lib); err != nil {
		return nil, err
	}
	defer unix.Close(s.libFd)
	if err := o.watchEnd(); err != nil {
		return nil, err
	}
	filtersTold()
	runtime.LockOSThread() // a tracer is a thread
	defer runtime.UnlockOSThread()
	a := &attachment{ended: o.ended, follow: follow, quiet: o.silent || !tracetool.NotesAttach()}
	log := o.logFd
	if log < 0 {
		log = 2
	}
	for _, pid := range r.pids {
		if a.has(pid) {
			continue
		}
		p, err := (&launch.Attach{
			Pid: pid, Library: s.libFd, Fds: [4]int{log, o.countsFd, o.aliveFd, o.mapFd},
			Vars: func(fds [4]int, library int, filters *[seccomp.SummaryWords]uint64) []string {
				there := *o
				there.logFd, there.countsFd, there.aliveFd, there.mapFd = fds[0], fds[1], fds[2], fds[3]
				there.filters = told(func(l *line.Line) { core.TellSummary(l, filters) })
				return vars(&there, library)
			},
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
	return a, nil
}

// has says whether pid is a process, or one of its threads, that is attached to.
func (a *attachment) has(pid int) bool {
	for _, p := range a.programs {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d/task/%d", p.Process, pid)); err == nil {
			return true
		}
	}
	return false
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

// await waits until all programs have ended, with -f also those that they have made, or for a signal, which it returns.
func (a *attachment) await(caught chan os.Signal) unix.Signal {
	ended := make(chan struct{}, 2)
	go func() {
		io.Copy(io.Discard, a.ended)
		ended <- struct{}{}
	}()
	if !a.follow {
		go func() {
			for _, p := range a.programs {
				awaitProcess(p.Process)
			}
			ended <- struct{}{}
		}()
	}
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

// detach takes the library out of the programs that have not ended, and out of what they have made meanwhile.
func (a *attachment) detach() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	tried := map[int]bool{os.Getpid(): true}
	for _, p := range a.programs {
		tried[p.Process] = true
		a.leave(p, true)
	}
	for begun, more := time.Now(), true; more && time.Since(begun) < detachTime; {
		more = false
		for _, p := range a.programs[0].Holding(a.ended) {
			if !tried[p.Process] {
				tried[p.Process], more = true, true
				a.leave(p, a.follow)
			}
		}
	}
}

// detachTime is how long processes are followed that make new ones all the time.
const detachTime = 5 * time.Second

// leave takes the library out of p. told says whether that is worth a line.
func (a *attachment) leave(p *launch.Attached, told bool) {
	tids, err := p.Detach()
	var no *launch.Refused
	switch {
	case errors.As(err, &no) && no.Errno == unix.ESRCH:
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: detach: process %d: %v; it goes on with the library\n", traceName, p.Pid, err)
	case a.quiet || !told:
	case !a.follow:
		fmt.Fprintf(os.Stderr, "%s: Process %d detached\n", traceName, p.Pid)
	default:
		for _, tid := range tids {
			fmt.Fprintf(os.Stderr, "%s: Process %d detached\n", traceName, tid)
		}
	}
}
