package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool"
)

// supervise runs the command as a child, in our process group, waits for it and
// for what it started, and finishes the output. relays says whether signals that
// end a program go on to the command.
func (o *output) supervise(cmd *beginning, relays bool) (int, error) {
	handlers, mask := inheritedSignals()
	deaf := keepDeaf(handlers, mask)
	caught := make(chan os.Signal, 8)
	for _, s := range [...]unix.Signal{unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTERM} {
		if !deaf[s] {
			signal.Notify(caught, s)
		}
	}
	if handlers != nil && deaf[unix.SIGCHLD] && handlers[unix.SIGCHLD] == sigIgn {
		setHandler(int(unix.SIGCHLD), sigDfl) // or there is nothing to wait for
		cmd.deaf = true
	}
	pid, err := cmd.begin(mask)
	if err != nil {
		return 0, err
	}
	leaveStandard()
	ignoreTerminalStops()
	if o.aliveFd >= 0 {
		unix.Close(o.aliveFd)
	}
	ended, passed, interrupted := make(chan struct{}), make(chan struct{}), os.Signal(nil)
	go func() {
		defer close(passed)
		for {
			select {
			case s := <-caught:
				if relays && (o.attached != nil || !fromTerminal(s.(unix.Signal))) {
					interrupted = s
					unix.Kill(pid, s.(unix.Signal))
				}
			case <-ended:
				return
			}
		}
	}()
	left := o.detaches && o.awaitDetach(pid)
	if !left {
		o.awaitEnd(pid)
	}
	close(ended)
	<-passed // its number may be another's once it has been waited for
	var ws unix.WaitStatus
	for !left {
		if _, err := unix.Wait4(pid, &ws, 0, nil); err != unix.EINTR {
			break
		}
	}
	if o.attached != nil {
		if interrupted != nil {
			caught <- interrupted
		}
		if s := o.attached.await(caught); s != 0 {
			o.attached.detach()
		}
	} else if s := o.awaitOthers(caught, relays); s != 0 {
		ws = unix.WaitStatus(s) // killed by s (wait(2))
	}
	o.endTrace()
	return o.same(ws), nil
}

// awaitDetach waits until the command has ended, or all that were traced have been left (-b): the trace is over then, and the command
// goes on. It says whether the command has been left.
func (o *output) awaitDetach(pid int) (left bool) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	fds := []unix.PollFd{{Fd: int32(o.ended.Fd()), Events: unix.POLLIN}, {Fd: int32(fd), Events: unix.POLLIN}}
	for {
		if n, err := unix.Poll(fds, -1); n <= 0 && err == unix.EINTR {
			continue
		} else if err != nil {
			return left
		}
		if fds[0].Revents == 0 {
			return left
		}
		var id [4]byte // of each process that is left (tracetool, saysDetached)
		if n, err := unix.Read(int(fds[0].Fd), id[:]); n != len(id) || err != nil {
			return left
		}
		if int(*(*int32)(unsafe.Pointer(&id))) == pid {
			left, o.left = true, pid
		}
	}
}

// finish closes the output; the command that reads it may have something to do yet.
func (o *output) finish() {
	if o.file != nil {
		o.file.Close()
	}
	if o.reader != nil {
		o.reader.Wait()
	}
}

// endTrace completes the output of a trace that is over.
func (o *output) endTrace() {
	o.endLogMap()
	if o.counts != nil {
		o.printCounts()
	}
	o.finish()
	if o.done != nil {
		o.done()
	}
}

// Handlers of sigaction(2).
const sigDfl, sigIgn = 0, 1

// keepDeaf ignores what was ignored when this process began, so that the command
// inherits it, and says what was ignored or blocked, which is not passed on. Of the
// signals that signal.Ignore knows nothing of, as they are the runtime's own (SIGILL),
// the runtime is to forget its handlers, which it takes from its children
// (runtime/signal_unix.go, clearSignalHandlers).
func keepDeaf(handlers *[65]uintptr, mask unsafe.Pointer) (deaf [65]bool) {
	if handlers != nil && slices.Contains(handlers[:], sigIgn) {
		handling := handledByRuntime()
		if handling != nil {
			restoreIgnored(handlers)
		}
		for sig, h := range handlers {
			if h != sigIgn {
				continue
			}
			if handling != nil {
				handling[sig] = 0
			}
			signal.Ignore(unix.Signal(sig))
			deaf[sig] = true
		}
	}
	if mask != nil {
		blocked := *(*uint64)(mask)
		for sig := 1; sig < len(deaf); sig++ {
			deaf[sig] = deaf[sig] || blocked>>(sig-1)&1 != 0
		}
	}
	return deaf
}

