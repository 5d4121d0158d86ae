package decode

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/tracetool/decode/common"
	"libsystrap/tracetool/decode/netlink"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// written prints an object that the kernel writes, argument i.
func written(p *text.Printer, k abi.Kind, i int, v uint64) text.Step {
	a := &p.C.Args
	n := uint64(p.C.Result)
	if p.Failed() {
		n = 0
	}
	switch k {
	case abi.Random:
		if p.Out(v) {
			p.Random(v, n)
		}
	case abi.BufOut:
		if v == 0 || p.Failed() {
			p.Ptr(v)
			break
		}
		p.Buf(v, n)
	case abi.PacketOut:
		if p.Out(v) {
			netlink.PacketText(p, int32(a[0]), v, min(n, a[i+1]))
		}
	case abi.PathOut:
		if p.Out(v) {
			p.PathOf(v, n-1)
		}
	case abi.IovOut:
		if p.Failed() {
			socket.Iovec(p, v, a[i+1], socket.IovAddr, 0)
			break
		}
		socket.Iovec(p, v, a[i+1], socket.IovData, n)
	case abi.Stat:
		stat(p, v)
	case abi.Statx:
		statx(p, v)
	case abi.Statfs:
		statfs(p, v)
	case abi.Mincore:
		mincore(p, v, a[1])
	case abi.PageStatus:
		pageStatus(p, v, a[1])
	case abi.Ustat, abi.AioCtxOut:
		p.PlainOut(k, v)
	case abi.Dents:
		dents(p, v, false)
	case abi.Dents64:
		dents(p, v, true)
	case abi.IntOut, abi.UintOut, abi.UlongOut, abi.PtrOut:
		p.NumOut(k, v)
	case abi.FdPair:
		p.FdPair(v)
	case abi.GroupsOut:
		if p.Failed() {
			p.Ptr(v)
			break
		}
		groups(p, v, n, true)
	case abi.TimespecOut:
		if p.Out(v) {
			p.Timespec(v)
		}
	case abi.TimespecRem:
		// Written only if a signal interrupted the sleep.
		if (p.C.Errno() == 4 || p.C.Errno() == 516) && !(p.C.Sysno == unix.SYS_CLOCK_NANOSLEEP && a[1]&unix.TIMER_ABSTIME != 0) {
			p.Timespec(v)
			break
		}
		p.Ptr(v)
	case abi.TimevalOut:
		if p.Out(v) {
			p.Timeval(v)
		}
	case abi.TimezoneOut:
		if p.Out(v) {
			p.Timezone(v)
		}
	case abi.ItimervalOut:
		if p.Out(v) {
			p.Itimerval(v)
		}
	case abi.ItimerspecOut:
		if p.Out(v) {
			p.Itimerspec(v)
		}
	case abi.Time:
		p.TimeOut(v)
	case abi.Timex:
		p.Timex(v)
	case abi.Tms:
		p.Tms(v)
	case abi.Status:
		status(p, v)
	case abi.Rusage, abi.RusageWait, abi.RusageWaitid:
		rusage(p, v, k)
	case abi.SiginfoWait:
		if p.Out(v) {
			siginfo(p, v)
		}
	case abi.RlimitOut:
		if p.Out(v) {
			rlimit(p, v)
		}
	case abi.Utsname:
		utsname(p, v)
	case abi.Sysinfo:
		sysinfo(p, v)
	case abi.SigactionOut:
		if p.Out(v) {
			sigaction(p, v)
		}
	case abi.Sigset1Out:
		if p.Out(v) {
			shortSigset(p, v, a[1])
		}
	case abi.Sigset3Out:
		if p.Out(v) {
			sigset(p, v, a[3])
		}
	case abi.SigstackOut:
		if p.Out(v) {
			sigstack(p, v)
		}
	case abi.SockaddrOut:
		common.SockaddrOut(p, v, a[i+1])
	case abi.OptlenOut:
		socket.OptlenOut(p, v)
	case abi.SocklenOut:
		common.SocklenOut(p, v)
	case abi.SockoptOut:
		socket.SockoptOut(p, v)
	case abi.MsghdrOut:
		socket.MsghdrOut(p, v)
	case abi.MmsgOut:
		socket.MmsgOut(p, v)
	case abi.MmsgIn:
		socket.Mmsg(p, v, uint64(uint32(a[i+1])), n, false)
	case abi.CapDataOut:
		if p.Out(v) {
			capData(p, v)
		}
	case abi.CpusetOut:
		if p.Out(v) {
			cpuset(p, v, n, uint64(uint32(a[1])))
		}
	case abi.SchedParamOut:
		if p.Out(v) {
			schedParam(p, v)
		}
	case abi.SchedAttrOut:
		schedAttrOut(p, v, uint32(a[2]))
	case abi.MsgbufOut:
		if p.Out(v) {
			msgbuf(p, v, a[2])
		}
	case abi.MqAttrOut:
		if p.Out(v) {
			mqAttr(p, v)
		}
	case abi.TimespecWas:
		if p.Out(v) {
			p.Timespec(v)
		}
	case abi.Sigset5Was:
		if p.Out(v) {
			sigset(p, v, a[5])
		}
	case abi.EpollEvents:
		epollEvents(p, v, n)
	case abi.IoEvents:
		ioEvents(p, v, n)
	case abi.IoEvent:
		ioEventOut(p, v)
	case abi.XattrOut:
		if p.Out(v) {
			xattr(p, v, n)
		}
	case abi.XattrList:
		if v == 0 || p.Failed() || a[i+1] == 0 {
			p.Ptr(v)
			break
		}
		p.Buf(v, n)
	case abi.MpolOut:
		mpolOut(p, v)
	case abi.NodemaskOut:
		nodemask(p, v, a[i+1], true)
	case abi.Fhandle:
		fhandle(p, v)
	}
	return text.Next
}
