package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/launch"
	"libsystrap/systrap/line"
	"libsystrap/tracetool"
)

// libraryName is the tracer's file name.
const libraryName = "trace-syscalls.so"

// findLibrary returns the absolute path of the tracer: $SYSTRAP_LIB, or else
// beside this program, or else under ./build.
func findLibrary() (string, error) {
	if p := os.Getenv("SYSTRAP_LIB"); p != "" {
		return usableLibrary(p)
	}
	lib, err := toolBeside(tracerLibrary)
	if err != nil {
		err = fmt.Errorf("%w, or set SYSTRAP_LIB", err)
	}
	return lib, err
}

// toolBeside returns the absolute path of the library with a name beside this program, or else under ./build.
func toolBeside(name string) (string, error) {
	var tried []string
	exe, err := os.Executable()
	if err != nil {
		exe, err = filepath.Abs(executedFile()) // /proc is not mounted
	}
	if err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		tried = append(tried, filepath.Join(filepath.Dir(exe), name))
	}
	tried = append(tried, filepath.Join("build", name))
	for _, p := range tried {
		if _, err := os.Stat(p); err == nil {
			return usableLibrary(p)
		}
	}
	return "", fmt.Errorf("no %s: not %s; make it with `make`", name, strings.Join(tried, ", not "))
}

// usableLibrary returns the absolute path of a library of ours.
func usableLibrary(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", err
	}
	if strings.ContainsAny(abs, " :\t\n") {
		return "", fmt.Errorf("%s: LD_PRELOAD cannot name a path with a space or colon: move the library", abs)
	}
	f, err := elf.Open(abs)
	if os.IsNotExist(err) {
		return "", fmt.Errorf("%s: no such library (SYSTRAP_LIB)", abs)
	} else if errno, ok := errors.AsType[unix.Errno](err); ok {
		return "", fmt.Errorf("%s: the library cannot be read: %s", abs, errnoText(errno))
	} else if err != nil {
		return "", fmt.Errorf("%s: not a library: %v", abs, err)
	}
	defer f.Close()
	if f.Class != elf.ELFCLASS64 || f.Machine != elf.EM_X86_64 || f.Type != elf.ET_DYN || !isTool(f) {
		return "", fmt.Errorf("%s: not a library that `systrap build` made", abs)
	}
	var fs unix.Statfs_t
	if unix.Statfs(abs, &fs) == nil && fs.Flags&unix.ST_NOEXEC != 0 {
		return "", fmt.Errorf("%s: on a file system that is mounted noexec, ld.so cannot load the library: move it", abs)
	}
	return abs, nil
}

// mayLoad says why this process, which has become the command's user, cannot load the library.
func mayLoad(lib string) error {
	if err := unix.Access(lib, unix.R_OK); err != nil {
		return fmt.Errorf("%s: the command's user cannot read the library: %s", lib, errnoText(err))
	}
	return nil
}

// isTool looks for the section in which systrap build leaves what systrap
// verify must know (internal/freestanding).
func isTool(f *elf.File) bool { return f.Section(".systrap") != nil }

// toolInPreload returns the first library of a value of LD_PRELOAD that systrap build or
// rewrite made, or "". Two in one process would not do, and ours, with what it inherits, is not
// the one that ld.so starts first.
func toolInPreload(list string) string {
	for _, p := range strings.FieldsFunc(list, func(c rune) bool { return c == ':' || c == ' ' }) {
		if f, err := elf.Open(p); err == nil {
			found := isTool(f) || f.Section(".systrap.head") != nil // which systrap rewrite makes
			f.Close()
			if found {
				return p
			}
		}
	}
	return ""
}

// commandEnv is the command's environment without what is ours: the caller's and -E.
func commandEnv(env []string, r *traceRequest) []string {
	for _, c := range r.env {
		env = setEnv(env, c)
	}
	return env
}

// traceEnv is the command's environment: the caller's, -E, the library first
// among the preloaded ones, the options behind those that were there, and the
// word that makes the library take its own variables out again
// (internal/core/state.go).
func traceEnv(env []string, r *traceRequest, lib string, out *output) []string {
	env = commandEnv(env, r)
	hide := "N"
	preload := lib
	old, ok := lookUpEnv(env, "LD_PRELOAD")
	if ok {
		hide += "P"
	} else {
		hide += "L"
	}
	if old != "" {
		preload += ":" + old
	}
	env = setEnv(env, envChange{name: "LD_PRELOAD", value: preload})
	options, had := traceOptions(env, r, out)
	if !had {
		hide += "O"
	}
	env = setEnv(env, envChange{name: "SYSTRAP_OPTIONS", value: options})
	if r.onlyGiven != "" {
		if _, had := lookUpEnv(env, onlyName); !had {
			hide += "Y"
		}
		env = setEnv(env, envChange{name: onlyName, value: r.only})
	}
	return setEnv(env, envChange{name: "SYSTRAP_STATE", value: traceState(out, -1, hide)})
}

