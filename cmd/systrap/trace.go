package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// traceName is what messages of systrap trace begin with: the name it was
// called by.
var traceName = "systrap trace"

// calledAsStrace says whether the command is to behave as systrap trace, as it
// is called strace (the Makefile links build/strace to build/systrap).
func calledAsStrace(argv0 string) bool {
	if filepath.Base(argv0) != "strace" {
		return false
	}
	traceName = "strace"
	return true
}

// traceRequest is what a command line of systrap trace asks for.
type traceRequest struct {
	words   []string    // options for the library, one word each
	env     []envChange // -E
	user    string      // -u, "" for the caller
	argv0   string      // --argv0, "" for the command's own
	command []string
	follow  bool        // -f
	help    bool
	version bool
}

// envChange puts a variable in the command's environment or removes it.
type envChange struct {
	name, value string
	remove      bool
}

// runTrace implements systrap trace: it sets the environment up and becomes
// the command, so that its process id, its parent and its exit status are the
// command's own. It returns only if that fails.
func runTrace(args []string) int {
	r, err := parseTrace(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\nTry '%s -h' for more information.\n", traceName, err, traceName)
		return exitFail
	}
	switch {
	case r.help:
		fmt.Printf(traceUsage, traceName)
		return exitOK
	case r.version:
		fmt.Printf("%s -- libsystrap, text as of strace 6.1\n", traceName)
		return exitOK
	case len(r.command) == 0:
		fmt.Fprintf(os.Stderr, "%s: must have PROG [ARGS]\nTry '%s -h' for more information.\n", traceName, traceName)
		return exitFail
	}
	if err := becomeCommand(r); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", traceName, err)
	}
	return exitFail
}

// becomeCommand checks what can be told beforehand and execs.
func becomeCommand(r *traceRequest) error {
	lib, err := findLibrary()
	if err != nil {
		return err
	}
	id, err := lookUpIdentity(r.user)
	if err != nil {
		return err
	}
	path, err := findCommand(r.command[0], os.Getenv("PATH"))
	if err != nil {
		return err
	}
	if err := checkTarget(path, id); err != nil {
		return err
	}
	argv := append([]string(nil), r.command...)
	if r.argv0 != "" {
		argv[0] = r.argv0
	}
	env := traceEnv(os.Environ(), r, lib)
	if err := id.assume(); err != nil {
		return err
	}
	if err := execve(path, argv, env); err != nil {
		return fmt.Errorf("exec: %s: %s", path, errnoText(err))
	}
	return nil
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

const traceUsage = `Usage: %s [OPTIONS] [--] PROG [ARGS]

Runs PROG with its system calls traced from inside, and those of the programs
it starts. Options have strace's letters and long names:

  -o FILE        write the trace to FILE instead of standard error
  -A             append to FILE
  -e EXPR        trace=SET, status=SET, signal=SET, abbrev=SET, raw=SET, ...
  -P PATH        calls that access PATH only
  -z, -Z         successful calls only, failed calls only
  -f, -ff        follow (always so); one file for each process
  -s N, -a N     longest string; column of the results
  -t, -tt, -ttt  time of day; with microseconds; as UNIX time
  -r, -T         time since the last call; time spent in it
  -v, -x, -xx, -y, -yy, -i, -n, -X FORMAT, -q, -c, -C, -S, -U, -w, -O
                 as in strace, as far as the library knows them
  -E VAR=VAL     put VAR in the environment of PROG; -E VAR removes it
  -u USER        run PROG as USER
  -h, -V         this text; the version

$SYSTRAP_LIB names another library than trace-syscalls.so. -p cannot be done:
the tracer lives in the program and is loaded with it.
`
