package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/launch"
	"libsystrap/tracetool"
)

// With -D it is this process that becomes the command, a child of who has started it, and another one that puts the library into it
// and completes the output: a grandchild of this one, whose parent has ended before the command begins.
// See docs/decisions/tracer-as-grandchild.md.

// besideName is the variable by which such a process knows what to do.
const besideName = "SYSTRAP_BESIDE"

// besideWork is what it is told there.
type besideWork struct {
	Grand    bool // it is not the one between
	Kind     int  // of -D, so many
	Name     string
	Words    []string // options for the library
	Exec     launch.Exec
	Inject   bool
	Library  int // its number in the command
	Keep     bool
	Vars     []string
	Separate string
	Silent   bool
	Has      [besideFiles]bool
}

// Its descriptors, from 3 on.
const (
	besideReady = iota // a pipe: "y" when the command may begin, or why there is no library in it
	besideFile
	besideCounts
	besideMap
	besideEnded
	besideLibrary
	besideFiles
)

// becomeBeside becomes the command. It returns if that fails.
func (o *output) becomeBeside(s *beginning, r *traceRequest) error {
	runtime.LockOSThread()
	env := s.plain
	if s.vars == nil {
		env = s.env
	}
	path, argv, envp := cStrings([]string{s.path}), cStrings(s.argv), cStrings(env)
	argvAt, envAt := unsafe.Pointer(&argv[0]), unsafe.Pointer(&envp[0])
	if at := s.argvAtStart(); at != nil {
		argvAt = at
	}
	if at := s.envAtStart(); at != nil && s.vars != nil {
		envAt = at
	}
	ready, err := o.startBeside(s, r, launch.Exec{Tid: unix.Gettid(), Path: uintptr(unsafe.Pointer(path[0])),
		Argv: uintptr(argvAt), Envp: uintptr(envAt), Words: s.argv})
	if err != nil {
		return err
	}
	unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
	unix.Prctl(unix.PR_SET_PTRACER, ^uintptr(0), 0, 0, 0) // PR_SET_PTRACER_ANY: Yama lets only ancestors
	word, _ := io.ReadAll(ready)
	unix.Prctl(unix.PR_SET_PTRACER, 0, 0, 0, 0)
	if string(word) != "y" {
		no := errors.New(string(word))
		if err := checkTarget(s.path, &identity{uid: os.Geteuid(), gid: os.Getegid()}, false); err != nil {
			return fmt.Errorf("cannot inject: %w; %w", no, err)
		}
		fmt.Fprintf(os.Stderr, "%s: cannot inject: %v; goes on with LD_PRELOAD\n", traceName, no)
		unix.CloseOnExec(s.libFd)
		return execve(s.path, s.argv, s.env)
	}
	debug.SetGCPercent(-1)
	if limit := filesLimit(); limit != nil {
		unix.Setrlimit(unix.RLIMIT_NOFILE, limit)
	}
	closeStandard()
	lowerLimits()
	restoreSignals()
	_, _, e := unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path[0])), uintptr(argvAt), uintptr(envAt))
	runtime.KeepAlive([]any{path, argv, envp})
	return e
}

// startBeside starts the process between, which ends when it has started the other one, and returns what that says.
func (o *output) startBeside(s *beginning, r *traceRequest, e launch.Exec) (*os.File, error) {
	rd, wr, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe: %v", err)
	}
	w := besideWork{Kind: r.daemonKind, Name: traceName, Words: r.words, Exec: e, Inject: s.vars != nil, Library: s.libFd, Keep: s.keep,
		Vars: s.vars, Separate: o.separate, Silent: o.silent}
	files := [besideFiles]int{int(wr.Fd()), -1, o.countsFd, o.mapFd, -1, -1}
	if o.file != nil {
		files[besideFile] = int(o.file.Fd())
	}
	if o.ended != nil {
		files[besideEnded] = int(o.ended.Fd())
	}
	if w.Inject {
		files[besideLibrary] = s.libFd
	}
	given := standardFiles()
	for i, fd := range files {
		w.Has[i] = fd >= 0
		given = append(given, uintptr(fd))
	}
	pid, err := w.start(given)
	wr.Close()
	if err != nil {
		return nil, err
	}
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return rd, nil
		}
	}
}

