package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/unix"

	"libsystrap/internal/tracelog"
	"libsystrap/tracetool"
)

// output is where the trace goes.
type output struct {
	file     *os.File          // -o, nil for standard error
	reader   *exec.Cmd         // -o '|COMMAND'
	counts   *tracetool.Counts // -c
	ended    *os.File          // -f: end of file when all are gone
	logFd    int               // what the library inherits, or -1
	countsFd int
	mapFd    int         // the memory behind a log that is mapped, or -1
	aliveFd  int         // the other end of ended
	separate string      // -ff: what the names of the files begin with
	stays    bool        // the command is our child in any case
	detaches bool        // -b: the trace may end before the command
	left     int         // the command, if it has been left so
	attached *attachment // -p with a command
	silent   bool        // there is no trace to which lines could belong
	aside    bool        // the command is left aside (SYSTRAP_ONLY)
	done     func()      // what is left to do when the trace is complete
	filters  string      // what the library is told of seccomp filters, if it is not filtersTold
}

// supervises says whether something is left to do when the command has ended: we
// wait for it then, rather than become it.
// See docs/decisions/waiting-parent.md.
func (o *output) supervises() bool {
	return o.stays || o.ended != nil || o.counts != nil || o.reader != nil || o.mapFd >= 0
}

// openOutput opens what -o names.
func openOutput(r *traceRequest) (*output, error) {
	out := &output{logFd: -1, countsFd: -1, aliveFd: -1, mapFd: -1}
	_, separate, _ := tracetool.Wants()
	switch {
	case r.output == "":
	case r.output[0] == '|' || r.output[0] == '!':
		return out, out.pipe(r.output[1:])
	case separate:
		if err := r.separateOutput(); err != nil {
			return nil, err
		}
		out.separate = r.output
	default:
		f, err := r.openFile(r.output)
		if err != nil {
			return nil, err
		}
		out.file = f
	}
	return out, nil
}

// openFile opens a file of the trace.
func (r *traceRequest) openFile(path string) (*os.File, error) {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if !r.appendTo {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return nil, fmt.Errorf("Can't fopen '%s': %s", path, errnoText(err.(*os.PathError).Err))
	}
	return f, nil
}

// separateOutput prepares -ff: the threads open their files themselves, FILE.TID.
func (r *traceRequest) separateOutput() error {
	const longestID = 12 // as strace has it: three digits a byte of an int
	if len(r.output) >= unix.PathMax-longestID {
		return fmt.Errorf("%s: File name too long", r.output)
	}
	if r.user == "" {
		if err := r.tryOutput(fmt.Sprintf("%s.%d", r.output, os.Getpid())); err != nil {
			return err
		}
	}
	abs, err := filepath.Abs(r.output)
	if err != nil {
		return err
	}
	r.output = abs
	r.setOutput(abs)
	return nil
}

// tryOutput opens the first file of -ff, which is the library's to write, to say
// why it cannot be. With -f it is another one, with the number of a child: this
// one goes again if it was not there.
func (r *traceRequest) tryOutput(path string) error {
	follow, _, _ := tracetool.Wants()
	if follow {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			f.Close()
			return os.Remove(path)
		}
		if os.IsExist(err) {
			return nil
		}
	}
	f, err := r.openFile(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// setOutput replaces -o's argument: the program may change its directory before
// a child opens its file.
func (r *traceRequest) setOutput(path string) {
	for i := 0; i+1 < len(r.words); i++ {
		if r.words[i] == "-o" || r.words[i] == "--output" {
			r.words[i+1] = path
		}
	}
}

// pipe starts a command that reads the trace.
func (o *output) pipe(command string) error {
	rd, wr, err := os.Pipe()
	if err != nil {
		return err
	}
	o.reader = exec.Command("/bin/sh", "-c", command)
	o.reader.Stdin, o.reader.Stdout, o.reader.Stderr = rd, os.Stdout, os.Stderr
	if err := o.reader.Start(); err != nil {
		return fmt.Errorf("Can't execute '/bin/sh': %v", err)
	}
	rd.Close()
	o.file = wr
	return nil
}

// share makes what the command inherits.
func (o *output) share() error {
	if o.file != nil {
		o.mapLog()
		o.logFd = o.handOn(int(o.file.Fd()))
	}
	follow, _, counting := tracetool.Wants()
	if follow {
		if err := o.watchEnd(); err != nil {
			return err
		}
	}
	if !counting {
		return nil
	}
	fd, err := unix.MemfdCreate("systrap", unix.MFD_CLOEXEC)
	if err != nil {
		return fmt.Errorf("-c: memfd_create: %v", err)
	}
	if err := unix.Ftruncate(fd, int64(tracetool.CountsSize)); err != nil {
		return fmt.Errorf("-c: %v", err)
	}
	if o.counts = tracetool.AttachCounts(int64(fd)); o.counts == nil {
		return fmt.Errorf("-c: cannot map the counts")
	}
	o.countsFd = o.handOn(fd)
	return nil
}

// watchEnd makes the pipe that tells when all are gone.
func (o *output) watchEnd() error {
	if o.ended != nil {
		return nil
	}
	rd, wr, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("pipe: %v", err)
	}
	o.ended = rd
	o.aliveFd = o.handOn(int(wr.Fd()))
	return nil
}

// mapLog has the lines written through a mapping of the file, where that is
// possible.
func (o *output) mapLog() {
	if o.reader != nil || !tracetool.MapsLog() {
		return
	}
	fd, mapFd := tracelog.NewMap(int64(o.file.Fd()))
	if fd < 0 {
		return
	}
	o.file.Close()
	o.file = os.NewFile(uintptr(fd), "log")
	o.mapFd = o.handOn(int(mapFd))
}

// endLogMap cuts a mapped log to its length: what is written now comes behind it.
func (o *output) endLogMap() {
	if o.mapFd >= 0 {
		tracelog.EndMap(int64(o.file.Fd()), int64(o.mapFd))
	}
}

// printCounts writes the table of -c.
func (o *output) printCounts() {
	text := make([]byte, 64<<10)
	text = text[:o.counts.Summary(text)]
	if o.file != nil {
		o.file.Write(text)
		return
	}
	os.Stderr.Write(text)
}
