package abi

const (
	ClassDesc Class = 1 << iota
	ClassFile
	sProcess
	ClassNet
	sSignal
	sIpc
	sMemory
	sStat
	sLstat
	sFstat
	sStatLike
	sStatfs
	sFstatfs
	sStatfsLike
	sClock
	sCreds
	ClassPure
)

// Class is a bit mask of the classes of calls that -e trace=%… names.
type Class uint32

// ClassNamed returns the class that a word of -e trace= names, or 0; those without
// '%' are strace's old names.
func ClassNamed(w string) Class {
	switch w {
	case "%desc", "desc":
		return ClassDesc
	case "%file", "file":
		return ClassFile
	case "%memory", "memory":
		return sMemory
	case "%process", "process":
		return sProcess
	case "%creds":
		return sCreds
	case "%signal", "signal":
		return sSignal
	case "%ipc", "ipc":
		return sIpc
	case "%net", "%network", "network":
		return ClassNet
	case "%stat":
		return sStat
	case "%lstat":
		return sLstat
	case "%fstat":
		return sFstat
	case "%%stat":
		return sStatLike
	case "%statfs":
		return sStatfs
	case "%fstatfs":
		return sFstatfs
	case "%%statfs":
		return sStatfsLike
	case "%pure":
		return ClassPure
	case "%clock":
		return sClock
	}
	return 0
}
