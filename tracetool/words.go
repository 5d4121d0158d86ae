package tracetool

import "unsafe"

// words holds the option string cut into words; NUL ends each.
var words [16384]byte

// split cuts s into words as a shell does, with '…', "…" and \, and returns
// how many bytes of words it filled, or -1.
func split(s string) int {
	n := 0
	quote := byte(0)
	inWord := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if n >= len(words)-2 {
			return -1
		}
		switch {
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				words[n] = 0
				n++
				inWord = false
			}
			continue
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			inWord = true
			continue
		case quote != 0 && c == quote:
			quote = 0
			continue
		case c == '\\' && quote != '\'' && i+1 < len(s):
			i++
			c = s[i]
		}
		words[n] = c
		n++
		inWord = true
	}
	if quote != 0 {
		return -1
	}
	if inWord {
		words[n] = 0
		n++
	}
	return n
}

// wordAt returns the word that begins at i, without its NUL.
func wordAt(i, n int) string {
	j := i
	for j < n && words[j] != 0 {
		j++
	}
	if i == j {
		return ""
	}
	return unsafe.String(&words[i], j-i)
}

// withNUL returns a word's bytes and the NUL behind them; s is one of words or
// the end of one.
func withNUL(s string) []byte {
	if s == "" {
		return words[len(words)-1:]
	}
	return unsafe.Slice(unsafe.StringData(s), len(s)+1)
}

// token cuts the first element off a list, as strtok(3) does: empty ones are
// skipped; "" is the end.
func token(list string, sep byte) (first, rest string) {
	i := 0
	for i < len(list) && list[i] == sep {
		i++
	}
	j := i
	for j < len(list) && list[j] != sep {
		j++
	}
	return list[i:j], list[j:]
}

// cut splits s at the first c; found is false if there is none.
func cut(s string, c byte) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// equalFold says whether a and b are the same but for the case of letters.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// natural reads a decimal number of at most max, as strtoll(3) does; what
// follows it must begin with a character of ends. It returns -1 if it cannot.
func natural(s string, max int64, ends string) (v int64, rest string) {
	i := 0
	for i < len(s) && (s[i] == ' ' || s[i] >= '\t' && s[i] <= '\r') {
		i++
	}
	if i < len(s) && s[i] == '+' {
		i++
	}
	start := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		if v > (1<<63-1-9)/10 {
			return -1, ""
		}
		v = v*10 + int64(s[i]-'0')
		i++
	}
	if i == start || v > max {
		return -1, ""
	}
	if i < len(s) {
		if _, _, ok := cut(ends, s[i]); !ok {
			return -1, ""
		}
	}
	return v, s[i:]
}

// maxInt is INT_MAX, the largest number that most options take.
const maxInt = 1<<31 - 1

// number reads a decimal number that is all of s, or returns -1.
func number(s string, max int64) int64 {
	v, _ := natural(s, max, "")
	return v
}
