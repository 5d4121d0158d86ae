package main

import (
	"fmt"
	"strings"
)

// How many arguments a long option takes.
const (
	noArgument = iota
	needsArgument
	mayHaveArgument // behind "=" only
)

// longOption is one of strace's long options (strace 6.1, src/strace.c). The
// library knows the letters only.
type longOption struct {
	name string
	args int
	// letter is the short option that does the same, 0 if none does.
	letter byte
	// values gives the short options for each argument that there can be; ""
	// is no argument.
	values map[string]string
	// quality is set for the options that are -e NAME=ARGUMENT too.
	quality bool
	// drop is set for those that concern the tracer process.
	drop bool
}

var longOptions = []longOption{
	{name: "columns", args: needsArgument, letter: 'a'},
	{name: "output-append-mode", letter: 'A'},
	{name: "detach-on", args: needsArgument, letter: 'b'},
	{name: "summary-only", letter: 'c'},
	{name: "summary", letter: 'C'},
	{name: "debug", drop: true},
	{name: "daemonize", args: mayHaveArgument, drop: true},
	{name: "daemonise", args: mayHaveArgument, drop: true},
	{name: "daemonized", args: mayHaveArgument, drop: true},
	{name: "daemonised", args: mayHaveArgument, drop: true},
	{name: "env", args: needsArgument, letter: 'E'},
	{name: "follow-forks", letter: 'f'},
	{name: "output-separately", values: map[string]string{"": "-ff"}},
	{name: "help", letter: 'h'},
	{name: "instruction-pointer", letter: 'i'},
	{name: "interruptible", args: needsArgument, drop: true},
	{name: "stack-traces", letter: 'k'},
	{name: "stack-trace", letter: 'k'},
	{name: "syscall-number", letter: 'n'},
	{name: "output", args: needsArgument, letter: 'o'},
	{name: "summary-syscall-overhead", args: needsArgument, letter: 'O'},
	{name: "attach", args: needsArgument, letter: 'p'},
	{name: "trace-path", args: needsArgument, letter: 'P'},
	{name: "relative-timestamps", args: mayHaveArgument, values: map[string]string{"": "-r", "us": "-r"}},
	{name: "string-limit", args: needsArgument, letter: 's'},
	{name: "summary-sort-by", args: needsArgument, letter: 'S'},
	{name: "absolute-timestamps", args: mayHaveArgument, values: timestamps},
	{name: "timestamps", args: mayHaveArgument, values: timestamps},
	{name: "syscall-times", args: mayHaveArgument, values: map[string]string{"": "-T", "us": "-T"}},
	{name: "user", args: needsArgument, letter: 'u'},
	{name: "summary-columns", args: needsArgument, letter: 'U'},
	{name: "no-abbrev", letter: 'v'},
	{name: "version", letter: 'V'},
	{name: "summary-wall-clock", letter: 'w'},
	{name: "strings-in-hex", args: mayHaveArgument, values: map[string]string{"": "-xx", "all": "-xx", "non-ascii": "-x"}},
	{name: "const-print-style", args: needsArgument, letter: 'X'},
	{name: "decode-fds", args: mayHaveArgument, values: map[string]string{"": "-y", "path": "-y", "all": "-yy"}, quality: true},
	{name: "decode-pids", args: needsArgument, values: map[string]string{"comm": "-Y"}},
	{name: "successful-only", letter: 'z'},
	{name: "failed-only", letter: 'Z'},
	{name: "failing-only", letter: 'Z'},
	{name: "seccomp-bpf", drop: true},
	{name: "tips", args: mayHaveArgument, drop: true},
	{name: "argv0", args: needsArgument},
	{name: "quiet", args: mayHaveArgument, values: map[string]string{"": "-q"}, quality: true},
	{name: "silent", args: mayHaveArgument, values: map[string]string{"": "-q"}, quality: true},
	{name: "silence", args: mayHaveArgument, values: map[string]string{"": "-q"}, quality: true},
	{name: "trace", args: needsArgument, quality: true},
	{name: "abbrev", args: needsArgument, quality: true},
	{name: "verbose", args: needsArgument, quality: true},
	{name: "raw", args: needsArgument, quality: true},
	{name: "signal", args: needsArgument, quality: true},
	{name: "signals", args: needsArgument, quality: true},
	{name: "status", args: needsArgument, quality: true},
	{name: "read", args: needsArgument, quality: true},
	{name: "write", args: needsArgument, quality: true},
	{name: "fault", args: needsArgument, quality: true},
	{name: "inject", args: needsArgument, quality: true},
	{name: "kvm", args: needsArgument, quality: true},
}

// timestamps are the arguments of --absolute-timestamps that have letters.
var timestamps = map[string]string{
	"": "-t", "time": "-t", "s": "-t", "us": "-tt", "time,us": "-tt", "unix,us": "-ttt",
	"format:time": "-t", "format:unix,precision:us": "-ttt",
}

// long takes in --word; it returns how many of the words that follow belong to
// it.
func (r *traceRequest) long(word string, rest []string) (int, error) {
	name, arg, given := strings.Cut(word, "=")
	o, err := findLong(name)
	if err != nil {
		return 0, err
	}
	used := 0
	switch {
	case o.args == noArgument && given:
		return 0, fmt.Errorf("option '--%s' doesn't allow an argument", o.name)
	case o.args == needsArgument && !given:
		if len(rest) == 0 {
			return 0, fmt.Errorf("option '--%s' requires an argument", o.name)
		}
		arg, used = rest[0], 1
	}
	if short, ok := o.values[arg]; ok {
		r.words = append(r.words, short)
		return used, nil
	}
	switch {
	case o.drop:
	case o.name == "argv0":
		r.argv0 = arg
	case o.quality:
		r.words = append(r.words, "-e", o.name+"="+arg)
	case o.letter == 0:
		return 0, fmt.Errorf("this argument of --%s is not known here: '%s'", o.name, arg)
	case o.args == noArgument:
		_, err = r.short(string(o.letter), nil)
	default:
		err = r.option(o.letter, arg)
	}
	return used, err
}

// findLong finds an option by its name or an unambiguous beginning of it.
func findLong(name string) (*longOption, error) {
	var found *longOption
	matches := 0
	for i := range longOptions {
		o := &longOptions[i]
		if o.name == name {
			return o, nil
		}
		if name != "" && strings.HasPrefix(o.name, name) {
			found = o
			matches++
		}
	}
	switch matches {
	case 0:
		return nil, fmt.Errorf("unrecognized option '--%s'", name)
	case 1:
		return found, nil
	}
	return nil, fmt.Errorf("option '--%s' is ambiguous", name)
}