// start starts this program again, to do w.
func (w *besideWork) start(files []uintptr) (int, error) {
	text, err := json.Marshal(w)
	if err != nil {
		return 0, err
	}
	env := setEnv(os.Environ(), envChange{name: besideName, value: string(text)})
	return syscall.ForkExec("/proc/self/exe", os.Args, &syscall.ProcAttr{Env: env, Files: files})
}

// runBeside is what such a process does, told by text.
func runBeside(text string) int {
	unix.CloseRange(3+besideFiles, ^uint(0), 0) // what only the command is to have
	var w besideWork
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		fmt.Fprintf(os.Stderr, "systrap: %s is none of yours to set: %v\n", besideName, err)
		return exitFail
	}
	traceName = w.Name
	if !w.Grand {
		w.Grand = true
		files := standardFiles()
		for i, has := range w.Has {
			fd := uintptr(3 + i)
			if !has {
				fd = ^uintptr(0)
			}
			files = append(files, fd)
		}
		if _, err := w.start(files); err != nil {
			unix.Write(3+besideReady, []byte(err.Error()))
			return exitFail
		}
		return exitOK
	}
	for i := range w.Has {
		unix.CloseOnExec(3 + i)
	}
	w.takeOptions()
	w.trace()
	return exitOK
}

// takeOptions has the options of the trace hold, of which has been said what there is to say.
func (w *besideWork) takeOptions() {
	own, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, 3+besideFiles)
	null, nerr := unix.Open(os.DevNull, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err == nil && nerr == nil {
		unix.Dup2(null, 2)
		defer unix.Dup2(own, 2)
	}
	tracetool.Check(traceName, quoteWords(w.Words))
	tracetool.Finish()
}

// trace puts the library into the command, waits for its end and completes the output.
func (w *besideWork) trace() {
	name, _ := unix.BytePtrFromString(filepath.Base(traceName))
	unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(name)), 0, 0, 0)
	switch w.Kind {
	case 2:
		unix.Setpgid(0, 0)
	case 3:
		unix.Setsid()
	}
	signal.Ignore(unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTERM)
	ignoreTerminalStops()
	o := &output{logFd: -1, countsFd: -1, aliveFd: -1, mapFd: -1, separate: w.Separate, silent: w.Silent}
	if w.Has[besideFile] {
		o.file = os.NewFile(3+besideFile, "log")
	}
	if w.Has[besideMap] {
		o.mapFd = 3 + besideMap
	}
	if w.Has[besideCounts] {
		o.counts = tracetool.AttachCounts(3 + besideCounts)
	}
	if w.Has[besideEnded] {
		o.ended = os.NewFile(3+besideEnded, "ended")
	}
	command, err := unix.PidfdOpen(w.Exec.Tid, 0)
	if err != nil {
		unix.Write(3+besideReady, []byte("pidfd_open: "+errnoText(err)))
		return
	}
	attached := func() {
		if !o.silent && o.file == nil && o.separate == "" && tracetool.NotesAttach() {
			fmt.Fprintf(os.Stderr, "%s: Process %d attached\n", traceName, w.Exec.Tid)
		}
		unix.Write(3+besideReady, []byte("y"))
		unix.Close(3 + besideReady)
	}
	if !w.Inject {
		attached()
	} else {
		filtersTold()
		executed, err := launch.Beside(&w.Exec, 3+besideLibrary, w.Library, w.Keep, w.Vars, attached)
		switch {
		case err != nil && !executed: // there was no attached
			unix.Write(3+besideReady, []byte(err.Error()))
			unix.Close(3 + besideReady)
		case err != nil:
			fmt.Fprintf(os.Stderr, "%s: %s: cannot be injected (%v), runs untraced\n", traceName, strings.Join(w.Exec.Words, " "), err)
		case !executed:
			return // the process has said so, and completed the output
		}
	}
	o.awaitBeside(command)
	o.endTrace()
}

// awaitBeside waits until the command has ended, with -f all that it has made.
func (o *output) awaitBeside(command int) {
	if o.ended != nil {
		io.Copy(io.Discard, o.ended)
		return
	}
	for {
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(command), Events: unix.POLLIN}}, -1); err != unix.EINTR {
			return
		}
	}
}
