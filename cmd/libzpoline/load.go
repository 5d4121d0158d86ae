package main

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/internal/core"
	"libsystrap/internal/ctext"
	"libsystrap/internal/dynsym"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
	"libsystrap/systrap/chost"
)

// The hook library is loaded by the program's dynamic linker, in a namespace of its own, where it has a C library of its own: a
// hook may then call malloc at a call that the program's malloc makes. The program does that at the end of our DT_INIT
// (load_amd64.s), as a constructor may, and leaves here what came of it. It is looked at, and told of, at the first call after that.
// See docs/decisions/hook-library-loading.md.

// States of loading.
const (
	loadNone    = iota // not done yet
	loadEnded          // by the assembly
	loadSettled        // looked at
)

// loading is what the assembly is given, and what it leaves.
var loading struct {
	// dlmopen or, where there is none, dlopen; the others are addresses, too.
	dlmopen, dlopen, dlsym, dlerror uint64
	path                            uint64
	next                            uint64
	// handle is the library's, a struct link_map, or 0; hookInit is its function, the others are its C library's.
	handle, hookInit, fflush, ctype uint64
	// message is the dynamic linker's, if it failed.
	message uint64
	// hook is the variable that __hook_init may change, result what it returned.
	hook   uint64
	result int64
	state  atomic.Uint32
}

// Offsets for the assembly.
const (
	loadDlmopen = unsafe.Offsetof(loading.dlmopen)
	loadDlopen  = unsafe.Offsetof(loading.dlopen)
	loadDlsym   = unsafe.Offsetof(loading.dlsym)
	loadDlerror = unsafe.Offsetof(loading.dlerror)
	loadPath    = unsafe.Offsetof(loading.path)
	loadNext    = unsafe.Offsetof(loading.next)
	loadHandle  = unsafe.Offsetof(loading.handle)
	loadInit    = unsafe.Offsetof(loading.hookInit)
	loadFlush   = unsafe.Offsetof(loading.fflush)
	loadCtype   = unsafe.Offsetof(loading.ctype)
	loadMessage = unsafe.Offsetof(loading.message)
	loadHook    = unsafe.Offsetof(loading.hook)
	loadResult  = unsafe.Offsetof(loading.result)
	loadState   = unsafe.Offsetof(loading.state)
)

var (
	initName  = [...]byte{'_', '_', 'h', 'o', 'o', 'k', '_', 'i', 'n', 'i', 't', 0}
	ctypeName = [...]byte{'_', '_', 'c', 't', 'y', 'p', 'e', '_', 'i', 'n', 'i', 't', 0}
	flushName = [...]byte{'f', 'f', 'l', 'u', 's', 'h', 0}
)

// hook is the function to be called, or 0.
var hook uint64

// findLoader finds the functions of the C library that load libraries, and has load called.
func findLoader(path string, env uint64) bool {
	if dynsym.First() == nil {
		systrap.Warn("no dynamic linker has loaded us, so none can load the hook library: LD_PRELOAD is what does; the program runs without hooks")
		return false
	}
	l := &loading
	l.dlmopen, l.dlopen = uint64(dynsym.Lookup("dlmopen")), uint64(dynsym.Lookup("dlopen"))
	l.dlsym, l.dlerror = uint64(dynsym.Lookup("dlsym")), uint64(dynsym.Lookup("dlerror"))
	if l.dlmopen|l.dlopen == 0 || l.dlsym == 0 || l.dlerror == 0 {
		systrap.Warn("the program has no dlopen that could load the hook library (preload libdl.so.2, too): it runs without hooks")
		return false
	}
	if p := dynsym.Lookup("__environ"); p != 0 && *(*uint64)(sys.Ptr(p)) == 0 {
		*(*uint64)(sys.Ptr(p)) = env // as glibc's own constructor will, which is called later; dlmopen hands it on
	}
	l.path = uint64(uintptr(unsafe.Pointer(unsafe.StringData(path))))
	l.next = uint64(chost.Next())
	core.SetStart(loadAddress())
	core.AddProgramCode(loadSpan())
	return true
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

// settle looks at what load left, once.
func settle() {
	l := &loading
	if !l.state.CompareAndSwap(loadEnded, loadSettled) {
		return
	}
	var buf [640]byte
	out := systrap.LineOn(buf[:])
	path := ctext.CString((*byte)(sys.Ptr(uintptr(l.path))))
	switch {
	case l.handle == 0:
		out.Str("the hook library cannot be loaded: ")
		if l.message != 0 {
			out.Str(ctext.CString((*byte)(sys.Ptr(uintptr(l.message)))))
		}
	case l.hookInit == 0:
		out.Str(path)
		out.Str(" has no function __hook_init (in C++ it is extern \"C\")")
	case l.result != 0:
		out.Str("__hook_init of ")
		out.Str(path)
		out.Str(" returned ")
		out.Int(l.result)
	case l.hook == l.next || l.hook == 0:
		out.Str("__hook_init of ")
		out.Str(path)
		out.Str(" has set no hook")
	default:
		findOwnCode()
		if l.dlmopen != 0 {
			chost.FlushBefore(l.fflush)
		}
		atomic.StoreUint64(&hook, l.hook)
		return
	}
	out.Str("; the program runs without hooks")
	systrap.Complain(&out)
}
