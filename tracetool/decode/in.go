package tracetool

import "golang.org/x/sys/unix"

// read prints an object that the kernel reads, argument i.
func (p *printer) read(k kind, i int, v uint64) step {
	a := &p.c.Args
	switch k {
	case kBufIn:
		p.buf(v, a[i+1])
	case kPacketIn:
		p.packetText(int32(a[0]), v, a[i+1])
	case kBufBefore:
		p.buf(v, a[i-1])
	case kMountType:
		p.mountType(v, a[3])
	case kIovIn:
		p.iovec(v, a[i+1], iovData, a[i+1])
	case kIovVmIn:
		p.iovec(v, a[i+1], iovData, a[i+1])
	case kIovAddr, kIovVmOut:
		if k == kIovVmOut && !p.exit {
			return wait
		}
		if k == kIovVmOut && !p.failed() {
			p.iovec(v, a[i+1], iovData, uint64(p.c.Result))
		} else {
			p.iovec(v, a[i+1], iovAddr, 0)
		}
	case kTimespec, kTimespecSel, kTimespecIn:
		p.timespec(v)
	case kTimespecRecv:
		p.timeoutSaved(v)
	case kTimeval, kTimevalSel:
		p.timeval(v)
	case kTimezone:
		p.timezone(v)
	case kItimerval:
		p.itimerval(v)
	case kItimerspec:
		p.itimerspec(v)
	case kTimevals:
		p.timevals(v)
	case kUtimes:
		p.utimes(v)
	case kUtimbuf:
		p.utimbuf(v)
	case kPollfds:
		p.pollfds(v, uint64(uint32(a[i+1])))
	case kFdset:
		p.fdset(v, int32(a[0]))
	case kPselectMask:
		p.pselectMask(v)
	case kSigaction:
		p.sigaction(v)
	case kSigset1, kSigset2, kSigset3, kSigset4, kSigset5:
		p.sigset(v, a[int(k-kSigset1)+1])
	case kSigstack:
		p.sigstack(v)
	case kSiginfo:
		p.siginfo(v)
	case kSigevent:
		p.sigevent(v)
	case kSockaddr:
		p.sockaddr(v, int64(int32(a[i+1])))
	case kSockProto:
		p.sockProto(uint32(a[0]), v)
	case kSockopt:
		p.sockopt(uint32(a[1]), uint32(v), p.c.Sysno == unix.SYS_GETSOCKOPT)
	case kSockoptIn:
		p.sockoptIn(v, int32(a[4]))
	case kMsghdr:
		p.msghdr(v, false, 0, ^uint64(0))
	case kRlimit:
		p.rlimit(v)
	case kArgv:
		p.argv(v)
	case kEnvp:
		p.envp(v)
	case kGroups:
		p.groups(v, uint64(uint32(a[0])), false)
	case kCapHeader:
		p.capHeader(v)
	case kCapData:
		p.capData(v)
	case kCpuset:
		p.cpuset(v, uint64(uint32(a[1])), uint64(uint32(a[1])))
	case kSchedParam:
		p.schedParam(v)
	case kSembuf:
		p.sembuf(v, uint64(uint32(a[2])))
	case kMsgbuf:
		p.msgbuf(v, a[2])
	case kMqAttr:
		p.mqAttr(v)
	case kEpollEvent:
		if int32(a[1]) == 2 { // EPOLL_CTL_DEL does not look at it
			p.ptr(v)
			break
		}
		p.epollEvent(v)
	case kIocb:
		p.iocbCancel(v)
	case kIocbs:
		p.iocbs(v, int64(a[1]))
	case kNodemask:
		p.nodemask(v, a[i+1], false)
	case kNodemask2:
		p.nodemask(v, a[1], false)
	case kPages:
		p.addrs(v, a[1])
	case kPageNodes:
		p.ints(v, a[1])
	case kXattrIn:
		p.xattr(v, a[i+1])
	case kSwapon:
		p.swapon(uint32(v))
	case kMountData:
		p.mountData(v, a[3])
	case kMountAttr:
		p.mountAttr(v, a[4])
	case kOpenHow:
		p.openHow(v, a[3])
	case kKexecSegs:
		p.kexecSegs(v, a[1])
	case kSysctl:
		p.sysctl(v)
	case kUserDesc:
		p.userDesc(v)
	case kLdt:
		if a[2] == userDescSize {
			p.userDesc(v)
		} else {
			p.ptr(v)
		}
	case kFhandleIn:
		p.fhandle(v)
	case kPerfAttr:
		return p.perfAttrArg(v)
	case kFutexWaitv:
		p.futexWaitv(v, uint64(uint32(a[1])))
	case kLandlockAttr:
		p.landlockAttr(v, a[1])
	case kLandlockRule:
		p.landlockRule(v)
	case kKcmp:
		return p.kcmp()
	case kHostname:
		const utsMax = 64 // __NEW_UTS_LEN
		if n := uint64(uint32(a[1])); n <= utsMax {
			p.buf(v, n)
		} else {
			p.ptr(v)
		}
	case kOffIn:
		p.offset(v)
	}
	return next
}
