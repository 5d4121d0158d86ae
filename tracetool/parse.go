package tracetool

// given notes what the options said that is judged when all have been read.
var given givenOptions

type givenOptions struct {
	follow, separate                  bool
	followShort, stampShort, hexShort int
	fdShort, quietShort, statusShort  int
	hexLong                           int
	stampLong, fdLong, quietLong      bool
	columns, sortBy, secontext, stack bool
	seccomp, oldFollow                bool
}

// Check judges the options in s as the library will, and says as prog what is
// wrong with them. systrap trace asks it before it runs anything. Finish is to
// be called when command and environment have been judged, too.
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
	if opt.path != nil && !checked && !opt.separate {
		return openLog(opt.path, opt.appendTo)
	}
	return true
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
		opt.column = int(v)
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
		return die("Stack traces (-k/--stack-traces option) are not supported by this build of strace")
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
		opt.strLen = uint64(v)
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
		opt.abbrev = numbers{}
		opt.verbose = true
	case 'w':
		opt.wall = true
	case 'x':
		if given.hexShort++; given.hexShort > hexAll {
			given.hexShort = hexAll
		}
	case optHex:
		given.hexLong = hexStyle(arg, has)
		if given.hexLong < 0 {
			return badArgument(c, name, arg)
		}
	case 'X':
		v, ok := styleOf(arg)
		if !ok {
			return badArgument(c, name, arg)
		}
		opt.xlat = v
	case 'y':
		given.fdShort++
	case 'Y':
		return list(&opt.pids, "comm", listPid)
	case optPidns:
		return list(&opt.pids, "pidns", listPid)
	case 'z', 'Z':
		opt.status = numbers{}
		if c == 'z' {
			opt.status.add(statusSuccessful)
		} else {
			opt.status.add(statusFailed)
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
	case optSupervised:
		supervised = true
	case optChecked:
		checked = true
	case optName:
		opt.starter = arg
	case optPidLevel:
		opt.pidBase = int(number(arg, maxInt))
	case optZone:
		opt.zone = zone(arg)
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

// settle judges the options against each other, and says which have no effect.
func settle() bool {
	g := &given
	if g.stampShort > 0 {
		if g.stampLong {
			return die("-t and --absolute-timestamps cannot be provided simultaneously")
		}
		opt.stamp = stampTime
		if g.stampShort > 1 {
			opt.scale = 6
		}
		if g.stampShort > 2 {
			opt.stamp = stampUnix
		}
	}
	opt.hexStrings = g.hexShort
	if g.hexLong >= 0 {
		if g.hexShort > 0 {
			return die("-x and --strings-in-hex cannot be provided simultaneously")
		}
		opt.hexStrings = g.hexLong
	}
	if g.fdShort > 0 {
		if g.fdLong {
			return die("-y and --decode-fds cannot be provided simultaneously")
		}
		fds := "all"
		if g.fdShort == 1 {
			fds = "path"
		}
		list(&opt.fd, fds, listFd)
	}
	opt.fdPaths = !opt.fd.empty()
	opt.comm = opt.pids.has(pidComm)
	opt.pidns = opt.pids.has(pidNamespace)
	if g.seccomp && opt.detach {
		say("--seccomp-bpf is not enabled because it is not compatible with -b")
		g.seccomp = false
	}
	if g.followShort > 0 {
		if g.follow {
			return die("-f and --follow-forks cannot be provided simultaneously")
		}
		if g.followShort >= 2 && g.separate {
			return die("-ff and --output-separately cannot be provided simultaneously")
		}
		g.follow = true
		g.separate = g.followShort >= 2
	}
	if g.seccomp && !g.follow {
		say("--seccomp-bpf cannot be used without -f/--follow-forks, disabling")
	}
	if g.oldFollow {
		if g.follow {
			say("deprecated option -F ignored")
		} else {
			say("option -F is deprecated, please use -f/--follow-forks instead")
			g.follow = true
		}
	}
	if g.follow {
		opt.noFollow = false
	}
	opt.separate = g.separate && opt.toFile
	return settleCount() && settleQuiet()
}

// settleCount is settle for what concerns -c and -o.
func settleCount() bool {
	g := &given
	if g.separate && opt.count != 0 {
		return dieWithHelp("(-c/--summary-only or -C/--summary) and -ff/--output-separately are mutually exclusive")
	}
	if opt.wall && opt.count == 0 {
		return dieWithHelp("-w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)")
	}
	if g.columns && opt.count == 0 {
		return dieWithHelp("-U/--summary-columns must be given with (-c/--summary-only or -C/--summary)")
	}
	if g.sortBy && opt.count == 0 {
		say("-S/--summary-sort-by has no effect without (-c/--summary-only or -C/--summary)")
	}
	if opt.count == countOnly {
		noEffect(opt.pc, "-i/--instruction-pointer")
		noEffect(g.stack, "-k/--stack-traces")
		noEffect(opt.number, "-n/--syscall-number")
		noEffect(opt.relative, "-r/--relative-timestamps")
		noEffect(opt.stamp != stampNone, "-t/--absolute-timestamps")
		noEffect(opt.duration, "-T/--syscall-times")
		noEffect(opt.fdPaths, "-y/--decode-fds")
	}
	if !opt.toFile {
		if g.separate && !g.follow {
			say("--output-separately has no effect without -o/--output")
		}
		if opt.appendTo {
			say("-A/--output-append-mode has no effect without -o/--output")
		}
	}
	if g.statusShort > 1 {
		say("Only the last of -z/--successful-only/-Z/--failed-only options will take effect. See status qualifier for more complex filters.")
	}
	resolvePaths()
	return true
}

func noEffect(is bool, option string) {
	if is {
		say(option, " has no effect with -c/--summary-only")
	}
}

// settleQuiet is settle for -o's kind and -q.
func settleQuiet() bool {
	g := &given
	if opt.toFile && g.separate && (opt.path[0] == '|' || opt.path[0] == '!') {
		return dieWithHelp("piping the output and -ff/--output-separately are mutually exclusive")
	}
	if opt.toFile && g.quietShort == 0 && !g.quietLong {
		g.quietShort = 1
	}
	if g.quietShort > 0 {
		if g.quietLong {
			return die("-q and -e quiet/--quiet cannot be provided simultaneously")
		}
		what := "all"
		if g.quietShort == 1 {
			what = "attach,personality"
		} else if g.quietShort == 2 {
			what = "exit,attach,personality"
		}
		list(&opt.quiet, what, listQuiet)
	}
	return true
}

// Wants says what systrap trace has to see to itself: whether threads and
// children are followed, whether each thread has a file of its own, and
// whether calls are counted.
func Wants() (follow, separate, counting bool) {
	return given.follow, opt.separate, opt.count != 0
}
