package tracetool

// kind says what an argument is, and so how it is printed. The values from kF
// on are a base plus the id of a table of names.
type kind uint16

const (
	kF      kind = 1000 * (iota + 1) // 32 bits of or-ed flags
	kG                               // 64 bits of or-ed flags
	kV                               // 32-bit constant
	kIpcCmd                          // kV with IPC_64
)

// one prints argument i, which is of kind k.
func (p *printer) one(k kind, i int) step {
	v := p.c.Args[i]
	switch k / 1000 * 1000 {
	case kF:
		p.flags(k-kF, uint64(uint32(v)))
		return next
	case kG:
		p.flags(k-kG, v)
		return next
	case kV:
		p.val(k-kV, uint64(uint32(v)))
		return next
	case kIpcCmd:
		p.ipcCmd(k-kIpcCmd, uint32(v))
		return next
	}
	if k > kOut && k < kMany && !p.exit {
		return wait
	}
	if k < kScalarEnd {
		p.scalar(k, v)
		return next
	}
	if k > kMany {
		return p.many(k, i)
	}
	if !opt.verb.has(p.c.Sysno) && k.structured() {
		p.ptr(v)
		return next
	}
	if k > kOut {
		return p.written(k, i, v)
	}
	return p.read(k, i, v)
}

// structured says whether an object in memory is one that -e verbose= can leave
// as an address: not text, and not an argument that is no address.
func (k kind) structured() bool {
	switch k {
	case kBufIn, kBufBefore, kXattrIn, kSockProto, kSockopt, kSwapon, kKcmp, kSemun, kMountData,
		kBufOut, kRandom, kPathOut, kXattrOut, kXattrList:
		return false
	}
	return true
}

const (
	kNone kind = iota
	kRaw
	kInt
	kUint
	kLong
	kUlong
	kHex
	kHex32
	kPtr
	kFd
	kPid
	kTid
	kPgid
	kPidOrGroup
	kPrioWho
	kIoprioWho
	kWaitID
	kGetfd
	kDirFd
	kPath
	kStr
	kMode
	kId
	kSig
	kKey
	kDev
	kClockId
	kAccess
	kMmap
	kMount
	kMemfd
	kMpol
	kMpolLong
	kSched
	kSockType
	kIpcget
	kShmget
	kKexec
	kKeySerial
	kIoprio
	kPersonality
	kFanInit
	kOpenOnly
	kStatxFlags
	kQuotaCmd
	kSysfs
	kMqName
	kMemfdName
	kRestart
	kFanFd
	kSigreturn
	kScalarEnd

	// read by the kernel
	kBufIn
	kPacketIn
	kBufBefore
	kMountType
	kIovIn
	kIovVmIn
	kIovAddr
	kIovVmOut
	kTimespec
	kTimeval
	kTimezone
	kItimerval
	kItimerspec
	kTimevals
	kTimevalSel
	kTimespecSel
	kTimespecIn
	kTimespecRecv
	kUtimes
	kUtimbuf
	kPollfds
	kFdset
	kPselectMask
	kSigaction
	kSigset1
	kSigset2
	kSigset3
	kSigset4
	kSigset5
	kSigstack
	kSiginfo
	kSigevent
	kSockaddr
	kSockProto
	kSockopt
	kSockoptIn
	kMsghdr
	kRlimit
	kArgv
	kEnvp
	kGroups
	kCapHeader
	kCapData
	kCpuset
	kSchedParam
	kSembuf
	kMsgbuf
	kMqAttr
	kEpollEvent
	kIocb
	kIocbs
	kNodemask
	kNodemask2
	kPages
	kPageNodes
	kXattrIn
	kSwapon
	kMountData
	kMountAttr
	kOpenHow
	kKexecSegs
	kSysctl
	kUserDesc
	kLdt
	kFhandleIn
	kPerfAttr
	kFutexWaitv
	kLandlockAttr
	kLandlockRule
	kKcmp
	kOffIn
	kHostname

	kOut // written by the kernel
	kBufOut
	kPacketOut
	kRandom
	kPathOut
	kIovOut
	kStat
	kStatx
	kStatfs
	kUstat
	kDents
	kDents64
	kIntOut
	kUintOut
	kUlongOut
	kPtrOut
	kFdPair
	kGroupsOut
	kTimespecOut
	kTimespecRem
	kTimevalOut
	kTimezoneOut
	kItimervalOut
	kItimerspecOut
	kTime
	kTimex
	kTms
	kStatus
	kRusage
	kRusageWait
	kRusageWaitid
	kSiginfoWait
	kRlimitOut
	kUtsname
	kSysinfo
	kSigactionOut
	kSigset1Out
	kSigset3Out
	kSigstackOut
	kSockaddrOut
	kSocklenOut
	kOptlenOut
	kSockoptOut
	kMsghdrOut
	kMmsgOut
	kMmsgIn
	kCapDataOut
	kCpusetOut
	kSchedParamOut
	kSchedAttrOut
	kMsgbufOut
	kMqAttrOut
	kEpollEvents
	kTimespecWas
	kSigset5Was
	kIoEvents
	kIoEvent
	kAioCtxOut
	kXattrOut
	kXattrList
	kMincore
	kMpolOut
	kNodemaskOut
	kPageStatus
	kFhandle
	kOutEnd

	kMany // those after it decode the rest of the arguments
)

// These decide themselves what can be printed when.
const (
	kOpen kind = kMany + 1 + iota
	kMknod
	kMremap
	kFcntl
	kIoctl
	kFutex
	kClone
	kClone3
	kPrctl
	kArchPrctl
	kPtrace
	kShmid
	kMsqid
	kSemun
	kQuota
	kReboot
	kSeccomp
	kBpf
	kKeyctl
	kSigtimedwait
	kMqOpen
	kFsconfig
	kMembarrier
	kSyslog
	kSchedAttr
	kSendfileOff
	kUringParams
	kUringReg
	kThreadArea
	kSkip
)
