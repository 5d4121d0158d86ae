// Rewritepath makes a program find its files somewhere else: a path that begins
// with one prefix is given to the kernel with another.
//
//	systrap build -o rewritepath.so ./examples/rewritepath
//	SYSTRAP_OPTIONS=/etc=/tmp/etc LD_PRELOAD=./rewritepath.so cat /etc/hostname
//
// # Where the new path lives
//
// The kernel reads a path while it performs the call, which is after Enter has
// returned: a buffer in Enter's frame is gone by then, and there is no heap.
// There are two sound ways, and this tool shows both.
//
// Make the call in Enter (call.go), with Call.Perform. The buffer is in Enter's frame, which
// lives as long as the call takes; the result is in Call.Result and the verdict is
// Replace. Nothing is shared and nothing has to be freed, so any number of threads may do
// it, and a signal handler that interrupts the call may make calls itself or jump away
// for good: Perform does not return then.
//
// Keep the path in memory that outlives Enter (exec.go), change Call.Args in
// place and Pass. It is needed where the library must see the call: it follows
// an execve only if it performs it. The memory is a slot of a fixed pool, taken
// with one compare-and-swap, and the question is who frees it; exec.go says who.
//
// What neither can do: the library does not see what the loader opens before it
// is loaded itself, nor the paths that a program resolves by itself from a
// directory it has open. Other threads can change a path between our reading
// and the kernel's: this is a convenience, not a sandbox.
package main

import "libsystrap/systrap"

func main() {
	systrap.Run(systrap.Tool{Name: "rewritepath", Init: configure, Enter: enter, Exit: exit})
}

// from and to are the prefixes, without a slash at the end. They point into the
// environment block, which stays.
var from, to string

// configure takes SYSTRAP_OPTIONS=/from=/to.
func configure(p *systrap.Process) bool {
	o := p.Options
	i := 0
	for i < len(o) && o[i] != '=' {
		i++
	}
	if i == len(o) || o[0] != '/' || o[len(o)-1] == '=' {
		var buf [120]byte
		l := systrap.LineOn(buf[:])
		l.Str("SYSTRAP_OPTIONS must be /from=/to; the program runs untraced")
		systrap.Complain(&l)
		return false
	}
	from, to = trimSlashes(o[:i]), trimSlashes(o[i+1:])
	return true
}

func trimSlashes(s string) string {
	for len(s) > 0 && s[len(s)-1] == '/' {
		s = s[:len(s)-1]
	}
	return s
}

func enter(c *systrap.Call) systrap.Verdict {
	if first, second := pathArguments(c.Sysno); first >= 0 {
		return callWith(c, first, second)
	}
	if arg := execArgument(c.Sysno); arg >= 0 {
		return execWith(c, arg)
	}
	return systrap.Pass
}

// pathMax is the most bytes a path may have with its NUL (PATH_MAX,
// include/uapi/linux/limits.h).
const pathMax = 4096

// rewrite writes the path at addr to buf, NUL-terminated, with its prefix
// exchanged. It returns how many bytes it used of buf, 0 if the path is not one
// to change, or a negated errno.
//
// The prefix ends where a component ends: /etc=/x changes /etc and /etc/passwd
// but not /etcetera.
func rewrite(buf []byte, addr uint64) int {
	if addr == 0 || len(buf) <= len(to) {
		return 0
	}
	// ReadString never faults, whatever addr is: the kernel shall say EFAULT.
	n, terminated := systrap.ReadString(buf, addr)
	if n < len(from) || string(buf[:len(from)]) != from {
		return 0
	}
	if n > len(from) && buf[len(from)] != '/' {
		return 0
	}
	tail := n - len(from)
	if !terminated || len(to)+tail+1 > len(buf) {
		return -nameTooLong
	}
	copy(buf[len(to):], buf[len(from):n])
	copy(buf, to)
	end := len(to) + tail
	if end == 0 { // the root itself
		buf[0] = '/'
		end = 1
	}
	buf[end] = 0
	return end + 1
}
