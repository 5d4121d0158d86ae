// Package hooklib has the program's dynamic linker load a library with a hook in C, in a namespace of its own, where it has a C library
// of its own: a hook may then call malloc at a call that the program's malloc makes. The program does that as a constructor may, and
// leaves what came of it; that is looked at at the first call after.
//
// A tool's Init, behind chost.Start, fills in a [Library] and calls Load. Its Enter asks Ready, and looks once, by Settle, at what
// came of it:
//
//	switch lib.Ready() {
//	case hooklib.NotYet:
//		return systrap.Pass
//	case hooklib.JustNow:
//		… lib.Settle(&out) …
//		hooklib.Use()
//	}
//
// No tool has to have calls of the library's own code hooked (IsOwn), and its Exit calls NewThread.
//
// See docs/decisions/hook-library-loading.md.
//
//systrap:freestanding
package hooklib

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/ctext"
	"libsystrap/internal/dynsym"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
	"libsystrap/systrap/chost"
)

// State says how far the loading is.
type State uint32

// States of loading.
const (
	NotYet   State = iota
	JustNow        // done, and nobody has looked at it
	settling       // somebody does
	Settled
)

// loading is what the assembly is given, and what it leaves.
var loading struct {
	// dlmopen or, where there is none, dlopen; the others are addresses, too.
	dlmopen, dlopen, dlsym, dlerror uint64
	// sigprocmask is the C library's, or 0; blocked are the signals that are blocked meanwhile, unblocked is the program's mask (sigset_t).
	sigprocmask        uint64
	blocked, unblocked [16]uint64
	path               uint64
	// environAt is the address of the C library's environ, or 0, env what is in it once its constructor has run.
	environAt, env uint64
	// names are the addresses of what is looked for, 0 for nothing, found what it is.
	names, found [numNames]uint64
	// args are those of the function that is called first, result what it returned, an int.
	args   [3]uint64
	result int64
	// handle is the library's, a struct link_map, or 0; message is the dynamic linker's then.
	handle, message uint64
	state           atomic.Uint32
}

// What is looked for in the library, and in its C library.
const (
	nameFirst = iota // is called when it has been loaded
	nameHook
	nameFlush
	nameCtype
	nameSyscall
	numNames
)

// Offsets for the assembly.
const (
	loadDlmopen = unsafe.Offsetof(loading.dlmopen)
	loadDlopen  = unsafe.Offsetof(loading.dlopen)
	loadDlsym   = unsafe.Offsetof(loading.dlsym)
	loadDlerror = unsafe.Offsetof(loading.dlerror)
	loadPath    = unsafe.Offsetof(loading.path)
	loadMask    = unsafe.Offsetof(loading.sigprocmask)
	loadBlocked = unsafe.Offsetof(loading.blocked)
	loadBefore  = unsafe.Offsetof(loading.unblocked)
	loadEnviron = unsafe.Offsetof(loading.environAt)
	loadEnv     = unsafe.Offsetof(loading.env)
	loadNames   = unsafe.Offsetof(loading.names)
	loadFound   = unsafe.Offsetof(loading.found)
	loadArgs    = unsafe.Offsetof(loading.args)
	loadResult  = unsafe.Offsetof(loading.result)
	loadHandle  = unsafe.Offsetof(loading.handle)
	loadMessage = unsafe.Offsetof(loading.message)
	loadState   = unsafe.Offsetof(loading.state)
	loadEnded   = JustNow
)

// threadSignals are blocked while the library is loaded and its first function runs, so that a thread that it starts there takes none
// of those that are sent to the program: its handlers expect the program's threads. Not what a fault raises, nor what C libraries send their own threads.
const threadSignals = ^uint64(1<<(unix.SIGILL-1) | 1<<(unix.SIGTRAP-1) | 1<<(unix.SIGBUS-1) | 1<<(unix.SIGFPE-1) |
	1<<(unix.SIGSEGV-1) | 1<<(unix.SIGSYS-1) | 1<<(32-1) | 1<<(33-1) | 1<<(34-1))

// Library says what is to be loaded. The texts end with a NUL.
type Library struct {
	// Path is the file, as dlopen(3) takes it.
	Path string
	// First is the name of a function that is called when the library has been loaded, with Args, and Hook that of another; each may be empty.
	First, Hook string
	Args        [3]uint64
	// Env is the address of the program's environment (systrap.Process).
	Env uint64
}

