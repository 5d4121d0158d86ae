package sysfoot

import (
	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/tracetool"
)

// Tracer returns the tool.
func Tracer() systrap.Tool {
	tracetool.Extend("trace-sysfoot", below)
	return systrap.Tool{
		Name: "trace-sysfoot", Init: start, Enter: enter, Exec: exec, Exit: exit,
		Signal: tracetool.Signalled, Fini: fini, Leave: leave,
	}
}

func start(p *systrap.Process) bool {
	if !tracetool.Start(p) {
		return false
	}
	if tracetool.Counting() {
		return true
	}
	makeKept()
	makeSums()
	readMappings()
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	v := tracetool.Enter(c)
	if !footprint.Touches(c.Sysno) {
		return v
	}
	return entered(c, v)
}

// entered is the rest of enter for a call that may have a footprint.
//
//go:noinline
func entered(c *systrap.Call, v systrap.Verdict) systrap.Verdict {
	var was place
	if removes(c) && v == systrap.Pass {
		was = followRemoval(c)
	}
	if c.NoReturn && c.Sysno != unix.SYS_EXECVE && c.Sysno != unix.SYS_EXECVEAT {
		return v
	}
	if k, ok := tracetool.Record(c.User); ok {
		keepReads(c, k, was)
	}
	return v
}

func exit(c *systrap.Call) {
	if c.Child {
		if c.CloneFlags&unix.CLONE_VM == 0 {
			forked()
		}
	} else {
		follow(c)
	}
	tracetool.Exit(c)
}

// exec writes the summary of an image that is about to be replaced. A vfork child's sums are its parent's.
func exec(c *systrap.Call) {
	tracetool.Exec(c)
	if !c.Doubtful && !systrap.Vforked() {
		summary("up to its execve")
	}
}

func fini(status int) {
	if !systrap.Vforked() {
		summary("")
	}
	tracetool.Fini(status)
}

// leave writes the summary of an image that goes on untraced.
func leave(p *systrap.Process) {
	summary("")
	tracetool.Leave(p)
}
