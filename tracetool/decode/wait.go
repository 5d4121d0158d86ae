package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// status prints a wait status (wait(2)).
func status(p *text.Printer, addr uint64) {
	var s uint32
	if p.C.Result <= 0 {
		p.Ptr(addr)
		return
	}
	if !p.Fetch(unsafe.Pointer(&s), 4, addr) {
		return
	}
	p.Byte('[')
	statusText(p, s)
	p.Byte(']')
}

func statusText(p *text.Printer, s uint32) {
	const continued, core = 0xffff, 0x80
	sig := int32(s & 0x7f)
	switch {
	case s&0xff == 0x7f:
		p.Str("{WIFSTOPPED(s) && WSTOPSIG(s) == ")
		sig = int32(s >> 8 & 0xff)
		sigWord(p, sig&0x7f)
		if sig&0x80 != 0 { // PTRACE_O_TRACESYSGOOD
			p.Str(" | 0x80")
		}
		p.Byte('}')
		s &^= 0xffff
	case sig != 0 && sig != 0x7f:
		p.Str("{WIFSIGNALED(s) && WTERMSIG(s) == ")
		sigWord(p, sig)
		if s&core != 0 {
			p.Str(" && WCOREDUMP(s)")
		}
		p.Byte('}')
		s &^= 0xff
	case sig == 0:
		p.Str("{WIFEXITED(s) && WEXITSTATUS(s) == ")
		p.Uint(uint64(s >> 8 & 0xff))
		p.Byte('}')
		s &^= 0xff00
	case s == continued:
		p.Str("{WIFCONTINUED(s)}")
		s = 0
	}
	if event := uint64(s >> 16); event != 0 {
		p.Byte('|')
		p.Val(names.PtraceEvent, event)
		p.Str("<<16")
		s &= 0xffff
	}
	if s != 0 {
		p.Byte('|')
		p.AltHex(uint64(s))
	}
}

// sigWord prints a signal by name, whatever -X says.
func sigWord(p *text.Printer, s int32) {
	if s <= 0 || s > abi.MaxSignal {
		p.Int(int64(s))
		return
	}
	p.Str("SIG")
	p.SigName(s)
}

// rusage prints struct rusage, which the wait calls fill only if they found a
// child.
func rusage(p *text.Printer, addr uint64, k abi.Kind) {
	var r unix.Rusage
	if k == abi.RusageWait && p.C.Result <= 0 {
		p.Ptr(addr)
		return
	}
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&r), int(unsafe.Sizeof(r)), addr) {
		return
	}
	p.Str("{ru_utime=")
	p.Tval(&r.Utime)
	p.Str(", ru_stime=")
	p.Tval(&r.Stime)
	if !p.Full() {
		p.Str(", ...}")
		return
	}
	p.FieldUint("ru_maxrss", uint64(r.Maxrss))
	p.FieldUint("ru_ixrss", uint64(r.Ixrss))
	p.FieldUint("ru_idrss", uint64(r.Idrss))
	p.FieldUint("ru_isrss", uint64(r.Isrss))
	p.FieldUint("ru_minflt", uint64(r.Minflt))
	p.FieldUint("ru_majflt", uint64(r.Majflt))
	p.FieldUint("ru_nswap", uint64(r.Nswap))
	p.FieldUint("ru_inblock", uint64(r.Inblock))
	p.FieldUint("ru_oublock", uint64(r.Oublock))
	p.FieldUint("ru_msgsnd", uint64(r.Msgsnd))
	p.FieldUint("ru_msgrcv", uint64(r.Msgrcv))
	p.FieldUint("ru_nsignals", uint64(r.Nsignals))
	p.FieldUint("ru_nvcsw", uint64(r.Nvcsw))
	p.FieldUint("ru_nivcsw", uint64(r.Nivcsw))
	p.Byte('}')
}
