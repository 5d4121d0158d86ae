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

const (
	kNone kind = iota
	kRaw
	kInt
	kUint
	kLong
	kUlong
	kHex
	kHex32
	kPtr   // an address that is not looked into
	kRange // the beginning of mappings, of a size in the next argument
	kFutexWord
	kTidAddr // where the kernel writes when the thread ends
	kRobustList
	kRseqArea
	kModuleImage
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
	kSysfs
	kSkip

	// What the argument before has a meaning for, and is printed with it.
	kFollows
	kOpenMode
	kMknodDev
	kMremapAddr
	kFcntlArg
	kIoctlArg
	kFutexVal
	kFutexTimeout
	kFutexAddr2
	kFutexVal3
	kCloneStack
	kParentTid
	kChildTid
	kTls
	kPrctlArg
	kArchPrctlArg
	kQuotaId
	kQuotaAddr
	kPtracePid
	kPtraceAddr
	kPtraceData
	kRebootArg
	kSeccompFlags
	kSeccompArgs
	kBpfAttr
	kBpfSize
	kKeyctlArg
	kSigtimedwaitInfo
	kSigtimedwaitTime
	kSigtimedwaitSize
	kMqMode
	kMqAttrNew
	kFsconfigKey
	kFsconfigValue
	kFsconfigAux
	kMembarrierCpu
	kSyslogBuf
	kSyslogLen
	kSysfsArg
	kKcmpIdx2
)

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
