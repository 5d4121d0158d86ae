package abi

const (
	ClassDesc Class = 1 << iota
	ClassFile
	ClassProcess
	ClassNet
	ClassSignal
	ClassIpc
	ClassMemory
	ClassStat
	ClassLstat
	ClassFstat
	ClassStatLike
	ClassStatfs
	ClassFstatfs
	ClassStatfsLike
	ClassClock
	ClassCreds
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
		return ClassMemory
	case "%process", "process":
		return ClassProcess
	case "%creds":
		return ClassCreds
	case "%signal", "signal":
		return ClassSignal
	case "%ipc", "ipc":
		return ClassIpc
	case "%net", "%network", "network":
		return ClassNet
	case "%stat":
		return ClassStat
	case "%lstat":
		return ClassLstat
	case "%fstat":
		return ClassFstat
	case "%%stat":
		return ClassStatLike
	case "%statfs":
		return ClassStatfs
	case "%fstatfs":
		return ClassFstatfs
	case "%%statfs":
		return ClassStatfsLike
	case "%pure":
		return ClassPure
	case "%clock":
		return ClassClock
	}
	return 0
}
