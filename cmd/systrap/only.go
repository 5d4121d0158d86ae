package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

const onlyName = "SYSTRAP_ONLY"

var errNoNames = errors.New("--only: which programs? NAME[,NAME...]")

// chooseAside takes the names of the caller's environment where the command line has none, and decides whether the command itself
// is one that is left aside (internal/core/only.go).
func (r *traceRequest) chooseAside(path string) {
	r.only, _ = lookUpEnv(commandEnv(os.Environ(), r), onlyName)
	if r.onlyGiven != "" {
		r.only = r.onlyGiven
	}
	if r.only == "" {
		return
	}
	names := strings.Split(r.only, ",")
	r.aside = !slices.Contains(names, filepath.Base(path)) && !slices.Contains(names, filepath.Base(r.command[0]))
	if r.aside {
		r.inject = false
	}
	// A program that is left aside may close what it does not know: the file is opened again then.
	if abs, err := filepath.Abs(r.output); err == nil && r.output != "" && r.output[0] != '|' && r.output[0] != '!' {
		r.setOutput(abs)
	}
}

// onlyVars is the variable for an injected library, if the command line has names.
func (r *traceRequest) onlyVars() []string {
	if r.onlyGiven == "" {
		return nil
	}
	return []string{onlyName + "=" + r.only}
}

// handOn lets a descriptor survive execve. For the library it keeps its low number, which the
// library leaves at once: a high one would make the kernel enlarge the table of
// this process, which waits for an RCU grace period as there are threads (fs/file.c,
// expand_fdtable), some 10 ms. A program that is left aside does not leave it, and has use for low ones itself.
func (o *output) handOn(fd int) int {
	if o.aside {
		if high := highFd(fd); high >= 0 {
			return high
		}
	}
	unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0)
	return fd
}

// highFd duplicates a descriptor to a number that a program does not come by: above its limit, if that is low. It is negative if
// there is none.
func highFd(fd int) int {
	const high, large = 2000, 16384 // as internal/ownfd has it
	first := high
	if limit := filesLimit(); limit != nil && limit.Cur <= large {
		first = max(high, int(limit.Cur))
	}
	for ; first > 2; first /= 2 {
		if n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD, first); err == nil {
			return n
		}
	}
	return -1
}
