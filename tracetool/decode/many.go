package tracetool

// many prints argument i and the ones after it that its value gives a meaning.
func (p *printer) many(k kind, i int) step {
	switch k {
	case kOpen:
		return p.open(i)
	case kMknod:
		return p.mknod(i)
	case kMremap:
		return p.mremap()
	case kFcntl:
		return p.fcntl()
	case kIoctl:
		return p.ioctl()
	case kFutex:
		return p.futex()
	case kClone:
		return p.clone()
	case kClone3:
		return p.clone3()
	case kPrctl:
		return p.prctl()
	case kArchPrctl:
		return p.archPrctl()
	case kShmid, kMsqid:
		return p.ipcBuf(k, uint32(p.c.Args[1]), p.c.Args[2])
	case kSemun:
		return p.ipcBuf(k, uint32(p.c.Args[2]), p.c.Args[3])
	case kQuota:
		return p.quota()
	case kPtrace:
		return p.ptrace()
	case kReboot:
		return p.reboot()
	case kSeccomp:
		return p.seccomp()
	case kBpf:
		return p.bpf()
	case kKeyctl:
		return p.keyctl()
	case kSigtimedwait:
		return p.sigtimedwait()
	case kMqOpen:
		return p.mqOpen(i)
	case kFsconfig:
		return p.fsconfig()
	case kMembarrier:
		return p.membarrier()
	case kSyslog:
		return p.syslog()
	case kSchedAttr:
		return p.schedAttrIn()
	case kUringParams:
		return p.uringSetup()
	case kUringReg:
		return p.uringRegister()
	case kThreadArea:
		return p.threadArea()
	case kSendfileOff:
		return p.sendfileOff()
	case kSysfs:
		p.sysfs()
		return last
	case kSkip:
		// The upper half of a 64-bit offset: always 0 and not printed.
		p.Truncate(p.Len() - len(", "))
	}
	return next
}
