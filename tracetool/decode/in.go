package decode

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/decode/netlink"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// read prints an object that the kernel reads, argument i.
func read(p *text.Printer, k abi.Kind, i int, v uint64) text.Step {
	a := &p.C.Args
	switch k {
	case abi.BufIn:
		p.Buf(v, a[i+1])
	case abi.PacketIn:
		netlink.PacketText(p, int32(a[0]), v, a[i+1])
	case abi.BufBefore:
		p.Buf(v, a[i-1])
	case abi.MountType:
		mountType(p, v, a[3])
	case abi.IovIn:
		socket.Iovec(p, v, a[i+1], socket.IovData, a[i+1])
	case abi.IovVmIn:
		socket.Iovec(p, v, a[i+1], socket.IovData, a[i+1])
	case abi.IovAddr, abi.IovVmOut:
		if k == abi.IovVmOut && !p.Exit {
			return text.Wait
		}
		if k == abi.IovVmOut && !p.Failed() {
			socket.Iovec(p, v, a[i+1], socket.IovData, uint64(p.C.Result))
		} else {
			socket.Iovec(p, v, a[i+1], socket.IovAddr, 0)
		}
	case abi.Timespec, abi.TimespecSel, abi.TimespecIn:
		p.Timespec(v)
	case abi.TimespecRecv:
		socket.TimeoutSaved(p, v)
	case abi.Timeval, abi.TimevalSel:
		p.Timeval(v)
	case abi.Timezone:
		p.Timezone(v)
	case abi.Itimerval:
		p.Itimerval(v)
	case abi.Itimerspec:
		p.Itimerspec(v)
	case abi.Timevals:
		p.Timevals(v)
	case abi.Utimes:
		p.Utimes(v)
	case abi.Utimbuf:
		p.Utimbuf(v)
	case abi.Pollfds:
		pollfds(p, v, uint64(uint32(a[i+1])))
	case abi.Fdset:
		fdset(p, v, int32(a[0]))
	case abi.PselectMask:
		pselectMask(p, v)
	case abi.Sigaction:
		sigaction(p, v)
	case abi.Sigset1, abi.Sigset2, abi.Sigset3, abi.Sigset4, abi.Sigset5:
		sigset(p, v, a[int(k-abi.Sigset1)+1])
	case abi.Sigstack:
		sigstack(p, v)
	case abi.Siginfo:
		siginfo(p, v)
	case abi.Sigevent:
		sigevent(p, v)
	case abi.Sockaddr:
		common.Sockaddr(p, v, int64(int32(a[i+1])))
	case abi.SockProto:
		socket.SockProto(p, uint32(a[0]), v)
	case abi.Sockopt:
		socket.Sockopt(p, uint32(a[1]), uint32(v), p.C.Sysno == unix.SYS_GETSOCKOPT)
	case abi.SockoptIn:
		socket.SockoptIn(p, v, int32(a[4]))
	case abi.Msghdr:
		socket.Msghdr(p, v, false, 0, ^uint64(0))
	case abi.Rlimit:
		rlimit(p, v)
	case abi.Argv:
		argv(p, v)
	case abi.Envp:
		envp(p, v)
	case abi.Groups:
		groups(p, v, uint64(uint32(a[0])), false)
	case abi.CapHeader:
		capHeader(p, v)
	case abi.CapData:
		capData(p, v)
	case abi.Cpuset:
		cpuset(p, v, uint64(uint32(a[1])), uint64(uint32(a[1])))
	case abi.SchedParam:
		schedParam(p, v)
	case abi.Sembuf:
		sembuf(p, v, uint64(uint32(a[2])))
	case abi.Msgbuf:
		msgbuf(p, v, a[2])
	case abi.MqAttr:
		mqAttr(p, v)
	case abi.EpollEvent:
		if int32(a[1]) == 2 { // EPOLL_CTL_DEL does not look at it
			p.Ptr(v)
			break
		}
		epollEvent(p, v)
	case abi.Iocb:
		iocbCancel(p, v)
	case abi.Iocbs:
		iocbs(p, v, int64(a[1]))
	case abi.Nodemask:
		nodemask(p, v, a[i+1], false)
	case abi.Nodemask2:
		nodemask(p, v, a[1], false)
	case abi.Pages:
		addrs(p, v, a[1])
	case abi.PageNodes:
		ints(p, v, a[1])
	case abi.XattrIn:
		xattr(p, v, a[i+1])
	case abi.Swapon:
		swapon(p, uint32(v))
	case abi.MountData:
		mountData(p, v, a[3])
	case abi.MountAttr:
		mountAttr(p, v, a[4])
	case abi.OpenHow:
		openHow(p, v, a[3])
	case abi.KexecSegs:
		kexecSegs(p, v, a[1])
	case abi.Sysctl:
		sysctl(p, v)
	case abi.UserDesc:
		userDesc(p, v)
	case abi.Ldt:
		if a[2] == userDescSize {
			userDesc(p, v)
		} else {
			p.Ptr(v)
		}
	case abi.FhandleIn:
		fhandle(p, v)
	case abi.PerfAttr:
		return common.PerfAttrArg(p, v)
	case abi.FutexWaitv:
		futexWaitv(p, v, uint64(uint32(a[1])))
	case abi.LandlockAttr:
		landlockAttr(p, v, a[1])
	case abi.LandlockRule:
		landlockRule(p, v)
	case abi.Kcmp:
		return kcmp(p)
	case abi.Hostname:
		const utsMax = 64 // __NEW_UTS_LEN
		if n := uint64(uint32(a[1])); n <= utsMax {
			p.Buf(v, n)
		} else {
			p.Ptr(v)
		}
	case abi.OffIn:
		offset(p, v)
	}
	return text.Next
}
