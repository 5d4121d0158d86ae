// Libsystrap has the C interface of the library of that name, for tools in C: a function before and one behind each system call of the
// program, and functions instead of single calls.
//
//	cc -shared -fPIC -I build/include tool.c -L build -lsystrap -o tool.so
//	LD_LIBRARY_PATH=build LD_PRELOAD=./tool.so program
//
// What it offers is in build/include/systrap.h.
package main

import (
	"unsafe"

	"libsystrap/internal/core"
	"libsystrap/internal/dynsym"
	"libsystrap/systrap"
	"libsystrap/systrap/chost"
)

func main() {
	systrap.Run(systrap.Tool{Name: "libsystrap", Init: initialise, Enter: enter, Exit: exit})
}

// replaced are functions by the number of the call that they are called instead of.
//
//systrap:export replaced_syscalls
var replaced [maxCalls]uint64

const maxCalls = 1024

// What the tool asked for; calls are handed to it once it has asked for both.
var handlerWanted, trapsWanted uint32

// preFn and postFn are the tool's functions, or 0; replacedAt is the array that it sees.
var preFn, postFn, replacedAt uint64

// ctypeInit is glibc's function that gives a thread the tables of <ctype.h>, which printf(3) reads, or 0. A thread calls it at its beginning, but
// not before a function is called behind its clone.
var ctypeInit uint64

// initialise runs in each image.
func initialise(*systrap.Process) bool {
	if !chost.Start() || callAddress(callsExported) == 0 {
		return false
	}
	core.AddProgramCode(callSpan())
	ctypeInit = uint64(dynsym.Lookup("__ctype_init"))
	preFn, postFn = uint64(dynsym.Lookup("__systrap_pre_handling")), uint64(dynsym.Lookup("__systrap_post_handling"))
	if replacedAt = uint64(dynsym.Lookup("replaced_syscalls")); replacedAt == 0 {
		replacedAt = uint64(uintptr(unsafe.Pointer(&replaced)))
	}
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	if handlerWanted&trapsWanted == 0 {
		return systrap.Pass
	}
	h := chost.Of(c)
	if h == nil {
		return systrap.Pass
	}
	h.Fn, h.Rule = uint64(callAddress(callsBefore)), chost.Make
	h.Args[0] = h.Address()
	h.Result = c.Result // -ENOSYS, if a replacement says nothing
	return chost.Turn
}

// exit is for calls that were made; a replacement calls the function behind its call itself.
func exit(c *systrap.Call) {
	if handlerWanted&trapsWanted == 0 || postFn == 0 || c.Interrupted {
		return
	}
	if h := chost.Of(c); h != nil {
		h.Fn, h.Rule = uint64(callAddress(callsBehind)), chost.Done
		h.Args = [6]uint64{h.Address(), uint64(c.Sysno), uint64(c.Result)}
		const cloneVM, cloneVfork = 0x100, 0x4000 // include/uapi/linux/sched.h
		if c.Child && c.CloneFlags&(cloneVM|cloneVfork) == cloneVM {
			h.Args[3] = ctypeInit
		}
	}
}

// Offsets and values for the assembly.
const (
	frameRegs   = unsafe.Offsetof(core.HostFrame{}.Regs)
	frameRule   = unsafe.Offsetof(core.HostFrame{}.Rule)
	frameResult = unsafe.Offsetof(core.HostFrame{}.Result)
	regRAX      = frameRegs + 8*core.HostRAX
	regRIP      = frameRegs + 8*core.HostRIP
	ruleReturn  = chost.Return
	tableSize   = maxCalls
)

// Numbers for callAddress.
const (
	callsBefore = iota
	callsBehind
	callsExported
)

//go:noescape
func callAddress(which uintptr) uintptr

//go:noescape
func callSpan() (from, to uintptr)

//systrap:entry stack=128
//systrap:foreign
func callBefore()

//systrap:entry stack=128
//systrap:foreign
func callBehind()

//systrap:entry stack=128
//systrap:foreign
func post()

//systrap:entry stack=16
//systrap:export install_sigill_handler
func installHandler()

//systrap:entry stack=16
//systrap:export trap_all_mappings
func trapMappings()

//systrap:entry stack=16
//systrap:export generic_syscall_get_ip
func getIP()
