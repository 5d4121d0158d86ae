package core

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// TestSentSignalHasNoSigreturn: the stub's door lies where that of the trap before did, which may have been a handler's end. A
// signal that was sent has no frame to load; late would load that one again (jump-stress).
func TestSentSignalHasNoSigreturn(t *testing.T) {
	act := &currentActions()[ownNumbers[ownSigill]]
	defer func(old restorer.Sigaction) { *act = old }(*act)
	act.Handler = sigIgn
	var (
		f    entryFrame
		uc   restorer.Ucontext
		info = restorer.Siginfo{Signo: int32(unix.SIGILL), Code: siTkill}
	)
	uc.Mcontext.RIP = 0x1000
	f.door.handler, f.door.at = 0, 0x5000
	if r := trapOrSignal(&info, &uc, &f.call, &f.door); r.handler != 0 || r.frame != 0 {
		t.Errorf("resumption %+v", r)
	}
	if f.door.at != 0 || f.door.handler != 0 {
		t.Errorf("the door has handler %#x and frame %#x", f.door.handler, f.door.at)
	}
}
