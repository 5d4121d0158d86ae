package core

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// TestToolMayTurnAPlainCallIntoFork: the family is that of the number the tool
// leaves, not of the one it was given. Made as a plain call, fork's child would
// come back on our frame.
func TestToolMayTurnAPlainCallIntoFork(t *testing.T) {
	tool = Tool{Enter: func(c *Call) Verdict { c.Sysno = unix.SYS_FORK; return Pass }}
	defer func() { tool = Tool{}; flights = [rawsys.Stubs]flight{} }()
	var uc restorer.Ucontext
	uc.Mcontext.RIP = 0x1000
	uc.Mcontext.RAX = unix.SYS_GETPID
	d := door{uc: &uc}
	var f entryFrame
	d.load(&f.call, 0x1000)
	dispatch(&f.call, &d)
	if i := stubAt(uc.Mcontext.RIP + siteSize); i < 0 || uc.Mcontext.RAX != unix.SYS_FORK {
		t.Errorf("resumed at %#x with RAX %d, want a stub with fork", uc.Mcontext.RIP, uc.Mcontext.RAX)
	}
}
