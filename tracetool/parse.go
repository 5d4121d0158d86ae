package tracetool

import (
	"unsafe"

	"libsystrap/internal/tracelog"
	"libsystrap/tracetool/text"
)

// given notes what the options said that is judged when all have been read.
var given givenOptions

type givenOptions struct {
	follow, separate                  bool
	followShort, stampShort, hexShort int
	fdShort, quietShort, statusShort  int
	hexLong                           int
	stampLong, fdLong, quietLong      bool
	quietFile                         bool // -o has said -q
	columns, sortBy, secontext, stack bool
	seccomp, oldFollow                bool
}

// Check judges the options in s as the library will, and says as prog what is
// wrong with them. systrap trace asks it before it runs anything. Finish is to
// be called when command and environment have been judged, too.
// See docs/decisions/one-option-parser.md.
func Check(prog, s string) bool {
	program = prog
	return parse(s)
}

// Finish judges the options against each other.
func Finish() bool { return settle() }

// parseOptions sets opt from the option string of this image.
func parseOptions(s string, execed bool) bool {
	checked = execed
	if !parse(s) || !settle() {
		return false
	}
	if opt.path != nil && opt.starter != "" {
		tracelog.Name(opt.starter, unsafe.String(&opt.path[0], len(opt.path)-1))
	}
	if opt.path != nil && !checked && !opt.separate {
		return openLog(opt.path, opt.appendTo)
	}
	return true
}

// reopen opens the file of a trace whose descriptor the image before could not hand
// over. What goes elsewhere, to a command or to descriptors, has nowhere to go.
func reopen() {
	if opt.path != nil && !opt.separate {
		tracelog.Open(opt.path, true)
	}
}

// parse reads the options.
func parse(s string) bool {
	given.hexLong = -1
	n := split(s)
	if n < 0 {
		return die("SYSTRAP_OPTIONS: unmatched quote, or too long")
	}
	for i := 0; i < n; {
		w := wordAt(i, n)
		i += len(w) + 1
		if len(w) < 2 || w[0] != '-' {
			return die("not an option: '", w, "'")
		}
		if w[1] == '-' {
			name, arg, has := cut(w[2:], '=')
			o, matches := FindLong(name)
			switch {
			case matches == 0:
				say("unrecognized option '", w, "'")
				hint()
				return false
			case matches > 1:
				return dieWithHelp("option '", w, "' is ambiguous")
			case has && o.Args == NoArgument:
				return dieWithHelp("option '--", o.Name, "' doesn't allow an argument")
			case !has && o.Args == NeedsArgument:
				if i >= n {
					return dieWithHelp("option '--", o.Name, "' requires an argument")
				}
				arg = wordAt(i, n)
				i += len(arg) + 1
				has = true
			}
			if !apply(o.Letter, o.Name, arg, has) {
				return false
			}
			continue
		}
		for j := 1; j < len(w); {
			c := w[j]
			j++
			known, takes := FindShort(c)
			if !known {
				return dieWithHelp("invalid option -- '", w[j-1:j], "'")
			}
			arg := ""
			if takes {
				if j < len(w) {
					arg = w[j:]
				} else if i < n {
					arg = wordAt(i, n)
					i += len(arg) + 1
				} else {
					return dieWithHelp("option requires an argument -- '", w[j-1:j], "'")
				}
				j = len(w)
			}
			if !apply(c, "", arg, takes) {
				return false
			}
		}
	}
	return true
}

