package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool"
)

// notExecuted ends a trace whose command the kernel does not execute, or has not
// executed: as strace's, with the line of the call that failed, a message, and the
// end of the process that was to execute it. What only we refuse, err, is passed on.
func (o *output) notExecuted(r *traceRequest, path string, err error) (int, error) {
	errno, failed := err.(unix.Errno)
	var no refused
	if errors.As(err, &no) {
		errno, failed = no.errno, true
	}
	if !failed {
		return 0, err
	}
	env := commandEnv(os.Environ(), r)
	name, argv, vars := cStrings([]string{path}), cStrings(r.command), cStrings(env)
	text := make([]byte, 64<<10)
	n := tracetool.FailedExecLine(text, uint64(uintptr(unsafe.Pointer(name[0]))),
		uint64(uintptr(unsafe.Pointer(&argv[0]))), uint64(uintptr(unsafe.Pointer(&vars[0]))), int(errno))
	runtime.KeepAlive(name)
	runtime.KeepAlive(argv)
	runtime.KeepAlive(vars)
	o.print(os.Getpid(), text[:n])
	fmt.Fprintf(os.Stderr, "%s: exec: %s\n", traceName, errnoText(errno))
	o.print(os.Getpid(), text[:tracetool.ExitLine(text, os.Getpid(), exitFail)])
	o.finish()
	return exitFail, nil
}

// cStrings is an array of C's strings, with the null pointer at its end.
func cStrings(words []string) []*byte {
	p := make([]*byte, 0, len(words)+1)
	for _, w := range words {
		b := append([]byte(w), 0)
		p = append(p, &b[0])
	}
	return append(p, nil)
}
