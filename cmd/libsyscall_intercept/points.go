package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/dynsym"
	"libsystrap/internal/sys"
	"libsystrap/systrap"
)

// The variables that hooks are put into. A program that defines one itself, or that is linked with ours in a way that copies it
// (R_X86_64_COPY), has another variable of the name than ours, and it comes first: it is the one that is looked at.

// hookPoint is called before each call.
//
//systrap:export intercept_hook_point
var hookPoint uint64

// hookPointChild is called in a thread that was made, at its beginning.
//
//systrap:export intercept_hook_point_clone_child
var hookPointChild uint64

// hookPointParent is called in the thread that has made one.
//
//systrap:export intercept_hook_point_clone_parent
var hookPointParent uint64

// hookPointAfter is called behind each call that was made.
//
//systrap:export intercept_hook_point_post_kernel
var hookPointAfter uint64

const (
	pointEnter = iota
	pointChild
	pointParent
	pointAfter
	numPoints
)

// point is where the address of a hook is.
type point struct{ at uintptr }

var points [numPoints]point

// function returns the hook's address, or 0.
func (p *point) function() uint64 { return *(*uint64)(sys.Ptr(p.at)) }

// findPoints finds the variables.
func findPoints() {
	points[pointEnter].find("intercept_hook_point", &hookPoint)
	points[pointChild].find("intercept_hook_point_clone_child", &hookPointChild)
	points[pointParent].find("intercept_hook_point_clone_parent", &hookPointParent)
	points[pointAfter].find("intercept_hook_point_post_kernel", &hookPointAfter)
}

func (p *point) find(name string, own *uint64) {
	if p.at = dynsym.Lookup(name); p.at == 0 {
		p.at = uintptr(unsafe.Pointer(own))
	}
}

// hooks says whether hooks are called for c.
func hooks(c *systrap.Call) bool { return !onlyLibc || libc.has(c.PC) }

func isClone(nr int64) bool { return nr == unix.SYS_CLONE || nr == unix.SYS_CLONE3 }
