package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// rule adds the ranges of an argument that the table alone does not tell of, and says whether there is more; ok is
// false where there is no such rule.
func (it *Iterator) rule(k abi.Kind, addr uint64) (more, ok bool) {
	switch k {
	case abi.PselectMask:
		it.maskArgument(addr)
	case abi.Msghdr:
		it.sendMessage(addr, &oneMessage, 0)
	case abi.MsghdrOut:
		it.receiveMessage(addr, &oneMessage, 0, uint64(max(it.call.Result, 0)), it.saved)
	case abi.MmsgIn:
		return it.messages(addr, false), true
	case abi.MmsgOut:
		return it.messages(addr, true), true
	case abi.CapHeader:
		it.capHeader(addr)
	case abi.CapData:
		it.reads(addr, it.capSize(), MayChange, "")
	case abi.CapDataOut:
		it.writes(addr, it.capSize(), MayChange, "")
	case abi.Siginfo:
		it.siginfo(addr)
	case abi.Sigevent:
		it.sigevent(addr, it.call.Sysno == unix.SYS_MQ_NOTIFY)
	case abi.Sysctl:
		// Linux 5.5 has it no more.
	case abi.Cpuset:
		it.cpuset(addr)
	case abi.Statmount:
		it.statmount(addr)
	case abi.IoEvent:
		it.writes(addr, 32, Bound, "") // Linux 4.18 has stopped to
	case abi.Iocb:
		it.reads(addr+8, 4, 0, "aio_key")
	case abi.Iocbs:
		return it.submitted(addr), true
	case abi.KexecSegs:
		return it.kexecSegments(addr), true
	case abi.MountData:
		it.reads(addr, pageSize, Bound, "")
	case abi.FhandleIn:
		it.reads(addr, 8, 0, "")
		it.reads(addr+8, uint64(min(read32(addr), handleMax)), MayChange, "f_handle")
	case abi.Fhandle:
		it.handle(addr)
	case abi.PerfAttr:
		it.sized(addr, addr+4, perfAttrFirst)
	case abi.SchedAttr:
		it.sized(addr, addr, schedAttrFirst)
	case abi.LandlockRule:
		it.landlockRule(addr)
	case abi.MountRequest:
		it.sizedFirst(addr)
	case abi.XattrArgs:
		it.xattrArgs(addr)
	case abi.Clone3:
		it.clone3(addr)
	case abi.TidAddr:
		it.later(WritesLater, addr, 4, 0, "")
	case abi.RobustList:
		it.later(ReadsLater, addr, it.call.Args[1], 0, "")
	case abi.RseqArea:
		it.rseq(addr)
	case abi.FutexWaitv:
		return it.futexWaiters(addr, it.count(1)), true
	case abi.FutexPair:
		it.reads(addr, 48, 0, "")
		it.reads(read64(addr+8), 4, MayChange, "[0].uaddr")
	default:
		return it.ruleByCall(k, addr)
	}
	return false, true
}

// ruleByCall is rule where the call's other arguments say what it is.
func (it *Iterator) ruleByCall(k abi.Kind, addr uint64) (more, ok bool) {
	switch k {
	case abi.FutexWord:
		it.futexWord(addr)
	case abi.FutexTimeout, abi.FutexAddr2:
		it.futexArgument(k, addr)
	case abi.ParentTid, abi.ChildTid:
		it.cloneArgument(k, addr)
	case abi.FcntlArg:
		it.fcntl(addr)
	case abi.IoctlArg:
		it.ioctl(addr)
	case abi.PrctlArg:
		it.prctl(addr)
	case abi.ArchPrctlArg:
		it.archPrctl(addr)
	case abi.PtraceAddr, abi.PtraceData:
		it.ptrace(k, addr)
	case abi.Shmid:
		it.shmctl(addr)
	case abi.Msqid:
		it.msgctl(addr)
	case abi.Semun:
		it.semctl(addr)
	case abi.Quota, abi.QuotaAddr:
		it.quota(k, addr)
	case abi.RebootArg:
		if uint32(it.call.Args[2]) == unix.LINUX_REBOOT_CMD_RESTART2 {
			it.text(addr, 256, "")
		}
	case abi.SeccompArgs:
		it.seccomp(addr)
	case abi.BpfAttr:
		it.bpf(addr)
	case abi.KeyctlArg:
		it.keyctl(addr)
	case abi.MqAttrNew:
		if it.call.Args[1]&unix.O_CREAT != 0 {
			it.reads(addr, 64, 0, "")
		}
	case abi.FsconfigValue:
		it.fsconfig(addr)
	case abi.SyslogBuf:
		if op := int32(it.call.Args[0]); op >= 2 && op <= 4 { // SYSLOG_ACTION_READ, _READ_ALL, _READ_CLEAR
			it.result(addr, uint64(max(int32(it.call.Args[2]), 0)), "")
		}
	case abi.SysfsArg:
		it.sysfs(addr)
	case abi.KcmpIdx2:
		if int32(it.call.Args[2]) == 7 { // KCMP_EPOLL_TFD
			it.reads(addr, 12, 0, "")
		}
	case abi.Ldt:
		it.ldt(addr)
	case abi.EpollEvent:
		if int32(it.call.Args[1]) != unix.EPOLL_CTL_DEL {
			it.reads(addr, 12, 0, "")
		}
	case abi.SocklenOut:
		if it.call.Args[it.arg-1] != 0 || it.call.Sysno == unix.SYS_GETSOCKNAME || it.call.Sysno == unix.SYS_GETPEERNAME {
			it.reads(addr, 4, 0, "")
			it.writes(addr, 4, 0, "")
		}
	case abi.SockoptIn:
		it.setsockopt(addr)
	case abi.SockoptOut:
		it.getsockopt(addr)
	case abi.UringReg:
		it.uringRegister(addr)
	case abi.UringParams:
		it.uringSetup(addr)
	case abi.Sigset5:
		it.uringWait(addr)
	case abi.IovIn:
		if it.call.Sysno != unix.SYS_VMSPLICE {
			return false, false
		}
		it.vmsplice(addr)
	case abi.IntOut:
		if it.call.Sysno != unix.SYS_NAME_TO_HANDLE_AT {
			return false, false
		}
		it.mountID(addr)
	case abi.IovAddr:
		return it.remoteVector(addr), true
	default:
		return false, false
	}
	return false, true
}

// result adds a buffer of n bytes of which the call's result says how many were written.
func (it *Iterator) result(addr, n uint64, field string) {
	f := Flags(0)
	switch it.when {
	case before:
		f = Bound
	case succeeded:
		n = min(n, uint64(max(it.call.Result, 0)))
	}
	it.writes(addr, n, f, field)
}

// text adds a string of which at most so many bytes are read.
func (it *Iterator) text(addr, most uint64, field string) {
	if it.when == before && addr != 0 {
		n, f := stringSize(addr, most)
		it.add(Reads, addr, n, f, field)
	}
}

// both adds what is read, and written when the call succeeds.
func (it *Iterator) both(addr, n uint64, f Flags, field string) {
	it.reads(addr, n, f, field)
	it.writes(addr, n, f, field)
}
