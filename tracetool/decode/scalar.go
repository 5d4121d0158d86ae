package tracetool

import "golang.org/x/sys/unix"

// scalar prints an argument that is a number or a string.
func (p *printer) scalar(k kind, v uint64) {
	w := uint32(v)
	switch k {
	case kRaw:
		p.hex(v)
	case kInt:
		p.Int(int64(int32(w)))
	case kUint:
		p.Uint(uint64(w))
	case kLong:
		p.Int(int64(v))
	case kUlong:
		p.Uint(v)
	case kHex:
		p.hex(v)
	case kHex32:
		p.hex(uint64(w))
	case kPtr, kRange, kFutexWord, kTidAddr, kRobustList, kRseqArea, kModuleImage:
		p.ptr(v)
	case kPid:
		p.pid(int32(w))
	case kTid:
		p.pidAs(int32(w), idThread)
	case kPgid:
		p.pidAs(int32(w), idGroup)
	case kPidOrGroup:
		p.pidOrGroup(int32(w))
	case kPrioWho:
		p.whoID(uint32(p.c.Args[0]), unix.PRIO_PROCESS, int32(w))
	case kIoprioWho:
		const ioprioWhoProcess = 1
		p.whoID(uint32(p.c.Args[0]), ioprioWhoProcess, int32(w))
	case kWaitID:
		p.waitID(int32(w))
	case kGetfd:
		p.getfd(int32(w))
	case kFd:
		p.fd(int32(w))
	case kDirFd:
		p.dirfd(int32(w))
	case kPath:
		p.path(v)
	case kStr:
		p.str(v)
	case kMode:
		p.mode(w)
	case kId:
		p.id(w)
	case kSig:
		p.sig(int32(w))
	case kKey:
		p.key(w)
	case kDev:
		p.dev(uint64(w))
	case kClockId:
		p.clock(int32(w))
	case kAccess:
		p.access(w)
	case kMmap:
		p.mmapFlags(v)
	case kMount:
		p.mountFlags(v)
	case kMemfd:
		p.memfdFlags(w)
	case kMpol:
		p.mpol(uint64(w))
	case kMpolLong:
		p.mpol(v)
	case kSched:
		p.sched(w)
	case kSockType:
		p.sockType(w)
	case kIpcget:
		p.ipcGet(xIpcGet, w)
	case kShmget:
		p.shmGet(w)
	case kKexec:
		p.kexec(v)
	case kKeySerial:
		p.keySerial(int32(w))
	case kIoprio:
		if p.named(uint64(int64(int32(w))), decBase) {
			p.ioprioText(w)
			p.endNamed()
		}
	case kPersonality:
		p.personalityArg(w)
	case kFanInit:
		p.fanInit(w)
	case kOpenOnly:
		p.openFlags(uint64(w))
	case kStatxFlags:
		p.statxFlags(w)
	case kQuotaCmd:
		p.quotaCmd(w)
	case kMqName:
		p.mqName(v)
	case kMemfdName:
		p.zstrn(v, 250)
	case kFanFd:
		if w == 0xffffffff {
			p.constant(^uint64(0), "FAN_NOFD", "", decBase)
		} else {
			p.dirfd(int32(w))
		}
	case kRestart:
		p.Str("<... resuming interrupted system call ...>")
	case kSigreturn:
		p.sigreturn()
	}
}
