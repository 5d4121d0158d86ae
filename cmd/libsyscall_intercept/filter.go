package main

import (
	"libsystrap/internal/ctext"
	"libsystrap/internal/dynsym"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
)

// allowed is what syscall_hook_in_process_allowed returns.
var allowed uint32

// filterAllows says whether the program is the one that INTERCEPT_HOOK_CMDLINE_FILTER names: the last component of its first
// argument.
func filterAllows(p *systrap.Process) bool {
	want, ok := systrap.Getenv("INTERCEPT_HOOK_CMDLINE_FILTER")
	if !ok {
		return true
	}
	first := *(**byte)(sys.Ptr(uintptr(p.Args)))
	if first == nil {
		return false
	}
	name := ctext.CString(first)
	for i := range len(name) {
		if name[len(name)-1-i] == '/' {
			name = name[len(name)-i:]
			break
		}
	}
	return name == want
}

// onlyLibc is set by INTERCEPT_ALL_OBJS=0: the hooks are called for what the C library calls, and for nothing
// else.
var onlyLibc bool

// span is a range of addresses.
type span struct{ start, size uint64 }

func (s span) has(pc uint64) bool { return pc-s.start < s.size }

// libc is where the C library lies.
var libc span

// findLibc finds it, if it matters.
func findLibc() {
	v, ok := systrap.Getenv("INTERCEPT_ALL_OBJS")
	if !ok || v != "0" {
		return
	}
	onlyLibc = true
	for o := dynsym.First(); o != nil; o = o.Next() {
		if o.Lookup("__errno_location") != 0 {
			start, end := o.Bounds()
			libc = span{uint64(start), uint64(end - start)}
			return
		}
	}
}