// fromTerminal says whether a signal was typed, as far as can be told: the
// terminal has then sent it to the command, too (termios(3), ISIG).
func fromTerminal(s unix.Signal) bool {
	if s != unix.SIGINT && s != unix.SIGQUIT {
		return false
	}
	tty, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(tty)
	front, err := unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	return err == nil && front == unix.Getpgrp()
}

// awaitEnd waits until the command has ended, leaves it to be waited for, and
// prints the line that only its parent can: that of SIGKILL.
func (o *output) awaitEnd(pid int) {
	var info siginfo
	o.reapOthers(pid)
	for {
		if err := waitid(unix.P_PID, pid, &info); err != unix.EINTR {
			break
		}
	}
	const killed = 2 // CLD_KILLED (sigaction(2))
	if o.silent || info.code != killed || info.status != int32(unix.SIGKILL) {
		return
	}
	var line [512]byte
	o.print(pid, line[:tracetool.KilledLine(line[:], pid, o.othersLive())])
}

// siginfo is what waitid(2) writes of siginfo_t.
type siginfo struct {
	signo, errno, code, _     int32
	pid, uid, status, padding int32
	_                         [96]byte
}

// waitid waits for an end and leaves the zombie.
func waitid(kind, id int, info *siginfo) error {
	_, _, e := unix.Syscall6(unix.SYS_WAITID, uintptr(kind), uintptr(id), uintptr(unsafe.Pointer(info)), unix.WEXITED|unix.WNOWAIT, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// reapOthers reaps children until pid has ended, or there are none: those that the
// command makes ours (clone(2), CLONE_PARENT), which it may wait to be gone, those
// that whoever executed us had, and the orphans of a PID namespace
// (pid_namespaces(7)). As strace does, it says so of those that it does not know.
// See docs/decisions/reaped-children.md.
func (o *output) reapOthers(pid int) {
	for {
		var info siginfo
		switch err := waitid(unix.P_ALL, 0, &info); {
		case err == unix.EINTR:
		case err != nil || int(info.pid) == pid:
			return
		case o.reader != nil && int(info.pid) == o.reader.Process.Pid:
			return // finish waits for it
		default:
			unix.Wait4(int(info.pid), nil, 0, nil)
			if !o.silent && int(info.pid) != o.left && tracetool.NotesUnknown() && unix.Getpid() != 1 {
				fmt.Fprintf(os.Stderr, "%s: Exit of unknown pid %d ignored\n", traceName, info.pid)
			}
		}
	}
}

// othersLive says whether the command has left processes behind.
func (o *output) othersLive() bool {
	if o.ended == nil {
		return false
	}
	p := []unix.PollFd{{Fd: int32(o.ended.Fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(p, 0)
	return err == nil && n == 0
}

// awaitOthers waits for what the command has left behind; a signal, which there is
// no command any more to pass on to, ends the wait and is returned.
func (o *output) awaitOthers(caught chan os.Signal, heeds bool) unix.Signal {
	if o.ended == nil {
		return 0
	}
	go o.reapOthers(0)
	gone := make(chan struct{})
	go func() {
		io.Copy(io.Discard, o.ended)
		close(gone)
	}()
	for {
		select {
		case <-gone:
			return 0
		case s := <-caught:
			if heeds {
				return s.(unix.Signal)
			}
		}
	}
}

// print writes a line about process pid.
func (o *output) print(pid int, line []byte) {
	switch {
	case len(line) == 0:
	case o.separate != "":
		if f, err := os.OpenFile(fmt.Sprintf("%s.%d", o.separate, pid), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666); err == nil {
			f.Write(line)
			f.Close()
		}
	case o.file != nil:
		o.endLogMap()
		o.file.Write(line)
	default:
		os.Stderr.Write(line)
	}
}
