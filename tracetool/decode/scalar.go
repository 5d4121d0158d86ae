package decode

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// scalar prints an argument that is a number or a string.
func scalar(p *text.Printer, k abi.Kind, v uint64) {
	w := uint32(v)
	switch k {
	case abi.Raw:
		p.AltHex(v)
	case abi.Int:
		p.Int(int64(int32(w)))
	case abi.Uint:
		p.Uint(uint64(w))
	case abi.Long:
		p.Int(int64(v))
	case abi.Ulong:
		p.Uint(v)
	case abi.Hex:
		p.AltHex(v)
	case abi.Hex32:
		p.AltHex(uint64(w))
	case abi.Ptr, abi.Range, abi.FutexWord, abi.TidAddr, abi.RobustList, abi.RseqArea, abi.ModuleImage:
		p.Ptr(v)
	case abi.Pid:
		p.Pid(int32(w))
	case abi.Tid:
		p.PidAs(int32(w), text.IDThread)
	case abi.Pgid:
		p.PidAs(int32(w), text.IDGroup)
	case abi.PidOrGroup:
		p.PidOrGroup(int32(w))
	case abi.PrioWho:
		p.WhoID(uint32(p.C.Args[0]), unix.PRIO_PROCESS, int32(w))
	case abi.IoprioWho:
		const ioprioWhoProcess = 1
		p.WhoID(uint32(p.C.Args[0]), ioprioWhoProcess, int32(w))
	case abi.WaitID:
		p.WaitID(int32(w))
	case abi.Getfd:
		p.GetFd(int32(w))
	case abi.Fd:
		p.Fd(int32(w))
	case abi.DirFd:
		p.Dirfd(int32(w))
	case abi.Path:
		p.Path(v)
	case abi.Str:
		p.StrAt(v)
	case abi.Mode:
		p.Mode(w)
	case abi.Id:
		p.ID(w)
	case abi.Sig:
		p.Sig(int32(w))
	case abi.Key:
		key(p, w)
	case abi.Dev:
		p.Dev(uint64(w))
	case abi.ClockId:
		p.Clock(int32(w))
	case abi.Access:
		access(p, w)
	case abi.Mmap:
		mmapFlags(p, v)
	case abi.Mount:
		mountFlags(p, v)
	case abi.Memfd:
		memfdFlags(p, w)
	case abi.Mpol:
		mpol(p, uint64(w))
	case abi.MpolLong:
		mpol(p, v)
	case abi.Sched:
		sched(p, w)
	case abi.SockType:
		socket.SockType(p, w)
	case abi.Ipcget:
		ipcGet(p, names.IpcGet, w)
	case abi.Shmget:
		shmGet(p, w)
	case abi.Kexec:
		kexec(p, v)
	case abi.KeySerial:
		p.KeySerial(int32(w))
	case abi.Ioprio:
		if p.Named(uint64(int64(int32(w))), text.Decimal) {
			ioprioText(p, w)
			p.EndNamed()
		}
	case abi.Personality:
		personalityArg(p, w)
	case abi.FanInit:
		fanInit(p, w)
	case abi.OpenOnly:
		p.OpenFlags(uint64(w))
	case abi.StatxFlags:
		StatxFlags(p, w)
	case abi.QuotaCmd:
		quotaCmd(p, w)
	case abi.MqName:
		mqName(p, v)
	case abi.MemfdName:
		p.Zstrn(v, 250)
	case abi.FanFd:
		if w == 0xffffffff {
			p.Constant(^uint64(0), "FAN_NOFD", "", text.Decimal)
		} else {
			p.Dirfd(int32(w))
		}
	case abi.Restart:
		p.Str("<... resuming interrupted system call ...>")
	case abi.Sigreturn:
		sigreturn(p)
	}
}
