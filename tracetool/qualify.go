package tracetool

import (
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/text"
)

// qualify applies -e's argument.
func qualify(s string) bool {
	if name, value, found := cut(s, '='); found {
		if c := qualifier(name); c != 0 {
			return qualifyBy(c, value)
		}
	}
	return qualifyBy(optTrace, s)
}

// qualifier returns the option that -e NAME= is, or 0.
func qualifier(name string) byte {
	switch name {
	case "trace", "t":
		return optTrace
	case "abbrev", "a":
		return optAbbrev
	case "verbose", "v":
		return optVerbose
	case "raw", "x":
		return optRaw
	case "signal", "signals", "s":
		return optSignal
	case "status":
		return optStatus
	case "quiet", "silent", "silence", "q":
		return optQuiet
	case "read", "reads", "r":
		return optRead
	case "write", "writes", "w":
		return optWrite
	case "fault":
		return optFault
	case "inject":
		return optInject
	case "kvm":
		return optKvm
	case "decode-fd", "decode-fds":
		return optFds
	case "decode-pid", "decode-pids":
		return optPids
	case "secontext":
		return optSecontext
	}
	return 0
}

// qualifyBy applies one qualifier.
func qualifyBy(c byte, s string) bool {
	switch c {
	case optTrace:
		return callSet(&opt.trace, s)
	case optAbbrev:
		ok := callSet(&text.Opt.Abbrev, s)
		opt.verbose = text.Opt.Abbrev.Empty()
		return ok
	case optVerbose:
		return callSet(&text.Opt.Verb, s)
	case optRaw:
		return callSet(&text.Opt.Raw, s)
	case optSignal:
		return list(&opt.signals, s, listSignal)
	case optStatus:
		return list(&opt.status, s, listStatus)
	case optQuiet:
		given.quietLong = true
		return list(&opt.quiet, s, listQuiet)
	case optRead:
		return descriptorList(&opt.read, s)
	case optWrite:
		return descriptorList(&opt.write, s)
	case optFault:
		return injection(s, true)
	case optInject:
		return injection(s, false)
	case optFds:
		given.fdLong = true
		return list(&text.Opt.Fd, s, listFd)
	case optPids:
		return list(&opt.pids, s, listPid)
	case optKvm:
		if s != "vcpu" {
			return die("invalid -e kvm= argument: '", s, "'")
		}
		text.Opt.Vcpu = true
		return true
	}
	return die("SELinux context printing (--secontext option) is not supported by this build of strace")
}

// listKind says what the elements of a list name.
type listKind int

const (
	listSignal listKind = iota
	listStatus
	listQuiet
	listFd
	listPid
)

// listNames are the kinds in messages.
var listNames = [...]string{"signal", "status", "quiet", "decode-fds", "decode-pids"}

// list makes set what s says: "all", "none" or a comma-separated list, with a
// '!' in front for all others.
func list(set *text.Numbers, s string, kind listKind) bool {
	*set = text.Numbers{}
	rest, done := beginSet(set, s)
	if done {
		return true
	}
	any := false
	for {
		var w string
		if w, rest = token(rest, ','); w == "" {
			break
		}
		v := element(w, kind)
		if v < 0 {
			return die("invalid ", listNames[kind], " '", w, "'")
		}
		set.Add(v)
		any = true
	}
	if !any {
		return die("invalid ", listNames[kind], " '", s, "'")
	}
	return true
}

// descriptorList is list for descriptors.
func descriptorList(set *descriptors, s string) bool {
	*set = descriptors{}
	rest, done := beginSet(&set.small, s)
	if done {
		return true
	}
	any := false
	for {
		var w string
		if w, rest = token(rest, ','); w == "" {
			break
		}
		v := number(w, maxInt)
		if v < 0 {
			return die("invalid descriptor '", w, "'")
		}
		if !set.add(int(v)) {
			return die("too many descriptors: '", s, "'")
		}
		any = true
	}
	return any || die("invalid descriptor '", s, "'")
}

// element returns the number of one element of a list, or -1.
func element(w string, kind listKind) int {
	if kind == listSignal {
		return signalNumber(w)
	}
	for i := range elements {
		if e := &elements[i]; e.kind == kind && e.name == w {
			return e.value
		}
	}
	return -1
}

var elements = [...]struct {
	kind  listKind
	value int
	name  string
}{
	{listStatus, statusSuccessful, "successful"},
	{listStatus, statusFailed, "failed"},
	{listStatus, statusUnfinished, "unfinished"},
	{listStatus, statusUnavailable, "unavailable"},
	{listStatus, statusDetached, "detached"},
	{listQuiet, quietAttach, "attach"},
	{listQuiet, quietExit, "exit"},
	{listQuiet, quietExit, "exits"},
	{listQuiet, quietPath, "path-resolution"},
	{listQuiet, quietPersonality, "personality"},
	{listQuiet, quietThreadExecve, "superseded"},
	{listQuiet, quietThreadExecve, "thread-execve"},
	{listFd, text.FdPath, "path"},
	{listFd, text.FdSocket, "socket"},
	{listFd, text.FdDev, "dev"},
	{listFd, text.FdPidfd, "pidfd"},
	{listPid, text.PidNamespace, "pidns"},
	{listPid, text.PidComm, "comm"},
}

// signalNumber returns the number of a signal given by number or name, with or
// without SIG, or -1.
func signalNumber(w string) int {
	if w != "" && w[0] >= '0' && w[0] <= '9' {
		return int(number(w, 255))
	}
	if len(w) > 3 && equalFold(w[:3], "SIG") {
		w = w[3:]
	}
	for i := 1; i <= abi.MaxSignal; i++ {
		if equalFold(abi.SignalName(i)[len("SIG"):], w) {
			return i
		}
	}
	return -1
}
