package sysfoot

import (
	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
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
	var was place
	if removes(c) && v == systrap.Pass {
		was = followRemoval(c)
	}
	if c.NoReturn && c.Sysno != unix.SYS_EXECVE && c.Sysno != unix.SYS_EXECVEAT || !touches(c.Sysno) {
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

// Whether a call can touch memory at all; 0 until it is asked for the first time.
var touching [len(abi.Calls)]uint8

const (
	touchesNothing = 1
	touchesMemory  = 2
)

// touches says whether call nr has a footprint, going by its arguments.
func touches(nr int64) bool {
	if nr < 0 || nr >= int64(len(touching)) {
		return false
	}
	if touching[nr] == 0 {
		touching[nr] = touchesNothing
		if mayTouch(nr) {
			touching[nr] = touchesMemory
		}
	}
	return touching[nr] == touchesMemory
}

func mayTouch(nr int64) bool {
	switch nr { // what no argument says: mappings, and what earlier calls have told the kernel
	case unix.SYS_MMAP, unix.SYS_BRK, unix.SYS_SHMAT, unix.SYS_SHMDT, unix.SYS_IO_DESTROY, unix.SYS_RT_SIGRETURN,
		unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_MAP_SHADOW_STACK:
		return true
	}
	if nr != unix.SYS_IOCTL && footprint.Unknown(nr) != "" {
		return true // it is said
	}
	row, ok := abi.Lookup(nr)
	for i := range row.Args {
		if ok && row.Args[i] != abi.None && row.Arg(i).Memory.Direction != abi.Value {
			return true
		}
	}
	return false
}
