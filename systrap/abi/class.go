package tracetool

const (
	sDesc set = 1 << iota
	sFile
	sProcess
	sNet
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
	sPure
)

// set is a bit mask of the classes of calls that -e trace=%… names.
type set uint32

// class returns the class that a word of -e trace= names, or 0; those without
// '%' are strace's old names.
func class(w string) set {
	switch w {
	case "%desc", "desc":
		return sDesc
	case "%file", "file":
		return sFile
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
		return sNet
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
		return sPure
	case "%clock":
		return sClock
	}
	return 0
}
