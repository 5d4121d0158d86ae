// Package sysname knows the names of x86-64's system calls and of the errnos,
// for the example tools.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package sysname

// Of returns the name of call nr, or "" for a number without one.
func Of(nr int64) string {
	if nr >= highBase {
		return word(highNames, nr-highBase)
	}
	return word(lowNames, nr)
}

// Number returns the number of the call of that name.
func Number(name string) (int64, bool) {
	if i := index(lowNames, name); i >= 0 {
		return i, true
	}
	if i := index(highNames, name); i >= 0 {
		return i + highBase, true
	}
	return 0, false
}

// Errno returns the number of the errno of that name, such as "EACCES".
func Errno(name string) (int64, bool) {
	if i := index(errnoNames, name); i >= 0 && name != "-" {
		return i + 1, true
	}
	return 0, false
}

// word returns word i of s, or "" if there are fewer.
func word(s string, i int64) string {
	for ; len(s) > 0 && i >= 0; i-- {
		n := wordLen(s)
		if i == 0 {
			return s[:n]
		}
		s = s[min(n+1, len(s)):]
	}
	return ""
}

// index returns which word of s name is, or -1.
func index(s, name string) int64 {
	for i := int64(0); len(s) > 0; i++ {
		n := wordLen(s)
		if s[:n] == name {
			return i
		}
		s = s[min(n+1, len(s)):]
	}
	return -1
}

// wordLen returns the length in bytes of the first word of s.
func wordLen(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' {
			return i
		}
	}
	return len(s)
}
