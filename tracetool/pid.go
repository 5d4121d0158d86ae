package tracetool

// pid prints the number of a process or thread, with -Y also its name.
func (p *printer) pid(v int32) {
	p.Int(int64(v))
	if opt.comm && v > 0 {
		p.comm(int(v))
	}
}

// pgid prints the number of a process group or session, with -Y the name of its
// leader.
func (p *printer) pgid(v int32) { p.pid(v) }
