package abi

import "libsystrap/systrap/abi/names"

// Kind says what an argument is: its type, and what it means. [Call.Arg] tells of the memory
// that it points to. The values from Flags32 on are a base plus the id of a table of names.
type Kind uint16

const (
	Flags32 Kind = 1000 * (iota + 1) // 32 bits of or-ed flags
	Flags64                          // 64 bits of or-ed flags
	Const32                          // 32-bit constant
	IpcCmd                           // Const32 with IPC_64
)

const (
	None Kind = iota
	Raw
	Int
	Uint
	Long
	Ulong
	Hex
	Hex32
	Ptr   // an address that is not looked into
	Range // the beginning of mappings, of a size in the next argument
	FutexWord
	TidAddr // where the kernel writes when the thread ends
	RobustList
	RseqArea
	ModuleImage
	Fd
	Pid
	Tid
	Pgid
	PidOrGroup
	PrioWho
	IoprioWho
	WaitID
	Getfd
	DirFd
	Path
	Str
	Mode
	Id
	Sig
	Key
	Dev
	ClockId
	Access
	Mmap
	Mount
	Memfd
	Mpol
	MpolLong
	Sched
	SockType
	Ipcget
	Shmget
	Kexec
	KeySerial
	Ioprio
	Personality
	FanInit
	OpenOnly
	StatxFlags
	QuotaCmd
	MqName
	MemfdName
	Restart
	FanFd
	Sigreturn
	ScalarEnd

	// read by the kernel
	BufIn
	PacketIn
	BufBefore
	MountType
	IovIn
	IovVmIn
	IovAddr
	IovVmOut
	Timespec
	Timeval
	Timezone
	Itimerval
	Itimerspec
	Timevals
	TimevalSel
	TimespecSel
	TimespecIn
	TimespecRecv
	Utimes
	Utimbuf
	Pollfds
	Fdset
	PselectMask
	Sigaction
	Sigset1
	Sigset2
	Sigset3
	Sigset4
	Sigset5
	Sigstack
	Siginfo
	Sigevent
	Sockaddr
	SockProto
	Sockopt
	SockoptIn
	Msghdr
	Rlimit
	Argv
	Envp
	Groups
	CapHeader
	CapData
	Cpuset
	SchedParam
	Sembuf
	Msgbuf
	MqAttr
	EpollEvent
	Iocb
	Iocbs
	Nodemask
	Nodemask2
	Pages
	PageNodes
	XattrIn
	Swapon
	MountData
	MountAttr
	OpenHow
	KexecSegs
	Sysctl
	UserDesc
	Ldt
	FhandleIn
	PerfAttr
	FutexWaitv
	LandlockAttr
	LandlockRule
	Kcmp
	OffIn
	Hostname

	FirstOut // written by the kernel
	BufOut
	PacketOut
	Random
	PathOut
	IovOut
	Stat
	Statx
	Statfs
	Ustat
	Dents
	Dents64
	IntOut
	UintOut
	UlongOut
	PtrOut
	FdPair
	GroupsOut
	TimespecOut
	TimespecRem
	TimevalOut
	TimezoneOut
	ItimervalOut
	ItimerspecOut
	Time
	Timex
	Tms
	Status
	Rusage
	RusageWait
	RusageWaitid
	SiginfoWait
	RlimitOut
	Utsname
	Sysinfo
	SigactionOut
	Sigset1Out
	Sigset3Out
	SigstackOut
	SockaddrOut
	SocklenOut
	OptlenOut
	SockoptOut
	MsghdrOut
	MmsgOut
	MmsgIn
	CapDataOut
	CpusetOut
	SchedParamOut
	SchedAttrOut
	MsgbufOut
	MqAttrOut
	EpollEvents
	TimespecWas
	Sigset5Was
	IoEvents
	IoEvent
	AioCtxOut
	XattrOut
	XattrList
	Mincore
	MpolOut
	NodemaskOut
	PageStatus
	Fhandle
	OutEnd

	FirstMany // those after it decode the rest of the arguments
)

// These decide themselves what can be printed when.
const (
	Open Kind = FirstMany + 1 + iota
	Mknod
	Mremap
	Fcntl
	Ioctl
	Futex
	Clone
	Clone3
	Prctl
	ArchPrctl
	Ptrace
	Shmid
	Msqid
	Semun
	Quota
	Reboot
	Seccomp
	Bpf
	Keyctl
	Sigtimedwait
	MqOpen
	Fsconfig
	Membarrier
	Syslog
	SchedAttr
	SendfileOff
	UringParams
	UringReg
	ThreadArea
	Sysfs
	Skip

	// What the argument before has a meaning for, and is printed with it.
	FirstFollows
	OpenMode
	MknodDev
	MremapAddr
	FcntlArg
	IoctlArg
	FutexVal
	FutexTimeout
	FutexAddr2
	FutexVal3
	CloneStack
	ParentTid
	ChildTid
	Tls
	PrctlArg
	ArchPrctlArg
	QuotaId
	QuotaAddr
	PtracePid
	PtraceAddr
	PtraceData
	RebootArg
	SeccompFlags
	SeccompArgs
	BpfAttr
	BpfSize
	KeyctlArg
	SigtimedwaitInfo
	SigtimedwaitTime
	SigtimedwaitSize
	MqMode
	MqAttrNew
	FsconfigKey
	FsconfigValue
	FsconfigAux
	MembarrierCpu
	SyslogBuf
	SyslogLen
	SysfsArg
	KcmpIdx2
	EndFollows

	// Of calls that the tracer does not decode, as strace 6.1 does not know them.
	CachestatRange
	Cachestat
	FutexPair
	MountRequest
	Statmount
	MountIDs
	LsmContexts
	LsmSize
	BytesIn
	XattrArgs
	FileAttr
	KindEnd
)

// Names returns the table of names that a kind of flags or constants has, and whether it has one.
func (k Kind) Names() (id names.ID, ok bool) { return names.ID(k % Flags32), k >= Flags32 }

// Structured says whether an object in memory is one that -e verbose= can leave
// as an address: not text, and not an argument that is no address.
func (k Kind) Structured() bool {
	switch k {
	case BufIn, BufBefore, XattrIn, SockProto, Sockopt, Swapon, Kcmp, Semun, MountData,
		BufOut, Random, PathOut, XattrOut, XattrList:
		return false
	}
	return true
}
