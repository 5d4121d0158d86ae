package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool"
)

// traceName is what messages of systrap trace begin with: the name it was
// called by.
var traceName = "systrap trace"

// calledAsStrace says whether the command is to behave as systrap trace, as it
// is called strace (the Makefile links build/strace to build/systrap). One that
// was started without a name has that of the file.
func calledAsStrace(argv0 string) bool {
	name := argv0
	if argv0 == "" {
		name = executedFile()
		argv0 = filepath.Base(name)
	}
	if filepath.Base(name) != "strace" {
		return false
	}
	traceName = argv0
	return true
}

// executedFile is the path that was given to execve(2), or "".
func executedFile() string {
	const atExecfn = 31 // AT_EXECFN (getauxval(3))
	vector, _ := unix.Auxv()
	for _, entry := range vector {
		if entry[0] == atExecfn {
			return unix.BytePtrToString(*(**byte)(unsafe.Pointer(&entry[1])))
		}
	}
	return ""
}

// traceRequest is what a command line of systrap trace asks for.
type traceRequest struct {
	words      []string    // options for the library
	env        []envChange // -E
	user       string      // -u, "" for the caller
	output     string      // -o
	appendTo   bool        // -A
	command    []string
	daemon     int   // -D, so many times
	pids       []int // -p
	seccomp    bool  // --seccomp-bpf
	detaches   bool  // -b
	help       bool
	daemonLong bool // --daemonize
	daemonKind int  // what both mean: 1 a grandchild, 2 in a process group, 3 in a session of its own
	version    bool
	heeds      byte // -I: 1 to 4, or 0
	inject     bool // not --preload
	debug      bool // -d

	onlyGiven, only string // --only; what holds, of that and SYSTRAP_ONLY
	aside           bool   // the command itself is none of these

	html      string // --html of systrap foot
	page      *os.File
	pageTrace string // the trace that it is made of, if that is not -o's
}

// relays says whether what is sent to this process is meant for the command: not
// by default if the trace goes to a file (strace(1), -I).
func (r *traceRequest) relays() bool {
	if r.heeds != 0 {
		return r.heeds <= 2
	}
	return r.output == ""
}

// envChange puts a variable in the command's environment or removes it.
type envChange struct {
	name, value string
	remove      bool
}

// runTrace implements systrap trace. It says what strace would say of the
// options, then starts the command with the library.
func runTrace(args []string) int {
	if text := os.Getenv(besideName); text != "" {
		return runBeside(text)
	}
	r, err := parseTrace(args)
	if err != nil {
		return traceError(err)
	}
	if r.help {
		fmt.Printf(traceUsage, filepath.Base(traceName))
		if tracerLibrary == footLibraryName {
			fmt.Print(footUsage)
		}
		return exitOK
	}
	if err := r.wordsForPage(); err != nil {
		return traceError(err)
	}
	defer r.removePageTrace()
	if !tracetool.Check(traceName, quoteWords(r.words)) {
		return exitFail
	}
	switch {
	case r.version:
		fmt.Print(traceVersion)
		return exitOK
	case len(r.command) == 0 && len(r.pids) == 0:
		return traceError(usageError{errors.New("must have PROG [ARGS] or -p PID")})
	}
	if err := r.checkDaemon(); err != nil {
		return traceError(err)
	}
	if r.seccomp && len(r.pids) != 0 && len(r.command) == 0 {
		fmt.Fprintf(os.Stderr, "%s: --seccomp-bpf is not enabled for processes attached with -p\n", traceName)
	}
	if !tracetool.Finish() {
		return exitFail
	}
	if err := r.openPage(); err != nil {
		return traceError(err)
	}
	if len(r.command) == 0 {
		status, err := traceAttached(r)
		if err != nil {
			return traceError(err)
		}
		return status
	}
	if follow, _, _ := tracetool.Wants(); r.seccomp && follow && !r.detaches {
		fmt.Fprintf(os.Stderr, "%s: --seccomp-bpf has no effect: there is no ptrace to spare\n", traceName)
	}
	status, err := startCommand(r)
	if err != nil {
		return traceError(err)
	}
	return status
}

// traceError writes an error as strace writes its own.
func traceError(err error) int {
	fmt.Fprintf(os.Stderr, "%s: %v\n", traceName, err)
	if _, ok := err.(usageError); ok {
		fmt.Fprintf(os.Stderr, "Try '%s -h' for more information.\n", traceName)
	}
	return exitFail
}

