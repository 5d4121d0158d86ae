package tracetool

// pid prints the number of a process or thread.
func (p *printer) pid(v int32) { p.Int(int64(v)) }
