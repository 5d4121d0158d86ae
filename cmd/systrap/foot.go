package main

import (
	"errors"
	"fmt"
	"os"

	"libsystrap/tracetool"
)

// footLibraryName is the file name of the tracer with footprints.
const footLibraryName = "trace-sysfoot.so"

// tracerLibrary is the file name of the tracer that is used.
var tracerLibrary = libraryName

// runFoot implements systrap foot: systrap trace with the other tracer, and with --html a page of what it has written.
func runFoot(args []string) int {
	traceName = "systrap foot"
	tracerLibrary = footLibraryName
	tracetool.AllowFoot()
	return runTrace(args)
}

const footUsage = `
Below each call stands what memory it reads and writes; at the end of each process,
how much, by call, mapping and thread.

  --foot=FORM    text (by default), libsystrap: its lines, json: a line for each call
  --html FILE    write a page with a picture of it instead of the trace
`

// footOption takes in --html; ok is false if that is not what the word is.
func (r *traceRequest) footOption(name, arg string, given bool, rest []string) (used int, ok bool, err error) {
	switch {
	case tracerLibrary != footLibraryName || name != "html":
		return 0, false, nil
	case !given && len(rest) == 0:
		return 0, true, usageError{errors.New("option '--html' requires an argument")}
	case !given:
		r.html = rest[0]
		return 1, true, nil
	}
	r.html = arg
	return 0, true, nil
}

// wordsForPage has the trace written as JSON, to a file of ours if none is named.
func (r *traceRequest) wordsForPage() error {
	if r.html == "" {
		return nil
	}
	r.words = append(r.words, "--foot=json")
	if r.output != "" {
		return nil
	}
	f, err := os.CreateTemp("", "systrap-foot-")
	if err != nil {
		return err
	}
	f.Close()
	r.pageTrace = f.Name()
	return r.option('o', "-o", f.Name(), true)
}

// openPage opens the page's file: nothing is run if it cannot be written.
func (r *traceRequest) openPage() error {
	if r.html == "" {
		return nil
	}
	_, separate, counting := tracetool.Wants()
	switch {
	case counting:
		return errors.New("--html and -c or -C are mutually exclusive")
	case separate:
		return errors.New("--html and -ff are mutually exclusive")
	case r.appendTo:
		return errors.New("--html and -A are mutually exclusive")
	case r.output[0] == '|' || r.output[0] == '!':
		return errors.New("--html and -o '|COMMAND' are mutually exclusive")
	}
	page, err := os.OpenFile(r.html, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return fmt.Errorf("Can't fopen '%s': %s", r.html, errnoText(err.(*os.PathError).Err))
	}
	r.page = page
	return nil
}

// writePage makes the page when the command has ended.
func (r *traceRequest) writePage() {
	if r.page == nil {
		return
	}
	err := makePage(r.page, r.output, r.command)
	if e := r.page.Close(); err == nil {
		err = e
	}
	r.removePageTrace()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s: %v\n", traceName, r.html, err)
	}
}

// removePageTrace removes the file that wordsForPage has made.
func (r *traceRequest) removePageTrace() {
	if r.pageTrace != "" {
		os.Remove(r.pageTrace)
	}
}
