package text

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// IDKind says what a number of a process or its like is of.
type IDKind uint8

const (
	IDThread IDKind = iota
	IDProcess
	IDGroup
	IDSession
)

// Pid prints the number of a process.
func (p *Printer) Pid(v int32) { p.PidAs(v, IDProcess) }

// PidAs prints a number with what -Y and --pidns-translation say of it.
func (p *Printer) PidAs(v int32, what IDKind) {
	p.Int(int64(v))
	p.pidNotes(v, what)
}

// PidOrGroup prints a process, or a group as a negative number (kill(2)).
func (p *Printer) PidOrGroup(v int32) {
	p.Int(int64(v))
	if v > 0 {
		p.pidNotes(v, IDProcess)
	} else if v < -1 {
		p.pidNotes(-v, IDGroup)
	}
}

func (p *Printer) pidNotes(v int32, what IDKind) {
	if v <= 0 || !Opt.Comm && !Opt.Pidns {
		return
	}
	outer := v
	if level := pidLevel(); level != 0 {
		if what <= IDProcess && int(v) == systrap.Tid() {
			outer = int32(OuterTid(int(v)))
		} else {
			outer = outerID(v, what, level)
		}
	}
	if outer == 0 {
		return
	}
	if Opt.Comm && what <= IDProcess {
		p.Comm(int(outer))
	}
	if Opt.Pidns && outer != v {
		p.Str(" /* ")
		p.Int(int64(outer))
		p.Str(" in strace's PID NS */")
	}
}

// WaitID prints what waitid(2) waits for.
func (p *Printer) WaitID(id int32) {
	switch uint32(p.C.Args[0]) {
	case unix.P_PIDFD:
		p.Fd(id)
	case unix.P_PID:
		p.Pid(id)
	case unix.P_PGID:
		p.PidAs(id, IDGroup)
	default:
		p.Int(int64(id))
	}
}

// WhoID prints what getpriority(2) and ioprio_get(2) are about: which names a
// process, a group or a user, in this order from first.
func (p *Printer) WhoID(which, first uint32, id int32) {
	switch which {
	case first:
		p.Pid(id)
	case first + 1:
		p.PidAs(id, IDGroup)
	default:
		p.Int(int64(id))
	}
}
