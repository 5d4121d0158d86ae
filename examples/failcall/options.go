package main

import (
	"sync/atomic"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// counter counts up from 0 for any number of threads.
type counter struct{ n atomic.Int64 }

// next returns the count so far and adds one.
func (c *counter) next() int64 { return c.n.Add(1) - 1 }

// configure takes the rules from SYSTRAP_OPTIONS before the program starts:
// words CALL:ERRNO or CALL:ERRNO:N, separated by spaces or commas. A program
// that runs with other rules than its user wrote would mislead him, so the
// first mistake leaves it untraced.
func configure(p *systrap.Process) bool {
	rest := p.Options
	found := false
	for len(rest) > 0 {
		n := until(rest, ' ', ',')
		if n > 0 {
			if !addRule(rest[:n]) {
				return false
			}
			found = true
		}
		rest = rest[min(n+1, len(rest)):]
	}
	if !found {
		reject("", "SYSTRAP_OPTIONS says no call to fail, such as getdents64:EACCES")
	}
	return found
}

// addRule takes in one word.
func addRule(w string) bool {
	call := w[:until(w, ':', ':')]
	rest := w[min(len(call)+1, len(w)):]
	name := rest[:until(rest, ':', ':')]
	times := rest[min(len(name)+1, len(rest)):]

	nr, ok := abi.Number(call)
	if !ok {
		nr, ok = decimal(call)
	}
	if !ok || nr >= maxCalls {
		return reject(w, "no such system call")
	}
	e, ok := abi.ErrnoNumber(name)
	errno := int64(e)
	if !ok {
		errno, ok = decimal(name)
	}
	if !ok || errno < 1 || errno > maxErrno {
		return reject(w, "no such errno (write CALL:ERRNO, as in getdents64:EACCES)")
	}
	after := int64(0)
	if times != "" {
		if after, ok = decimal(times); !ok || after < 1 {
			return reject(w, "behind the second colon: from which call on, 1 or more")
		}
		after--
	}
	rules[nr].errno = errno
	rules[nr].after = after
	return true
}

// maxErrno is the kernel's MAX_ERRNO (include/linux/err.h): a result below
// -maxErrno would be a success.
const maxErrno = 4095

// reject says what is wrong and returns false.
func reject(word, why string) bool {
	var buf [200]byte // in this frame: there is no heap
	l := systrap.LineOn(buf[:])
	if word != "" {
		l.Str(word)
		l.Str(": ")
	}
	l.Str(why)
	l.Str("; the program runs untraced")
	systrap.Complain(&l)
	return false
}

// until returns the offset of the first a or b in s, or its length.
func until(s string, a, b byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == a || s[i] == b {
			return i
		}
	}
	return len(s)
}

// decimal parses all of s, up to nine digits.
func decimal(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	v := int64(0)
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	return v, true
}
