package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"libsystrap/tracetool"
)

// parseTrace reads options up to the first word that is none, as strace does
// ("+" in getopt(3)), so that those of the command are its own. What they mean
// is judged by the library's own code (tracetool.Check).
func parseTrace(args []string) (*traceRequest, error) {
	r := &traceRequest{inject: true}
	for len(args) > 0 {
		w := args[0]
		if len(w) < 2 || w[0] != '-' {
			break
		}
		args = args[1:]
		if w == "--" {
			break
		}
		var used int
		var err error
		if strings.HasPrefix(w, "--") {
			used, err = r.long(w[2:], args)
		} else {
			used, err = r.short(w[1:], args)
		}
		if err != nil {
			return nil, err
		}
		args = args[used:]
	}
	r.command = args
	return r, nil
}

// short takes in a cluster of letters; it returns how many of the words that
// follow belong to it.
func (r *traceRequest) short(cluster string, rest []string) (int, error) {
	for i := 0; i < len(cluster); i++ {
		c := cluster[i]
		known, argument := tracetool.FindShort(c)
		if !known {
			return 0, usageError{fmt.Errorf("invalid option -- '%c'", c)}
		}
		if !argument {
			if err := r.option(c, "-"+string(c), "", false); err != nil {
				return 0, err
			}
			continue
		}
		if arg := cluster[i+1:]; arg != "" {
			return 0, r.option(c, "-"+string(c), arg, true)
		}
		if len(rest) == 0 {
			return 0, usageError{fmt.Errorf("option requires an argument -- '%c'", c)}
		}
		return 1, r.option(c, "-"+string(c), rest[0], true)
	}
	return 0, nil
}

// long takes in --word; it returns how many of the words that follow belong to
// it.
func (r *traceRequest) long(word string, rest []string) (int, error) {
	name, arg, given := strings.Cut(word, "=")
	switch word { // ours, which are not strace's
	case "inject":
		r.inject = true
		return 0, nil
	case "preload":
		r.inject = false
		return 0, nil
	}
	if name == "only" {
		used := 0
		if !given && len(rest) > 0 {
			arg, used = rest[0], 1
		}
		if r.onlyGiven = arg; arg == "" {
			return 0, usageError{errNoNames}
		}
		return used, nil
	}
	if used, ok, err := r.footOption(name, arg, given, rest); ok {
		return used, err
	}
	o, matches := tracetool.FindLong(name)
	used := 0
	switch {
	case matches == 0:
		return 0, usageError{fmt.Errorf("unrecognized option '--%s'", word)}
	case matches > 1:
		return 0, usageError{fmt.Errorf("option '--%s' is ambiguous", word)}
	case o.Args == tracetool.NoArgument && given:
		return 0, usageError{fmt.Errorf("option '--%s' doesn't allow an argument", o.Name)}
	case o.Args == tracetool.NeedsArgument && !given:
		if len(rest) == 0 {
			return 0, usageError{fmt.Errorf("option '--%s' requires an argument", o.Name)}
		}
		arg, used, given = rest[0], 1, true
	}
	if o.Letter == tracetool.OptDaemonize {
		return 0, r.daemonize(o.Name, arg, given)
	}
	if o.Name == "seccomp-bpf" {
		r.seccomp = true
	}
	w := "--" + o.Name
	if o.Args == tracetool.MayHaveArgument && given {
		w += "=" + arg
		r.words = append(r.words, w)
		return used, nil
	}
	return used, r.option(o.Letter, w, arg, given)
}

// daemonize takes in --daemonize, which may say how.
func (r *traceRequest) daemonize(name, how string, given bool) error {
	r.daemonLong = true
	switch strings.ToLower(how) {
	case "grandchild":
		r.daemonKind = 1
		return nil
	case "pgroup", "pgrp":
		r.daemonKind = 2
		return nil
	case "session":
		r.daemonKind = 3
		return nil
	}
	if !given {
		r.daemonKind = 1
		return nil
	}
	return usageError{fmt.Errorf("invalid --%s argument: '%s'", name, how)}
}

// checkDaemon judges the options -D.
func (r *traceRequest) checkDaemon() error {
	const most = 3
	switch {
	case r.daemon == 0 && !r.daemonLong:
		return nil
	case r.daemon > 0 && r.daemonLong:
		return errors.New("-D and --daemonize cannot be provided simultaneously")
	case len(r.command) == 0:
		return usageError{errors.New("PROG [ARGS] must be specified with -D/--daemonize")}
	case r.daemon > most:
		return usageError{fmt.Errorf("Too many -D's (%d), maximum supported -D count is %d", r.daemon, most)}
	}
	if r.daemon > 0 {
		r.daemonKind = r.daemon
	}
	if len(r.pids) != 0 || r.page != nil || r.html != "" {
		r.daemonKind = 0
		fmt.Fprintf(os.Stderr, "%s: -D/--daemonize has no effect with -p or --html\n", traceName)
	}
	return nil
}

// option takes in an option, given as word, with its argument if it takes one.
func (r *traceRequest) option(c byte, word, arg string, takes bool) error {
	switch c {
	case 'h':
		r.help = true
		return nil
	case 'V':
		r.version = true
		return nil
	case 'p':
		pids, err := pidList(arg)
		r.pids = append(r.pids, pids...)
		return err
	case 'D':
		r.daemon++
		return nil
	case 'E':
		name, value, found := strings.Cut(arg, "=")
		r.env = append(r.env, envChange{name, value, !found})
		return nil
	case 'u':
		r.user = arg
		return nil
	case 'o':
		r.output = arg
	case 'A':
		r.appendTo = true
	case 'b':
		r.detaches = true
	case 'I': // which signals the tracer process heeds
		switch arg {
		case "1", "anywhere", "always":
			r.heeds = 1
		case "2", "waiting":
			r.heeds = 2
		case "3", "never":
			r.heeds = 3
		case "4", "never_tstp":
			r.heeds = 4
		}
		if r.heeds != 0 {
			return nil
		}
		if strings.HasPrefix(word, "--") {
			return usageError{fmt.Errorf("invalid %s argument: '%s'", word, arg)}
		}
		return usageError{fmt.Errorf("invalid -I argument: '%s'", arg)}
	case 'd':
		r.debug = true
		return nil
	}
	r.words = append(r.words, word)
	if takes {
		r.words = append(r.words, arg)
	}
	return nil
}

// usageError is an error behind which strace points at -h.
type usageError struct{ error }

// quoteWords makes one string of words that the library cuts into the same
// words again (tracetool, split).
func quoteWords(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		if w != "" && !strings.ContainsAny(w, " \t\n'\"\\") {
			b.WriteString(w)
			continue
		}
		b.WriteByte('\'')
		b.WriteString(strings.ReplaceAll(w, "'", `'\''`))
		b.WriteByte('\'')
	}
	return b.String()
}
