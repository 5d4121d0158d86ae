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
	sig := int32(s & 0x7f)
	switch {
	case sig == 0:
		p.Str("{WIFEXITED(s) && WEXITSTATUS(s) == ")
		p.Uint(uint64(s >> 8 & 0xff))
		p.Byte('}')
		s &^= 0xff00
	case s&0xff == 0x7f && s == 0xffff:
		p.Str("{WIFCONTINUED(s)}")
		s = 0
	case s&0xff == 0x7f:
		p.Str("{WIFSTOPPED(s) && WSTOPSIG(s) == ")
		sig = int32(s >> 8 & 0xff)
		if sig&0x80 != 0 { // PTRACE_O_TRACESYSGOOD
			p.sig(sig & 0x7f)
			p.Str(" | 0x80")
		} else {
			p.sig(sig)
		}
		p.Byte('}')
		s &^= 0xffff
	default:
		p.Str("{WIFSIGNALED(s) && WTERMSIG(s) == ")
		p.sig(sig)
		if s&0x80 != 0 {
			p.Str(" && WCOREDUMP(s)")
		}
		p.Byte('}')
		s &^= 0xff
	}
	if s != 0 {
		p.Str(" | ")
		p.hex(uint64(s))
	}
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
	if !opt.verbose {
		p.Str(", ...}")
		return
	}
	p.fieldInt("ru_maxrss", r.Maxrss)
	p.fieldInt("ru_ixrss", r.Ixrss)
	p.fieldInt("ru_idrss", r.Idrss)
	p.fieldInt("ru_isrss", r.Isrss)
	p.fieldInt("ru_minflt", r.Minflt)
	p.fieldInt("ru_majflt", r.Majflt)
	p.fieldInt("ru_nswap", r.Nswap)
	p.fieldInt("ru_inblock", r.Inblock)
	p.fieldInt("ru_oublock", r.Oublock)
	p.fieldInt("ru_msgsnd", r.Msgsnd)
	p.fieldInt("ru_msgrcv", r.Msgrcv)
	p.fieldInt("ru_nsignals", r.Nsignals)
	p.fieldInt("ru_nvcsw", r.Nvcsw)
	p.fieldInt("ru_nivcsw", r.Nivcsw)
	p.Byte('}')
}
