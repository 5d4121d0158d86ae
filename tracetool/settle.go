package tracetool

import (
	"libsystrap/tracetool/text"
)

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
	text.Opt.HexStrings = g.hexShort
	if g.hexLong >= 0 {
		if g.hexShort > 0 {
			return die("-x and --strings-in-hex cannot be provided simultaneously")
		}
		text.Opt.HexStrings = g.hexLong
	}
	if g.fdShort > 0 {
		if g.fdLong {
			return die("-y and --decode-fds cannot be provided simultaneously")
		}
		fds := "all"
		if g.fdShort == 1 {
			fds = "path"
		}
		list(&text.Opt.Fd, fds, listFd)
	}
	text.Opt.FdPaths = !text.Opt.Fd.Empty()
	text.Opt.Comm = opt.pids.Has(text.PidComm)
	text.Opt.Pidns = opt.pids.Has(text.PidNamespace)
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
	if opt.toFile {
		// In a program that has the library by itself standard error is its own.
		text.Opt.Starter = opt.starter
	}
	opt.stack = g.stack && opt.count != countOnly
	opt.staged = !opt.status.Complete(numStatuses)
	opt.dumps = !opt.read.empty() || !opt.write.empty()
	if !settleCount() || !settleQuiet() {
		return false
	}
	if footAllowed {
		settleFoot()
	}
	return true
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
		noEffect(text.Opt.FdPaths, "-y/--decode-fds")
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
		g.quietShort, g.quietFile = 1, true
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
