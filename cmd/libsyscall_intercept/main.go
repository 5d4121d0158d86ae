// Libsyscall_intercept is a drop-in for the library of that name: it calls the hooks, written in C, that a library or the
// program itself puts into its variables, at each system call of the program.
//
//	cc -shared -fPIC -I build/include hook.c -L build -lsyscall_intercept -o hook.so
//	LD_LIBRARY_PATH=build LD_PRELOAD=./hook.so program
//
// What it offers is in build/include/libsyscall_intercept_hook_point.h and libsyscall_intercept(3).
package main

import (
	"libsystrap/internal/core"
	"libsystrap/internal/dynsym"
	"libsystrap/systrap"
	"libsystrap/systrap/chost"
)

func main() {
	systrap.Run(systrap.Tool{Name: "libsyscall_intercept", Init: initialise, Enter: enter, Exit: exit, Fini: fini})
}

// initialise runs in each image. Its dynamic linker has loaded all that is there at the start by then, and
// relocated it.
func initialise(p *systrap.Process) bool {
	core.AddProgramCode(exportSpan())
	if !filterAllows(p) {
		return false
	}
	allowed = 1
	if !chost.Start() {
		return false
	}
	findPoints()
	ctypeInit = uint64(dynsym.Lookup("__ctype_init"))
	findLibc()
	readDump()
	readAsking()
	if readLog(); logging || asking {
		findObjects(p)
	}
	if !logging && !asking && !onlyLibc {
		chost.Quick(points[pointEnter].at, points[pointAfter].at)
	}
	return true
}

// enter calls intercept_hook_point, which decides whether the call is made.
func enter(c *systrap.Call) systrap.Verdict {
	if !hooks(c) {
		return systrap.Pass
	}
	if asking && asks(c) {
		return systrap.Replace
	}
	if logging {
		logCall(c, false)
	}
	fn := points[pointEnter].function()
	if fn == 0 {
		return systrap.Pass
	}
	h := chost.Of(c)
	if h == nil {
		return systrap.Pass
	}
	h.Fn, h.Rule = fn, chost.Ask
	if logging {
		h.Rule = chost.AskTell
	}
	h.Args = [6]uint64{uint64(c.Sysno), c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
	h.Stack = [2]uint64{c.Args[5], h.ResultAddress()}
	return chost.Turn
}

// exit calls what is to be called behind a call that was made.
func exit(c *systrap.Call) {
	if c.Interrupted || !hooks(c) || asking && isAsked(c) {
		return
	}
	if logging {
		logCall(c, true)
	}
	if c.Replaced {
		return
	}
	point := pointAfter
	var args [6]uint64
	switch {
	case makesThread(c) && c.Child:
		point = pointChild
	case makesThread(c) && c.Result > 0:
		point, args[0] = pointParent, uint64(c.Result)
	default:
		args = [6]uint64{uint64(c.Sysno), c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
	}
	fn := points[point].function()
	if fn == 0 {
		return
	}
	if h := chost.Of(c); h != nil {
		h.Fn, h.Rule, h.Args, h.Stack = fn, chost.Done, args, [2]uint64{c.Args[5], uint64(c.Result)}
		if point == pointChild && ctypeInit != 0 {
			h.Fn, h.Args[0], h.Args[1] = uint64(childPointAddress()), fn, ctypeInit
		}
	}
}

// ctypeInit is glibc's function that gives a thread the tables of <ctype.h>, which printf(3) reads, or 0. A thread calls it at its beginning, but
// not before its hook is called.
var ctypeInit uint64

// makesThread says whether c is a call by which the program makes a thread.
func makesThread(c *systrap.Call) bool {
	const cloneVM, cloneVfork = 0x100, 0x4000 // include/uapi/linux/sched.h
	return c.CloneFlags&(cloneVM|cloneVfork) == cloneVM && isClone(c.Sysno)
}
