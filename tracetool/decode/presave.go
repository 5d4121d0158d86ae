package tracetool

// presave keeps what the kernel is about to overwrite: the lengths that
// buffers have.
func (p *printer) presave(row *row) {
	for i, k := range row.args {
		switch k {
		case kSocklenOut, kOptlenOut:
			var n uint32
			if peekU32(&n, p.c.Args[i]) {
				p.saved[0] = uint64(n)
			}
		case kMsghdrOut:
			var n uint32
			if peekU32(&n, p.c.Args[i]+8) {
				p.saved[0] = uint64(n)
			}
		case kMmsgOut:
			p.presaveMmsg()
		case kFhandle:
			var n uint32
			if peekU32(&n, p.c.Args[i]) {
				p.saved[0] = uint64(n)
			}
		}
	}
}

// rawArgs prints the arguments as numbers if -e raw= says so.
func (p *printer) rawArgs(r *row) bool {
	if !look.raw.has(p.c.Sysno) {
		return false
	}
	for i := 0; i < r.count(); i++ {
		if i > 0 {
			p.comma()
		}
		p.hex(p.c.Args[i])
	}
	p.arg = len(r.args)
	return true
}

// args prints the arguments from p.arg on, up to one that must wait for the
// call's return; resumed says that p.arg's separator is there already.
func (p *printer) args(r *row, resumed bool) {
	for p.arg < len(r.args) && r.args[p.arg] != kNone {
		if p.arg > 0 && !resumed {
			p.Str(", ")
		}
		resumed = false
		switch p.one(r.args[p.arg], p.arg) {
		case wait:
			return
		case last:
			p.arg = len(r.args)
			return
		}
		p.arg++
	}
	p.arg = len(r.args)
}

// arguments prints them all, of a call that has returned.
func (p *printer) arguments(r *row) {
	if p.rawArgs(r) {
		return
	}
	p.exit = true
	p.args(r, false)
}

// title prints the call's name and the parenthesis.
func (p *printer) title(r *row, ok bool) {
	p.callName(r, ok)
	p.Byte('(')
}

func (p *printer) callName(r *row, ok bool) {
	if ok {
		p.Str(r.name)
	} else {
		p.Str("syscall_")
		p.hex(uint64(p.c.Sysno))
	}
}