// apply takes in one option; name is its long name if it was given by it.
func apply(c byte, name, arg string, has bool) bool {
	switch c {
	case 'a':
		v := number(arg, maxInt)
		if v < 0 {
			return badArgument(c, name, arg)
		}
		text.Opt.Column = int(v)
	case 'A':
		opt.appendTo = true
	case 'b':
		if arg != "execve" {
			return die("Syscall '", arg, "' for -b isn't supported")
		}
		opt.detach = true
	case 'c', 'C':
		kind := uint8(countOnly)
		if c == 'C' {
			kind = countToo
		}
		if opt.count != 0 && opt.count != kind {
			return dieWithHelp("-c/--summary-only and -C/--summary are mutually exclusive")
		}
		opt.count = kind
	case 'e':
		return qualify(arg)
	case 'f':
		given.followShort++
	case optFollow:
		given.follow = true
	case optSeparate:
		given.separate = true
	case 'F':
		given.oldFollow = true
	case 'i':
		opt.pc = true
	case 'k':
		given.stack = true
	case 'n':
		opt.number = true
	case 'o':
		opt.path = withNUL(arg)
		opt.toFile = true
	case 'O':
		if !overhead(arg) {
			return badArgument(c, name, arg)
		}
	case 'P':
		return selectPath(arg)
	case 'q':
		given.quietShort++
	case 'r':
		opt.relative = true
		return scale(&opt.relScale, c, name, arg, has)
	case 'T':
		opt.duration = true
		return scale(&opt.durScale, c, name, arg, has)
	case 's':
		v := number(arg, maxInt)
		if v < 0 || v > 0x3fffffff {
			return badArgument(c, name, arg)
		}
		text.Opt.StrLen = uint64(v)
	case 'S':
		given.sortBy = true
		return sortBy(arg)
	case 'U':
		given.columns = true
		return summaryColumns(arg)
	case 't':
		given.stampShort++
	case optStamps:
		given.stampLong = true
		if has && !stampFormat(arg) {
			return badArgument(c, name, arg)
		} else if !has {
			stampFormat("time")
		}
	case 'v':
		text.Opt.Abbrev = text.Numbers{}
		opt.verbose = true
	case 'w':
		opt.wall = true
	case 'x':
		if given.hexShort++; given.hexShort > text.HexAll {
			given.hexShort = text.HexAll
		}
	case optHex:
		given.hexLong = hexStyle(arg, has)
		if given.hexLong < 0 {
			return badArgument(c, name, arg)
		}
	case 'X':
		v, ok := text.StyleNamed(arg)
		if !ok {
			return badArgument(c, name, arg)
		}
		text.Opt.Style = v
	case 'y':
		given.fdShort++
	case 'Y':
		return list(&opt.pids, "comm", listPid)
	case optPidns:
		return list(&opt.pids, "pidns", listPid)
	case 'z', 'Z':
		opt.status = text.Numbers{}
		if c == 'z' {
			opt.status.Add(statusSuccessful)
		} else {
			opt.status.Add(statusFailed)
		}
		given.statusShort++
	case optTips:
		if !tips(arg) {
			return badArgument(c, name, arg)
		}
	case optSeccomp:
		given.seccomp = true
	case optNoFollow:
		opt.noFollow = true
	case optSeveral:
		opt.several = true
	case optSupervised:
		supervised = true
	case optChecked:
		checked = true
	case optName:
		opt.starter = arg
	case optPidLevel:
		text.Opt.PidBase = int(number(arg, maxInt))
	case optFoot:
		return footNamed(arg)
	case optZone:
		text.Opt.Zone = zone(arg)
	case optTrace, optAbbrev, optVerbose, optRaw, optSignal, optStatus, optRead, optWrite,
		optFault, optInject, optKvm, optQuiet, optFds, optPids, optSecontext:
		if !has {
			arg = dfltArg(c)
		}
		return qualifyBy(c, arg)
	}
	// What is left concerns the tracer process: -d, -D, -E, -h, -I, -p, -u, -V.
	return true
}

// tips judges the argument of --tips; there are none.
func tips(s string) bool {
	for {
		var w string
		if w, s = token(s, ','); w == "" {
			return true
		}
		id, format := true, true
		if n := len("id:"); len(w) >= n && equalFold(w[:n], "id:") {
			w, format = w[n:], false
		} else if n := len("format:"); len(w) >= n && equalFold(w[:n], "format:") {
			w, id = w[n:], false
		}
		switch {
		case id && (equalFold(w, "random") || number(w, maxInt) >= 0):
		case format && (equalFold(w, "none") || equalFold(w, "compact") || equalFold(w, "full")):
		default:
			return false
		}
	}
}

// dfltArg is what a long option without its argument means.
func dfltArg(c byte) string {
	switch c {
	case optQuiet:
		return "attach,personality"
	case optFds:
		return "path"
	}
	return "!full,mismatch" // optSecontext
}

// Wants says what systrap trace has to see to itself: whether threads and
// children are followed, whether each thread has a file of its own, and
// whether calls are counted.
func Wants() (follow, separate, counting bool) {
	return given.follow, opt.separate, opt.count != 0
}
