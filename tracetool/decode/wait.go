package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// status prints a wait status (wait(2)).
func (p *printer) status(addr uint64) {
	var s uint32
	if p.c.Result <= 0 {
		p.ptr(addr)
		return
	}
	if !p.fetch(unsafe.Pointer(&s), 4, addr) {
		return
	}
	p.Byte('[')
	p.statusText(s)
	p.Byte(']')
}

func (p *printer) statusText(s uint32) {
	const continued, core = 0xffff, 0x80
	sig := int32(s & 0x7f)
	switch {
	case s&0xff == 0x7f:
		p.Str("{WIFSTOPPED(s) && WSTOPSIG(s) == ")
		sig = int32(s >> 8 & 0xff)
		p.sigWord(sig & 0x7f)
		if sig&0x80 != 0 { // PTRACE_O_TRACESYSGOOD
			p.Str(" | 0x80")
		}
		p.Byte('}')
		s &^= 0xffff
	case sig != 0 && sig != 0x7f:
		p.Str("{WIFSIGNALED(s) && WTERMSIG(s) == ")
		p.sigWord(sig)
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
		p.val(xPtraceEvent, event)
		p.Str("<<16")
		s &= 0xffff
	}
	if s != 0 {
		p.Byte('|')
		p.hex(uint64(s))
	}
}

// sigWord prints a signal by name, whatever -X says.
func (p *printer) sigWord(s int32) {
	if s <= 0 || s > nsig {
		p.Int(int64(s))
		return
	}
	p.Str("SIG")
	p.sigName(s)
}

// rusage prints struct rusage, which the wait calls fill only if they found a
// child.
func (p *printer) rusage(addr uint64, k kind) {
	var r unix.Rusage
	if k == kRusageWait && p.c.Result <= 0 {
		p.ptr(addr)
		return
	}
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&r), int(unsafe.Sizeof(r)), addr) {
		return
	}
	p.Str("{ru_utime=")
	p.tval(&r.Utime)
	p.Str(", ru_stime=")
	p.tval(&r.Stime)
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.fieldUint("ru_maxrss", uint64(r.Maxrss))
	p.fieldUint("ru_ixrss", uint64(r.Ixrss))
	p.fieldUint("ru_idrss", uint64(r.Idrss))
	p.fieldUint("ru_isrss", uint64(r.Isrss))
	p.fieldUint("ru_minflt", uint64(r.Minflt))
	p.fieldUint("ru_majflt", uint64(r.Majflt))
	p.fieldUint("ru_nswap", uint64(r.Nswap))
	p.fieldUint("ru_inblock", uint64(r.Inblock))
	p.fieldUint("ru_oublock", uint64(r.Oublock))
	p.fieldUint("ru_msgsnd", uint64(r.Msgsnd))
	p.fieldUint("ru_msgrcv", uint64(r.Msgrcv))
	p.fieldUint("ru_nsignals", uint64(r.Nsignals))
	p.fieldUint("ru_nvcsw", uint64(r.Nvcsw))
	p.fieldUint("ru_nivcsw", uint64(r.Nivcsw))
	p.Byte('}')
}
