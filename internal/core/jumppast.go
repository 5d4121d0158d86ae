package core

import (
	"unsafe"

	"libsystrap/restorer"
)

// jumpDoorPast is in jumppast_amd64.s.
//
//systrap:entry stack=16384
//systrap:switches
//systrap:leaves
func jumpDoorPast()

//go:noescape
func jumpDoorPastAddr() uintptr

// hostAgain is Host.Again, for jumpHere.
var hostAgain uint64

// Offsets in bytes in the code of jumpDoorPast, as those of jumpDoor (jumpturn.go).
const (
	pastSwapped  = jumpSwapped
	pastSwitched = jumpSwitched + 1
	pastRestored = jumpRestored + 1
	pastMinus    = pastRestored + 4 // RCX is the address of the site
	pastSize     = pastMinus + 7 + 3
)

// turnPast is turnJump for a pc at off in jumpDoorPast: the program is at the site. Its call has the function called again.
func turnPast(m *restorer.Sigcontext, t *thread, off uint64) {
	switch {
	case off >= pastMinus:
		m.RIP = m.RCX
	case off >= pastRestored || off < pastSwapped:
		m.RIP = m.R11 - siteSize
	default:
		m.RIP = swappedSite(m.R11)
	}
	if off == pastSwitched {
		m.RSP = t.jumpSP
	}
}

// openHost has calls behind a function, and the functions' own, go by the jump door.
func openHost() {
	if host.End != 0 {
		*host.RedoTo = uint64(host.Jump)
		*host.CallTo = uint64(jumpDoorAddr())
	}
}

// loadHosted says how c, which came by the jump door, stands to functions.
func (d *door) loadHosted(c *Call) {
	f := (*jumpFrame)(unsafe.Pointer(uintptr(unsafe.Pointer(d.uc)) - jumpUc))
	switch {
	case f.site&1 != 0:
		frameOf(c).hosted = hostPast
		c.User = d.thread.hostFrame().User
	case uintptr(c.PC) == host.Call:
		frameOf(c).hosted = hostQuiet
	}
}