// startCommand checks what can be told beforehand and runs the command: in this
// process's place, unless something is left to do when it has ended: with -f
// processes are waited for that outlive it, as a trace may be read when strace
// has ended.
func startCommand(r *traceRequest) (int, error) {
	lib, err := findLibrary()
	if err != nil {
		return 0, err
	}
	if r.user != "" && (os.Getuid() != 0 || os.Geteuid() != 0) {
		return 0, errors.New("You must be root to use the -u/--username option")
	}
	id, err := lookUpIdentity(r.user)
	if err != nil {
		return 0, err
	}
	out, err := openOutput(r)
	if err != nil {
		return 0, err
	}
	path, err := findCommand(r.command[0], os.Getenv("PATH"))
	if err != nil {
		return 0, err
	}
	r.chooseAside(path)
	if err := checkTarget(path, id, r.inject || r.aside); err != nil {
		return out.notExecuted(r, path, err)
	}
	out.aside, out.silent = r.aside, r.aside
	if tool := toolInPreload(os.Getenv("LD_PRELOAD")); tool != "" {
		fmt.Fprintf(os.Stderr, "%s: %s (LD_PRELOAD) is a tool, and there can be one: the command runs with it, without a trace\n", traceName, tool)
		if err := id.assume(); err != nil {
			return 0, err
		}
		return out.notExecuted(r, path, execve(path, r.command, commandEnv(os.Environ(), r)))
	}
	if err := out.share(); err != nil {
		return 0, err
	}
	if out.detaches = r.detaches; r.detaches {
		if err := out.watchEnd(); err != nil {
			return 0, err
		}
	}
	out.stays = r.inject || len(r.pids) != 0
	s := &beginning{path: path, argv: r.command, lib: lib, env: traceEnv(os.Environ(), r, lib, out), debug: r.debug}
	if r.inject {
		if err := s.prepare(os.Environ(), r, lib, out); err != nil {
			return 0, err
		}
	}
	if err := id.assume(); err != nil {
		return 0, err
	}
	if err := mayLoad(lib); id.other && err != nil {
		return 0, err
	}
	if r.page != nil {
		out.stays, out.done = true, r.writePage
	}
	if len(r.pids) != 0 {
		follow, _, _ := tracetool.Wants()
		if out.attached, err = out.attach(r, lib, follow, r.attachVars(lib)); err != nil {
			return 0, err
		}
		if len(out.attached.programs) == 0 {
			out.attached = nil
		}
	}
	if r.daemonKind > 0 {
		return out.notExecuted(r, path, out.becomeBeside(s, r))
	}
	if out.supervises() {
		status, err := out.supervise(s, r.relays())
		if err != nil {
			return out.notExecuted(r, path, err)
		}
		return status, nil
	}
	return out.notExecuted(r, path, execve(path, r.command, s.env))
}

// errnoText is the message of the C library for an errno, without Go's names of
// operations.
func errnoText(err error) string {
	e, ok := err.(unix.Errno)
	if !ok {
		return err.Error()
	}
	s := e.Error()
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		s = string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

const traceVersion = "strace -- version 6.1 (libsystrap: the options and the text of that version)\n\nOptional features enabled: (none)\n"

const traceUsage = `Usage: %s [-ACdDffhinqqrtttTvVwxxyyzZ] [-I N] [-b execve] [-e EXPR]...
              [-a COLUMN] [-o FILE] [-s STRSIZE] [-X FORMAT] [-O OVERHEAD]
              [-S SORTBY] [-P PATH]... [-U COLUMNS] [-E VAR=VAL]... [-u USERNAME]
              {-p PID | PROG [ARGS]}

Runs PROG with its system calls traced from inside, or traces PID so. The options are strace's, with
their long names, and mean what they mean there:

  -o FILE        write the trace to FILE, or with -o '|COMMAND' to a command
  -A             append to FILE, line by line: for who reads it meanwhile, as
                 without -A the end of FILE holds NULs until the trace ends
  -f, -ff        follow threads and children; with -o, one file for each
  -e EXPR        trace=SET, status=SET, signal=SET, quiet=SET, abbrev=SET, raw=SET,
                 verbose=SET, read=SET, write=SET, inject=SET:WHAT, fault=SET:WHAT,
                 decode-fds=SET, decode-pids=SET
  -P PATH        calls that access PATH only
  -z, -Z         successful calls only, failed calls only
  -s N, -a N     longest string; column of the results
  -t, -tt, -ttt  time of day; with microseconds; as UNIX time
  -r, -T         time since the last call; time spent in it
  -v, -x, -xx, -X FORMAT, -y, -yy, -Y, -i, -n, -q, -qq, -qqq
                 how much is printed, and how
  -c, -C, -w, -S SORTBY, -U COLUMNS, -O OVERHEAD
                 the table of calls
  -b execve      leave the program at its next execve; the trace may end before it
  -E VAR=VAL     put VAR in the environment of PROG; -E VAR removes it
  -u USER        run PROG as USER
  -D             become PROG, which another process traces, our grandchild; -DD: in its own
                 process group, -DDD: in its own session
  -p PID[,PID]   trace programs that run, until they end or we are interrupted; they go on
  --preload      have ld.so load the library, instead of putting it into PROG before its
                 first instruction: without ld.so's calls, not into static programs
  --only NAMES   trace only programs of these names, with commas between them; others run
                 untouched, and those that they execute are looked at again
  -h, -V         this text; the version

--seccomp-bpf has no effect. $SYSTRAP_LIB names another library than trace-syscalls.so.
`
