package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// withArgument are strace's options that take an argument, from the option
// string of its getopt call (strace 6.1, src/strace.c).
const withArgument = "abeEIoOpPsSuUX"

// withoutArgument are the others.
const withoutArgument = "AcCdDfFhikqnrtTvVwxyYzZ"

// parseTrace reads options up to the first word that is none, as strace does
// ("+" in getopt(3)), so that those of the command are its own.
func parseTrace(args []string) (*traceRequest, error) {
	r := &traceRequest{}
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
	flags := "-"
	defer func() {
		// What stands in one word stays in one word: -qq is not -q -q.
		if len(flags) > 1 {
			r.words = append(r.words, flags)
		}
	}()
	for i, c := range cluster {
		if !strings.ContainsRune(withArgument, c) {
			keep, err := r.flag(c)
			if err != nil {
				return 0, err
			}
			if keep {
				flags += string(c)
			}
			continue
		}
		if arg := cluster[i+1:]; arg != "" {
			return 0, r.option(byte(c), arg)
		}
		if len(rest) == 0 {
			return 0, fmt.Errorf("option requires an argument -- '%c'", c)
		}
		return 1, r.option(byte(c), rest[0])
	}
	return 0, nil
}

// flag takes in an option without argument; keep says that the library is to
// see it.
func (r *traceRequest) flag(c rune) (keep bool, err error) {
	switch {
	case c == 'h':
		r.help = true
	case c == 'V':
		r.version = true
	case c == 'd' || c == 'D':
		// Where the tracer process stands and what it says of itself: there
		// is none.
	case c == 'f' || c == 'F': // F: an old name of -f
		r.follow = true
		return c == 'f', nil
	case strings.ContainsRune(withoutArgument, c):
		return true, nil
	default:
		return false, fmt.Errorf("invalid option -- '%c'", c)
	}
	return false, nil
}

// option takes in an option with its argument.
func (r *traceRequest) option(c byte, arg string) error {
	switch c {
	case 'E':
		name, value, found := strings.Cut(arg, "=")
		if name == "" {
			return fmt.Errorf("invalid -E argument: '%s'", arg)
		}
		r.env = append(r.env, envChange{name, value, !found})
	case 'u':
		r.user = arg
	case 'p':
		return errors.New("-p cannot be done: the tracer is loaded with the program, it cannot attach to a running one")
	case 'I': // which signals the tracer process heeds: there is none
		if len(arg) != 1 || arg[0] < '1' || arg[0] > '4' {
			return fmt.Errorf("invalid -I argument: '%s'", arg)
		}
	case 'o':
		if strings.HasPrefix(arg, "|") || strings.HasPrefix(arg, "!") {
			return errors.New("-o: piping to a command cannot be done: name a file, or a FIFO that the command reads")
		}
		abs, err := filepath.Abs(arg)
		if err != nil {
			return err
		}
		// The program may change its directory before a child opens the file.
		r.words = append(r.words, "-o", abs)
	default:
		r.words = append(r.words, "-"+string(c), arg)
	}
	return nil
}

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
