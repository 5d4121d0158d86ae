package decode

import (
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// Presave keeps what the kernel is about to overwrite: the lengths that
// buffers have.
func Presave(p *text.Printer, row *abi.Call) {
	for i, k := range row.Args {
		switch k {
		case abi.SocklenOut, abi.OptlenOut:
			var n uint32
			if text.PeekUint32(&n, p.C.Args[i]) {
				p.Saved[0] = uint64(n)
			}
		case abi.MsghdrOut:
			var n uint32
			if text.PeekUint32(&n, p.C.Args[i]+8) {
				p.Saved[0] = uint64(n)
			}
		case abi.MmsgOut:
			socket.PresaveMmsg(p)
		case abi.Fhandle:
			var n uint32
			if text.PeekUint32(&n, p.C.Args[i]) {
				p.Saved[0] = uint64(n)
			}
		}
	}
}

// RawArgs prints the arguments as numbers if -e raw= says so.
func RawArgs(p *text.Printer, r *abi.Call) bool {
	if !text.Opt.Raw.Has(p.C.Sysno) {
		return false
	}
	for i := 0; i < r.Count(); i++ {
		if i > 0 {
			p.Comma()
		}
		p.AltHex(p.C.Args[i])
	}
	p.Arg = len(r.Args)
	return true
}

// Args prints the arguments from p.arg on, up to one that must wait for the
// call's return; resumed says that p.arg's separator is there already.
func Args(p *text.Printer, r *abi.Call, resumed bool) {
	for p.Arg < len(r.Args) && r.Args[p.Arg] != abi.None {
		if p.Arg > 0 && !resumed {
			p.Str(", ")
		}
		resumed = false
		switch one(p, r.Args[p.Arg], p.Arg) {
		case text.Wait:
			return
		case text.Last:
			p.Arg = len(r.Args)
			return
		}
		p.Arg++
	}
	p.Arg = len(r.Args)
}

// Arguments prints them all, of a call that has returned.
func Arguments(p *text.Printer, r *abi.Call) {
	if RawArgs(p, r) {
		return
	}
	p.Exit = true
	Args(p, r, false)
}

// Title prints the call's name and the parenthesis.
func Title(p *text.Printer, r *abi.Call, ok bool) {
	CallName(p, r, ok)
	p.Byte('(')
}

func CallName(p *text.Printer, r *abi.Call, ok bool) {
	if ok {
		p.Str(r.Name)
	} else {
		p.Str("syscall_")
		p.AltHex(uint64(p.C.Sysno))
	}
}
