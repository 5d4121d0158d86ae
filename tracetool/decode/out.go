package tracetool

import "golang.org/x/sys/unix"

// written prints an object that the kernel writes, argument i.
func (p *printer) written(k kind, i int, v uint64) step {
	a := &p.c.Args
	n := uint64(p.c.Result)
	if p.failed() {
		n = 0
	}
	switch k {
	case kRandom:
		if p.out(v) {
			p.random(v, n)
		}
	case kBufOut:
		if v == 0 || p.failed() {
			p.ptr(v)
			break
		}
		p.buf(v, n)
	case kPacketOut:
		if p.out(v) {
			p.packetText(int32(a[0]), v, min(n, a[i+1]))
		}
	case kPathOut:
		if p.out(v) {
			p.pathn(v, n-1)
		}
	case kIovOut:
		if p.failed() {
			p.iovec(v, a[i+1], iovAddr, 0)
			break
		}
		p.iovec(v, a[i+1], iovData, n)
	case kStat:
		p.stat(v)
	case kStatx:
		p.statx(v)
	case kStatfs:
		p.statfs(v)
	case kMincore:
		p.mincore(v, a[1])
	case kPageStatus:
		p.pageStatus(v, a[1])
	case kUstat, kAioCtxOut:
		p.plainOut(k, v)
	case kDents:
		p.dents(v, false)
	case kDents64:
		p.dents(v, true)
	case kIntOut, kUintOut, kUlongOut, kPtrOut:
		p.numOut(k, v)
	case kFdPair:
		p.fdPair(v)
	case kGroupsOut:
		if p.failed() {
			p.ptr(v)
			break
		}
		p.groups(v, n, true)
	case kTimespecOut:
		if p.out(v) {
			p.timespec(v)
		}
	case kTimespecRem:
		// Written only if a signal interrupted the sleep.
		if (p.c.Errno() == 4 || p.c.Errno() == 516) && !(p.c.Sysno == unix.SYS_CLOCK_NANOSLEEP && a[1]&unix.TIMER_ABSTIME != 0) {
			p.timespec(v)
			break
		}
		p.ptr(v)
	case kTimevalOut:
		if p.out(v) {
			p.timeval(v)
		}
	case kTimezoneOut:
		if p.out(v) {
			p.timezone(v)
		}
	case kItimervalOut:
		if p.out(v) {
			p.itimerval(v)
		}
	case kItimerspecOut:
		if p.out(v) {
			p.itimerspec(v)
		}
	case kTime:
		p.timeOut(v)
	case kTimex:
		p.timex(v)
	case kTms:
		p.tms(v)
	case kStatus:
		p.status(v)
	case kRusage, kRusageWait, kRusageWaitid:
		p.rusage(v, k)
	case kSiginfoWait:
		if p.out(v) {
			p.siginfo(v)
		}
	case kRlimitOut:
		if p.out(v) {
			p.rlimit(v)
		}
	case kUtsname:
		p.utsname(v)
	case kSysinfo:
		p.sysinfo(v)
	case kSigactionOut:
		if p.out(v) {
			p.sigaction(v)
		}
	case kSigset1Out:
		if p.out(v) {
			p.shortSigset(v, a[1])
		}
	case kSigset3Out:
		if p.out(v) {
			p.sigset(v, a[3])
		}
	case kSigstackOut:
		if p.out(v) {
			p.sigstack(v)
		}
	case kSockaddrOut:
		p.sockaddrOut(v, a[i+1])
	case kOptlenOut:
		p.optlenOut(v)
	case kSocklenOut:
		p.socklenOut(v)
	case kSockoptOut:
		p.sockoptOut(v)
	case kMsghdrOut:
		p.msghdrOut(v)
	case kMmsgOut:
		p.mmsgOut(v)
	case kMmsgIn:
		p.mmsg(v, uint64(uint32(a[i+1])), n, false)
	case kCapDataOut:
		if p.out(v) {
			p.capData(v)
		}
	case kCpusetOut:
		if p.out(v) {
			p.cpuset(v, n, uint64(uint32(a[1])))
		}
	case kSchedParamOut:
		if p.out(v) {
			p.schedParam(v)
		}
	case kSchedAttrOut:
		p.schedAttrOut(v, uint32(a[2]))
	case kMsgbufOut:
		if p.out(v) {
			p.msgbuf(v, a[2])
		}
	case kMqAttrOut:
		if p.out(v) {
			p.mqAttr(v)
		}
	case kTimespecWas:
		if p.out(v) {
			p.timespec(v)
		}
	case kSigset5Was:
		if p.out(v) {
			p.sigset(v, a[5])
		}
	case kEpollEvents:
		p.epollEvents(v, n)
	case kIoEvents:
		p.ioEvents(v, n)
	case kIoEvent:
		p.ioEventOut(v)
	case kXattrOut:
		if p.out(v) {
			p.xattr(v, n)
		}
	case kXattrList:
		if v == 0 || p.failed() || a[i+1] == 0 {
			p.ptr(v)
			break
		}
		p.buf(v, n)
	case kMpolOut:
		p.mpolOut(v)
	case kNodemaskOut:
		p.nodemask(v, a[i+1], true)
	case kFhandle:
		p.fhandle(v)
	}
	return next
}
