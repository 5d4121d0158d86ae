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
	"unsafe"

	"libsystrap/systrap"
	"libsystrap/systrap/chost"
	"libsystrap/systrap/hooklib"
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
	next := uint64(chost.Next())
	atomic.StoreUint64(&hook, next)
	firstHook = next
	l := hooklib.Library{Path: path, First: "__hook_init\x00", Env: p.Env}
	l.Args[1] = uint64(uintptr(unsafe.Pointer(&hook)))
	return l.Load()
}

// hook is the variable that __hook_init may change, firstHook what it finds there. It is called once ready is set.
var (
	hook, firstHook uint64
	ready           atomic.Bool
)

// settle looks at what came of the loading, once.
func settle() {
	var buf [640]byte
	out := systrap.LineOn(buf[:])
	switch {
	case !hooklib.Settle(&out):
	case hooklib.First() == 0:
		out.Str(hooklib.Path())
		out.Str(" has no function __hook_init (in C++ it is extern \"C\")")
	case hooklib.Result() != 0:
		out.Str("__hook_init of ")
		out.Str(hooklib.Path())
		out.Str(" returned ")
		out.Int(hooklib.Result())
	case hook == firstHook || hook == 0:
		out.Str("__hook_init of ")
		out.Str(hooklib.Path())
		out.Str(" has set no hook")
	default:
		chost.FlushBefore(hooklib.Flush())
		ready.Store(true)
		return
	}
	out.Str("; the program runs without hooks")
	systrap.Complain(&out)
}

// enter has the hook called instead of the call.
func enter(c *systrap.Call) systrap.Verdict {
	switch hooklib.Ready() {
	case hooklib.NotYet:
		return systrap.Pass // a call that loads the hook library, or one before
	case hooklib.JustNow:
		settle()
		hooklib.Use()
	}
	if !ready.Load() || hooklib.IsOwn(c.PC) {
		return systrap.Pass
	}
	h := chost.Of(c)
	if h == nil {
		return systrap.Pass
	}
	h.Fn, h.Rule = hook, chost.Return
	h.Args = [6]uint64{uint64(c.Sysno), c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
	h.Stack[0] = c.Args[5]
	return chost.Turn
}

// exit has a new thread made ready for the hook.
func exit(c *systrap.Call) {
	hooklib.NewThread(c, ready.Load())
}
