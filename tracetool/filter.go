package tracetool

// beginSet takes what every kind of set begins with, or is: '!'s, "none", "all".
// It returns the list that is left, and whether there is none.
func beginSet(set *numbers, s string) (rest string, done bool) {
	for len(s) > 0 && s[0] == '!' {
		set.not = !set.not
		s = s[1:]
	}
	if s == "all" {
		set.not = !set.not
	}
	return s, s == "all" || s == "none"
}

// callSet makes set what s says: "all", "none", or a comma-separated list of
// calls, with a '!' in front for all others.
func callSet(set *numbers, s string) bool {
	*set = numbers{}
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
		ok, said := callWord(set, w)
		if said {
			return false
		}
		if !ok {
			return die("invalid system call '", w, "'")
		}
		any = true
	}
	if !any {
		return die("invalid system call '", s, "'")
	}
	return true
}

// callWord adds what one element of the list names: a number, a class, a name
// or a regular expression; a '?' in front lets it name nothing. @64, @32 and
// @x32 behind it restrict it to one kind of call, of which only the first is
// made here.
func callWord(set *numbers, w string) (ok, said bool) {
	whole := w
	for len(w) > 0 && w[0] == '?' {
		w = w[1:]
		ok = true
	}
	personality := ""
	for i := len(w) - 1; i >= 0; i-- {
		if w[i] == '@' {
			w, personality = w[:i], w[i+1:]
			if personality != "64" && personality != "32" && personality != "x32" {
				return false, !dieWithHelp("incorrect personality designator '", personality, "' in qualification '", whole, "'")
			}
			break
		}
	}
	found := false
	native := personality == "" || personality == "64"
	switch {
	case w == "":
	case w[0] >= '0' && w[0] <= '9':
		n := number(w, 1<<31)
		if n >= 0 && n < int64(len(calls)) && calls[n].name != "" {
			found = true
			if native {
				set.add(int(n))
			}
		}
		if n >= 0 && n < int64(len(otherNumbers)*64) && (personality == "" || personality == "32") {
			found = found || otherNumbers[n/64]>>(n%64)&1 != 0
		}
		// x32 has those of x86-64 and some of its own (syscall_64.tbl).
		found = found || personality != "64" && personality != "32" && n >= 512 && n < 548
	case w[0] == '/':
		r := &expression
		*r = regex{text: w[1:]}
		if msg := r.compile(); msg != "" {
			return false, !die("regcomp: ", w[1:], ": ", msg)
		}
		for i := range calls {
			if name := calls[i].name; name != "" && r.match(name) {
				found = true
				if native {
					set.add(i)
				}
			}
		}
		if personality != "64" {
			for _, name := range otherCalls {
				found = found || r.match(name)
			}
		}
	case w == "all" || class(w) != 0:
		found = true
		for i := range calls {
			if r := &calls[i]; native && r.name != "" && (w == "all" || class(w)&r.sets != 0) {
				set.add(i)
			}
		}
	default:
		for i := range calls {
			if w == calls[i].name {
				found = true
				if native {
					set.add(i)
				}
			}
		}
		for i := 0; i < len(otherCalls) && !found && personality != "64"; i++ {
			found = otherCalls[i] == w
		}
	}
	return ok || found, false
}

// callNumber returns the number of a call, or -1.
func callNumber(name string) int {
	for i := range calls {
		if calls[i].name == name && name != "" {
			return i
		}
	}
	return -1
}
