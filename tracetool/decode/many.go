package decode

import (
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode/bpf"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/text"
)

// many prints argument i and the ones after it that its value gives a meaning.
func many(p *text.Printer, k abi.Kind, i int) text.Step {
	switch k {
	case abi.Open:
		return open(p, i)
	case abi.Mknod:
		return mknod(p, i)
	case abi.Mremap:
		return mremap(p)
	case abi.Fcntl:
		return fcntl(p)
	case abi.Ioctl:
		return ioctl.Ioctl(p)
	case abi.Futex:
		return futex(p)
	case abi.Clone:
		return clone(p)
	case abi.Clone3:
		return clone3(p)
	case abi.Prctl:
		return prctl(p)
	case abi.ArchPrctl:
		return archPrctl(p)
	case abi.Shmid, abi.Msqid:
		return ipcBuf(p, k, uint32(p.C.Args[1]), p.C.Args[2])
	case abi.Semun:
		return ipcBuf(p, k, uint32(p.C.Args[2]), p.C.Args[3])
	case abi.Quota:
		return quota(p)
	case abi.Ptrace:
		return ptrace(p)
	case abi.Reboot:
		return reboot(p)
	case abi.Seccomp:
		return seccomp(p)
	case abi.Bpf:
		return bpf.Bpf(p)
	case abi.Keyctl:
		return keyctl(p)
	case abi.Sigtimedwait:
		return sigtimedwait(p)
	case abi.MqOpen:
		return mqOpen(p, i)
	case abi.Fsconfig:
		return fsconfig(p)
	case abi.Membarrier:
		return membarrier(p)
	case abi.Syslog:
		return syslog(p)
	case abi.SchedAttr:
		return schedAttrIn(p)
	case abi.UringParams:
		return uringSetup(p)
	case abi.UringReg:
		return uringRegister(p)
	case abi.ThreadArea:
		return threadArea(p)
	case abi.SendfileOff:
		return sendfileOff(p)
	case abi.Sysfs:
		sysfs(p)
		return text.Last
	case abi.Skip:
		// The upper half of a 64-bit offset: always 0 and not printed.
		p.Truncate(p.Len() - len(", "))
	}
	return text.Next
}
