package tracetool

import (
	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/text"
)

// beginSet takes what every kind of set begins with, or is: '!'s, "none", "all".
// It returns the list that is left, and whether there is none.
func beginSet(set *text.Numbers, s string) (rest string, done bool) {
	for len(s) > 0 && s[0] == '!' {
		set.Not = !set.Not
		s = s[1:]
	}
	if s == "all" {
		set.Not = !set.Not
	}
	return s, s == "all" || s == "none"
}

// callSet makes set what s says: "all", "none", or a comma-separated list of
// calls, with a '!' in front for all others.
func callSet(set *text.Numbers, s string) bool {
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
func callWord(set *text.Numbers, w string) (ok, said bool) {
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
		if n >= 0 && n < int64(len(decode.Known())) && abi.Calls[n].Name != "" {
			found = true
			if native {
				set.Add(int(n))
			}
		}
		if n >= 0 && n < int64(len(names.OtherNumbers)*64) && (personality == "" || personality == "32") {
			found = found || names.OtherNumbers[n/64]>>(n%64)&1 != 0
		}
		// x32 has those of x86-64 and some of its own (syscall_64.tbl).
		found = found || personality != "64" && personality != "32" && n >= 512 && n < 548
	case w[0] == '/':
		r := &expression
		*r = regex{text: w[1:]}
		if msg := r.compile(); msg != "" {
			return false, !die("regcomp: ", w[1:], ": ", msg)
		}
		for i := range decode.Known() {
			if name := abi.Calls[i].Name; name != "" && r.match(name) {
				found = true
				if native {
					set.Add(i)
				}
			}
		}
		if personality != "64" {
			for _, name := range names.OtherCalls {
				found = found || r.match(name.String())
			}
		}
	case w == "all" || abi.ClassNamed(w) != 0:
		found = true
		for i := range decode.Known() {
			if r := &abi.Calls[i]; native && r.Name != "" && (w == "all" || abi.ClassNamed(w)&r.Classes != 0) {
				set.Add(i)
			}
		}
	default:
		for i := range decode.Known() {
			if w == abi.Calls[i].Name {
				found = true
				if native {
					set.Add(i)
				}
			}
		}
		for i := 0; i < len(names.OtherCalls) && !found && personality != "64"; i++ {
			found = names.OtherCalls[i].String() == w
		}
	}
	return ok || found, false
}

// callNumber returns the number of a call, or -1.
func callNumber(name string) int {
	if nr, ok := abi.Number(name); ok && nr < int64(len(decode.Known())) {
		return int(nr)
	}
	return -1
}
