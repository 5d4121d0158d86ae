// Hook-libc is what `systrap hook-libc` puts into a copy of the C library: it has the hook, written in C, of the library whose path
// that file has called before each system call of the program.
//
//	systrap hook-libc hook.so -o libc-hook.so
//	LD_PRELOAD=$PWD/libc-hook.so program
//
// The hook has the signature of E9Syscall's, int hook(int number, intptr_t arg1, … intptr_t arg6, intptr_t *result): the call is made
// unless it returns 0. hook-libc(7) has the whole of it.
package main

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
	"libsystrap/systrap/chost"
	"libsystrap/systrap/hooklib"
)

func main() {
	systrap.Run(systrap.Tool{Name: "hook-libc", Init: initialise, Enter: enter, Exit: exit})
}

// hook is the function to be called, or 0; fflush is that of its C library.
var hook, fflush uint64

// initialise runs in each image.
func initialise(p *systrap.Process) bool {
	path := core.PreparedHook()
	switch {
	case path == "":
		systrap.Warn("in no file that systrap hook-libc has made: there is no hook; the program runs without")
		return false
	case !chost.Start():
		return false
	}
	core.AddProgramCode(askSpan())
	l := hooklib.Library{Path: path, First: "init\x00", Hook: "hook\x00", Env: p.Env}
	l.Args = [3]uint64{*(*uint64)(sys.Ptr(uintptr(p.Args) - 8)), p.Args, p.Env} // argc, argv, envp (System V ABI, "Initial Stack")
	if !l.Load() {
		return false
	}
	hooklib.Quick()
	return true
}

// settle looks at what came of the loading, once.
func settle() {
	var buf [640]byte
	out := systrap.LineOn(buf[:])
	switch {
	case !hooklib.Settle(&out):
	case hooklib.HookAddress() == 0:
		out.Str(hooklib.Path())
		out.Str(" has no function hook (in C++ it is extern \"C\")")
	default:
		fflush = hooklib.Flush()
		hooklib.LeaveFor()
		atomic.StoreUint64(&hook, hooklib.HookAddress())
		hooklib.Begin(hooklib.HookAddress())
		return
	}
	out.Str("; the program runs without hooks")
	systrap.Complain(&out)
}

// enter has the hook called before the call.
func enter(c *systrap.Call) systrap.Verdict {
	switch hooklib.Ready() {
	case hooklib.NotYet:
		return systrap.Pass // a call that loads the hook library, or one before
	case hooklib.JustNow:
		settle()
		hooklib.Use()
	}
	fn := atomic.LoadUint64(&hook)
	if fn == 0 || hooklib.IsOwn(c.PC) {
		return systrap.Pass
	}
	h := chost.Of(c)
	if h == nil {
		return systrap.Pass
	}
	h.Fn, h.Rule = fn, chost.Ask
	if fflush != 0 && endsOrCopies(c) {
		h.Fn = uint64(askAddress())
	}
	h.Args = [6]uint64{uint64(c.Sysno), c.Args[0], c.Args[1], c.Args[2], c.Args[3], c.Args[4]}
	h.Stack = [2]uint64{c.Args[5], h.ResultAddress()}
	return chost.Turn
}

// endsOrCopies says whether c ends the process, gives its memory to another program, or copies it: what the hook has in its C library's
// buffers is to be written before, as nobody else does.
func endsOrCopies(c *systrap.Call) bool {
	switch c.Sysno {
	case unix.SYS_EXIT_GROUP, unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_FORK:
		return true
	case unix.SYS_CLONE:
		return c.Args[0]&unix.CLONE_VM == 0
	}
	return false
}

// exit has a new thread made ready for the hook.
func exit(c *systrap.Call) {
	hooklib.NewThread(c, atomic.LoadUint64(&hook) != 0)
}

//go:noescape
func askAddress() uintptr

//go:noescape
func askSpan() (from, to uintptr)

// ask runs as the program.
//
//systrap:entry stack=64
//systrap:foreign
func ask()
