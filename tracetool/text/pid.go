package tracetool

import "golang.org/x/sys/unix"

// idKind says what a number of a process or its like is of.
type idKind uint8

const (
	idThread idKind = iota
	idProcess
	idGroup
	idSession
)

// pid prints the number of a process.
func (p *printer) pid(v int32) { p.pidAs(v, idProcess) }

// pidAs prints a number with what -Y and --pidns-translation say of it.
func (p *printer) pidAs(v int32, what idKind) {
	p.Int(int64(v))
	p.pidNotes(v, what)
}

// pidOrGroup prints a process, or a group as a negative number (kill(2)).
func (p *printer) pidOrGroup(v int32) {
	p.Int(int64(v))
	if v > 0 {
		p.pidNotes(v, idProcess)
	} else if v < -1 {
		p.pidNotes(-v, idGroup)
	}
}

func (p *printer) pidNotes(v int32, what idKind) {
	if v <= 0 || !look.comm && !look.pidns {
		return
	}
	outer := v
	if level := pidLevel(); level != 0 {
		outer = outerID(v, what, level)
	}
	if outer == 0 {
		return
	}
	if look.comm && what <= idProcess {
		p.comm(int(outer))
	}
	if look.pidns && outer != v {
		p.Str(" /* ")
		p.Int(int64(outer))
		p.Str(" in strace's PID NS */")
	}
}

// waitID prints what waitid(2) waits for.
func (p *printer) waitID(id int32) {
	switch uint32(p.c.Args[0]) {
	case unix.P_PIDFD:
		p.fd(id)
	case unix.P_PID:
		p.pid(id)
	case unix.P_PGID:
		p.pidAs(id, idGroup)
	default:
		p.Int(int64(id))
	}
}

// whoID prints what getpriority(2) and ioprio_get(2) are about: which names a
// process, a group or a user, in this order from first.
func (p *printer) whoID(which, first uint32, id int32) {
	switch which {
	case first:
		p.pid(id)
	case first + 1:
		p.pidAs(id, idGroup)
	default:
		p.Int(int64(id))
	}
}