// Load finds the functions of the C library that load libraries, and has the library loaded. It returns false if that cannot be
// done, and has said so.
func (l *Library) Load() bool {
	if dynsym.First() == nil {
		systrap.Warn("no dynamic linker has loaded us, so none can load the hook library: LD_PRELOAD is what does; the program runs without hooks")
		return false
	}
	f := &loading
	f.dlmopen, f.dlopen = uint64(dynsym.Lookup("dlmopen")), uint64(dynsym.Lookup("dlopen"))
	f.dlsym, f.dlerror = uint64(dynsym.Lookup("dlsym")), uint64(dynsym.Lookup("dlerror"))
	if f.dlmopen|f.dlopen == 0 || f.dlsym == 0 || f.dlerror == 0 {
		systrap.Warn("the program has no dlopen that could load the hook library (preload libdl.so.2, too): it runs without hooks")
		return false
	}
	f.blocked[0] = threadSignals
	for o := dynsym.First(); o != nil; o = o.Next() {
		if a := o.Lookup("sigprocmask"); a != 0 {
			f.sigprocmask = uint64(a) // the C library's is the last: a sanitizer's is not ready yet
		}
	}
	f.environAt, f.env = uint64(dynsym.Lookup("__environ")), l.Env
	f.path, f.args = addressOf(l.Path), l.Args
	f.names = [numNames]uint64{
		nameFirst: addressOf(l.First), nameHook: addressOf(l.Hook), nameFlush: addressOf("fflush\x00"),
		nameCtype: addressOf("__ctype_init\x00"), nameSyscall: addressOf("syscall\x00"),
	}
	if !core.SetStart(loadAddress()) {
		systrap.Warn("the file has no initialiser that could load the hook library: the program runs without hooks")
		return false
	}
	core.AddProgramCode(loadSpan())
	return true
}

// addressOf is where a text lies, or 0 if it is empty.
func addressOf(s string) uint64 {
	if len(s) == 0 {
		return 0
	}
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(s))))
}

//go:noescape
func loadAddress() uintptr

//go:noescape
func loadSpan() (from, to uintptr)

// load runs as the program.
//
//systrap:entry stack=64
//systrap:foreign
func load()

// Ready says how far the loading is. Of all threads one gets JustNow, and calls Use when it is done; the others wait for that, as a call
// that they let pass would not be hooked, nor any call of a child that it made.
func Ready() State {
	s := State(loading.state.Load())
	if s == JustNow && loading.state.CompareAndSwap(uint32(JustNow), uint32(settling)) {
		return JustNow
	}
	for i := 0; s == JustNow || s == settling; i++ {
		sys.Pause(i)
		s = State(loading.state.Load())
	}
	return s
}

// Use is called by the thread that got JustNow: there is a hook now, or there will be none.
func Use() { loading.state.Store(uint32(Settled)) }

// Settle looks at what came of the loading, once, and begins a line that says why nothing did; it returns false then.
func Settle(out *systrap.Line) bool {
	if loading.handle == 0 {
		out.Str("the hook library cannot be loaded: ")
		if loading.message != 0 {
			out.Str(ctext.CString((*byte)(sys.Ptr(uintptr(loading.message)))))
		}
		return false
	}
	findOwnCode()
	return true
}

// Path is the library's.
func Path() string { return ctext.CString((*byte)(sys.Ptr(uintptr(loading.path)))) }

// First, HookAddress and Flush are the addresses of what was found, or 0: of Library.First, of Library.Hook, and of the fflush(3) of the library's
// own C library. Result is what First has returned.
func First() uint64       { return loading.found[nameFirst] }
func HookAddress() uint64 { return loading.found[nameHook] }
func Result() int64       { return loading.result }

func Flush() uint64 {
	if loading.dlmopen == 0 {
		return 0 // it is the program's, and its own business
	}
	return loading.found[nameFlush]
}

// NewThread has a new thread, of which c is the first return, initialise what the library's own C library, of which the program's
// knows nothing, keeps for each: the tables of <ctype.h>, without which its printf(3) faults. hooked says whether there is a hook. It is for a tool's Exit.
//
// A forked child settles what the thread did that its parent had, and that it has not.
func NewThread(c *systrap.Call, hooked bool) {
	const cloneVM, cloneVfork = 0x100, 0x4000 // include/uapi/linux/sched.h
	if c.Child && c.CloneFlags&cloneVM == 0 {
		loading.state.CompareAndSwap(uint32(settling), uint32(JustNow))
	}
	ctype := loading.found[nameCtype]
	if !hooked || !c.Child || c.CloneFlags&(cloneVM|cloneVfork) != cloneVM || loading.dlmopen == 0 || ctype == 0 {
		return
	}
	if h := chost.Of(c); h != nil {
		h.Fn, h.Rule = ctype, chost.Done
	}
}

// LeaveFor has the hook left where it makes the very call that it is called before, and that is one that comes back twice, or not at all, or on
// another stack (core.LeaveFor): by syscall(2) of its C library, or by an instruction of its own. It is for after Settle.
func LeaveFor() {
	const syscallSize = 64 // more than glibc's syscall has, in bytes
	from, to := (*dynsym.Object)(sys.Ptr(uintptr(loading.handle))).Bounds()
	core.LeaveFor(from, to)
	if f := uintptr(loading.found[nameSyscall]); f != 0 {
		core.LeaveFor(f, f+syscallSize)
	}
}
