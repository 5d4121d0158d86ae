package core

import (
	"unsafe"
)

// jumpDoorPast is in jumpdoor_amd64.s.
//
//systrap:entry stack=16384
//systrap:switches
//systrap:leaves
func jumpDoorPast()

//go:noescape
func jumpDoorPastAddr() uintptr

// hostAgain is Host.Again, for jumpHere.
var hostAgain uint64

// The code of jumpDoorPast is jumpDoor's but for pastLonger bytes more, of a displacement, between jumpSwapped and jumpSwitched, and for its end. A
// signal there finds the program at the site, whose call has the function called again.
const (
	pastLonger = 1
	pastSize   = jumpMinus + pastLonger + 7 + 3
)

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