// injectedVars are what an injected library finds instead: the same, of which the command's environment has nothing.
func injectedVars(env []string, r *traceRequest, lib string, out *output, libFd int) []string {
	options, _ := traceOptions(commandEnv(env, r), r, out)
	return append(r.onlyVars(), "LD_PRELOAD="+lib, "SYSTRAP_OPTIONS="+options, "SYSTRAP_STATE="+traceState(out, libFd, "N"))
}

// traceState says which descriptors the library inherits, and what it hides (internal/core/state.go).
func traceState(out *output, libFd int, hide string) string {
	fds := fmt.Sprintf("%d,%d,%d,%d", out.logFd, out.countsFd, out.aliveFd, out.mapFd)
	if libFd >= 0 {
		fds += fmt.Sprintf(",%d", libFd)
	}
	filters := out.filters
	if filters == "" {
		filters = filtersTold()
	}
	return fds + ":" + hide + filters
}

// traceOptions are the options for the library, behind those that are in the command's environment, if it has any.
func traceOptions(env []string, r *traceRequest, out *output) (options string, had bool) {
	words := []string{"--systrap-checked", "--systrap-name=" + traceName}
	if _, seconds := time.Now().Zone(); seconds != 0 {
		words = append(words, fmt.Sprintf("--systrap-zone=%d", seconds))
	}
	if level := pidLevel(); level > 1 {
		words = append(words, fmt.Sprintf("--systrap-pid-level=%d", level))
	}
	if follow, _, _ := tracetool.Wants(); !follow {
		words = append(words, "--systrap-no-follow")
	}
	if n := len(r.pids); n > 1 || n == 1 && len(r.command) != 0 {
		words = append(words, "--systrap-several")
	}
	if out.supervises() {
		words = append(words, "--systrap-supervised")
	}
	options = quoteWords(append(words, r.words...))
	if old, ok := lookUpEnv(env, "SYSTRAP_OPTIONS"); ok {
		return old + " " + options, true
	}
	return options, false
}

// ownStatus is the text of /proc/self/status (proc_pid_status(5)), "" where there is none.
var ownStatus = sync.OnceValue(func() string {
	text, _ := os.ReadFile("/proc/self/status")
	return string(text)
})

// statusField returns the words of a line of it.
func statusField(name string) []string {
	for line := range strings.Lines(ownStatus()) {
		if words, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Fields(words)
		}
	}
	return nil
}

// pidLevel returns how many PID namespaces we are in, as /proc sees it.
func pidLevel() int { return max(len(statusField("NSpid")), 1) }

// filtersTold is what the library is told of the seccomp filters that it begins behind, which are ours, too: what they let
// through is tried out here where it could not be there.
var filtersTold = sync.OnceValue(func() string {
	mode := statusField("Seccomp")
	if len(mode) == 0 {
		return ""
	}
	behind := mode[0] != "0"
	if behind {
		setHandler(int(unix.SIGSYS), sigDfl) // of the child that tries
	}
	text := told(func(l *line.Line) { core.TellFilters(l, behind) })
	trace, copies := core.MayInject()
	launch.Forbidden.Trace, launch.Forbidden.Copies = !trace, !copies
	return text
})

// told returns what tell writes.
func told(tell func(*line.Line)) string {
	var text [1 << 10]byte
	l := line.On(text[:])
	tell(&l)
	return string(l.Bytes())
}

func lookUpEnv(env []string, name string) (value string, ok bool) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v, true
		}
	}
	return "", false
}

// setEnv returns env with c made: in the variable's own place if it has one.
func setEnv(env []string, c envChange) []string {
	out := make([]string, 0, len(env)+1)
	done := c.remove
	for _, e := range env {
		if !strings.HasPrefix(e, c.name+"=") {
			out = append(out, e)
		} else if !done {
			out = append(out, c.name+"="+c.value)
			done = true
		}
	}
	if !done {
		out = append(out, c.name+"="+c.value)
	}
	return out
}

// execve replaces this process. syscall.Exec gives the descriptor limit back
// that the Go runtime has raised.
func execve(path string, argv, env []string) error {
	closeStandard()
	lowerLimits()
	restoreSignals()
	return syscall.Exec(path, argv, env)
}
