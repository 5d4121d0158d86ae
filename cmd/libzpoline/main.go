// Libzpoline is a drop-in for the library of that name: it calls the hook, written in C, of the library that LIBZPHOOK names instead of
// each system call of the program.
//
//	LIBZPHOOK=./hook.so LD_PRELOAD=build/libzpoline.so program
//
// The hook library has a function __hook_init, and the hook makes the call itself, by the pointer that __hook_init found; libzpoline(7)
// has the whole of it. There is no page at address 0, and no setting of the system that is needed for one.
package main

import (
	"sync/atomic"

	"libsystrap/systrap"
	"libsystrap/systrap/chost"
)

func main() {
	systrap.Run(systrap.Tool{Name: "libzpoline", Init: initialise, Enter: enter, Exit: exit})
}

// initialise runs in each image.
func initialise(p *systrap.Process) bool {
	path, ok := systrap.Getenv("LIBZPHOOK")
	switch {
	case !ok || path == "":
		if p.Execed {
			return false // it was executed with an environment of its own, which has no hook for it
		}
		systrap.Warn("LIBZPHOOK is not set: it names the library that has the hook; the program runs without")
		return false
	case !chost.Start():
		return false
	}
	return findLoader(path, p.Env)
}

// enter has the hook called instead of the call.
func enter(c *systrap.Call) systrap.Verdict {
	switch loading.state.Load() {
	case loadNone:
		return systrap.Pass // a call that loads the hook library, or one before
	case loadEnded:
		settle()
	}
	fn := atomic.LoadUint64(&hook)
	if fn == 0 || ownCode.has(c.PC) {
		return systrap.Pass
	}
	h := chost.Of(c)
	if h == nil {
		return systrap.Pass
	}
	h.Fn, h.Rule = fn, chost.Return
	h.Args = [6]uint64{uint64(c.Sysno), c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
	h.Stack[0] = c.Args[5]
	return chost.Turn
}

// exit has a new thread initialise what the hook's C library, of which the program's knows nothing, keeps for each: the tables of
// <ctype.h>, without which its printf(3) faults.
func exit(c *systrap.Call) {
	const cloneVM, cloneVfork = 0x100, 0x4000 // include/uapi/linux/sched.h
	if !c.Child || c.CloneFlags&(cloneVM|cloneVfork) != cloneVM || atomic.LoadUint64(&hook) == 0 ||
		loading.dlmopen == 0 || loading.ctype == 0 {
		return
	}
	if h := chost.Of(c); h != nil {
		h.Fn, h.Rule = loading.ctype, chost.Done
	}
}
