// Package layer is what the tools of TestChain have in common: they say what they are told
// of some calls, and keep a number of their own in Call.User.
//
//systrap:freestanding
package layer

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Say writes "name what: a, b".
func Say(name, what string, a, b int64) {
	var buf [100]byte
	l := systrap.LineOn(buf[:])
	l.Str(name)
	l.Byte(' ')
	l.Str(what)
	l.Str(": ")
	l.Int(a)
	l.Str(", ")
	l.Int(b)
	l.Byte('\n')
	systrap.Log(l.Bytes())
}

// Heard says whether a call is one to tell of.
func Heard(c *systrap.Call) bool {
	switch c.Sysno {
	case unix.SYS_UMASK, unix.SYS_GETPRIORITY, unix.SYS_GETSID, unix.SYS_FORK, unix.SYS_CLONE:
		return true
	}
	return false
}

// Exit tells of a call's end.
func Exit(name string, c *systrap.Call) {
	if !Heard(c) {
		return
	}
	r := c.Result
	if r > 0 && (c.Sysno == unix.SYS_FORK || c.Sysno == unix.SYS_CLONE) {
		r = 1000 // a process id, whatever it is
	}
	switch {
	case c.Child:
		Say(name, "exit in the child", r, int64(c.User))
	case c.Replaced:
		Say(name, "exit, replaced", r, int64(c.User))
	default:
		Say(name, "exit", r, int64(c.User))
	}
}
