package tracetool

import "golang.org/x/sys/unix"

// pid prints the number of a process or thread, with -Y also its name.
func (p *printer) pid(v int32) {
	p.Int(int64(v))
	if opt.comm && v > 0 {
		p.comm(int(v))
	}
}

// waitID prints what waitid(2) waits for.
func (p *printer) waitID(id int32) {
	switch uint32(p.c.Args[0]) {
	case unix.P_PIDFD:
		p.fd(id)
	case unix.P_PID, unix.P_PGID:
		p.pid(id)
	default:
		p.Int(int64(id))
	}
}
