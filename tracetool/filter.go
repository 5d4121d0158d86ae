package tracetool

// set is a bit mask of the classes of calls that -e trace=%… names.
type set uint32

const (
	sDesc set = 1 << iota
	sFile
	sProcess
	sNet
	sSignal
	sIpc
	sMemory
	sStat
	sLstat
	sFstat
	sStatLike
	sStatfs
	sFstatfs
	sStatfsLike
	sClock
	sCreds
	sPure
)

// setOf returns the class of a name without '%', or 0.
func setOf(b []byte) set {
	switch string(b) {
	case "desc":
		return sDesc
	case "file":
		return sFile
	case "process":
		return sProcess
	case "network", "net":
		return sNet
	case "signal":
		return sSignal
	case "ipc":
		return sIpc
	case "memory":
		return sMemory
	case "stat":
		return sStat
	case "lstat":
		return sLstat
	case "fstat":
		return sFstat
	case "%stat":
		return sStatLike
	case "statfs":
		return sStatfs
	case "fstatfs":
		return sFstatfs
	case "%statfs":
		return sStatfsLike
	case "clock":
		return sClock
	case "creds":
		return sCreds
	case "pure":
		return sPure
	}
	return 0
}

// hasPrefix says whether b begins with s.
func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

// qualify applies -e's argument.
func qualify(b []byte) bool {
	switch {
	case hasPrefix(b, "trace="):
		return traceSet(b[len("trace="):], b)
	case hasPrefix(b, "t="):
		return traceSet(b[len("t="):], b)
	case hasPrefix(b, "status="):
		return statusSet(b[len("status="):])
	case hasPrefix(b, "quiet="), hasPrefix(b, "q="), hasPrefix(b, "silent="), hasPrefix(b, "silence="):
		opt.quiet = true
		return true
	case hasPrefix(b, "signal="), hasPrefix(b, "signals="), hasPrefix(b, "s="):
		return true // signals are not printed
	case hasPrefix(b, "verbose="), hasPrefix(b, "v="):
		return true
	case hasPrefix(b, "abbrev="), hasPrefix(b, "a="):
		opt.verbose = b[len(b)-1] == 'e' && hasPrefix(b[indexByte(b, '=')+1:], "none")
		return true
	case indexByte(b, '=') >= 0:
		return complain("this tracer does not know -e ", b)
	}
	return traceSet(b, b)
}

func indexByte(b []byte, c byte) int {
	for i := range b {
		if b[i] == c {
			return i
		}
	}
	return -1
}

func statusSet(b []byte) bool {
	switch string(b) {
	case "successful":
		opt.status = statusOK
	case "failed":
		opt.status = statusFailed
	case "all":
		opt.status = statusAll
	default:
		return complain("this tracer does not know -e status=", b)
	}
	return true
}

// traceSet hides all calls but those of a comma-separated list, or with '!'
// those.
func traceSet(b, whole []byte) bool {
	not := len(b) > 0 && b[0] == '!'
	if not {
		b = b[1:]
	}
	for i := range hidden {
		if not {
			hidden[i] = 0
		} else {
			hidden[i] = ^uint64(0)
		}
	}
	for len(b) > 0 {
		n := indexByte(b, ',')
		word := b
		if n >= 0 {
			word, b = b[:n], b[n+1:]
		} else {
			b = nil
		}
		if !traceWord(word, not) {
			return false
		}
	}
	return true
}

func hide(nr int, yes bool) {
	if yes {
		hidden[nr/64] |= 1 << (nr % 64)
	} else {
		hidden[nr/64] &^= 1 << (nr % 64)
	}
}

// traceWord applies one element of the list: a call's name or number, a class,
// "all" or "none"; a '?' before a name lets it be unknown.
func traceWord(w []byte, yes bool) bool {
	lenient := len(w) > 0 && w[0] == '?'
	if lenient {
		w = w[1:]
	}
	if len(w) > 0 && w[0] == '/' {
		return complain("this tracer does not know regular expressions: ", w)
	}
	switch string(w) {
	case "all":
		for i := range hidden {
			hidden[i] = 0
			if yes {
				hidden[i] = ^uint64(0)
			}
		}
		return true
	case "none":
		return true
	}
	found := false
	class := set(0)
	if len(w) > 0 && w[0] == '%' {
		class = setOf(w[1:])
	} else if class = setOf(w); class&(sDesc|sFile|sProcess|sNet|sSignal|sIpc|sMemory) == 0 {
		class = 0
	}
	nr, isNumber := number(w)
	for i := range calls {
		r := &calls[i]
		if class&r.sets != 0 || class == 0 && string(w) == r.name && r.name != "" || isNumber && nr == uint64(i) {
			hide(i, yes)
			found = true
		}
	}
	if !found && isNumber && nr < uint64(len(hidden)*64) {
		hide(int(nr), yes)
		found = true
	}
	if !found && !lenient {
		return complain("invalid system call ", w)
	}
	return true
}
