package decode

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// Result prints " = …", aligned to the column of -a.
func Result(p *text.Printer, r abi.ResultKind) {
	p.Str(") ")
	p.Pad(text.Opt.Column - p.Base)
	p.Str("= ")
	if r == abi.ResultNever && !p.Injected {
		p.Byte('?')
		return
	}
	if p.Failed() {
		if p.Injected || !restarted(p) {
			p.Failure(p.C.Errno())
		}
		return
	}
	v := p.C.Result
	if text.Opt.Raw.Has(p.C.Sysno) {
		p.AltHex(uint64(v))
		return
	}
	switch r {
	case abi.ResultInt:
		p.Int(v)
	case abi.ResultHex:
		p.AltHex(uint64(v))
	case abi.ResultOct:
		p.Mode(uint32(v))
	case abi.ResultUint:
		p.Uint(uint64(v))
	case abi.ResultNone:
		p.Byte('?')
	case abi.ResultFd:
		p.Fd(int32(v))
	case abi.ResultPoll:
		p.Int(v)
		pollResult(p)
	case abi.ResultSelect:
		p.Int(v)
		selectResult(p)
	case abi.ResultFcntl:
		fcntlResult(p)
	case abi.ResultPers:
		p.AltHex(uint64(v))
		p.Str(" (")
		personality(p, uint64(uint32(v)))
		p.Byte(')')
	case abi.ResultTimex:
		p.Int(v)
		if s := text.NameOf(names.AdjState, uint64(v)); s != "" {
			p.Str(" (")
			p.Str(s)
			p.Byte(')')
		}
	case abi.ResultPrctl:
		prctlResult(p)
	case abi.ResultArchPrctl:
		archPrctlResult(p)
	case abi.ResultTid, abi.ResultTgid, abi.ResultPgid, abi.ResultSid:
		p.PidAs(int32(v), text.IDKind(r-abi.ResultTid))
	case abi.ResultIoctl:
		ioctl.IoctlResult(p)
	case abi.ResultThreadArea:
		threadAreaResult(p)
	case abi.ResultLandlock:
		if p.C.Args[2]&unix.LANDLOCK_CREATE_RULESET_VERSION != 0 {
			p.Int(v)
		} else {
			p.Fd(int32(v))
		}
	case abi.ResultLdt:
		// The kernel returns the int without its sign.
		p.Int(v)
		if e := -int32(v); v>>32 == 0 && e > 0 && e < 4096 {
			p.Byte(' ')
			p.ErrnoText(int(e))
		}
	case abi.ResultSig:
		p.Int(v)
		if v > 0 && v <= abi.MaxSignal {
			p.Str(" (")
			sigWord(p, int32(v))
			p.Byte(')')
		}
	case abi.ResultPrio:
		p.Int(v)
	case abi.ResultIoprio:
		p.Int(v)
		if text.Opt.Style != text.StyleRaw {
			p.Str(" (")
			ioprioText(p, uint32(v))
			p.Byte(')')
		}
	case abi.ResultBpf:
		bpf.BpfResult(p)
	case abi.ResultRecvmmsg:
		socket.RecvmmsgResult(p)
	case abi.ResultKeyctl:
		p.Int(v)
	case abi.ResultSched:
		p.Int(v)
		nameNote(p, names.Sched, uint64(v))
	case abi.ResultTime:
		p.Int(v)
		p.Str(" (")
		p.Iso(v, 0, 0)
		p.Byte(')')
	}
}
