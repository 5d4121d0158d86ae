package text

// Options say how arguments are printed: those of strace's options that the
// printing and decoding of arguments look at (strace(1), version 6.1).
type Options struct {
	StrLen     uint64 // -s
	Column     int    // -a
	HexStrings int    // -x, -xx: hexSome, hexAll; or hexBytes
	Style      Style  // -X
	FdPaths    bool   // -y
	Vcpu       bool   // -e kvm=vcpu
	Comm       bool   // -Y
	Pidns      bool   // --pidns-translation
	PidBase    int    // the level of the PID namespace that the trace is read in
	Zone       int64  // seconds east of UTC
	Starter    string // who says on standard error that memory ends within an object, or ""

	Abbrev, Verb, Raw Numbers // -e abbrev, verbose, raw
	Fd                Numbers // -e decode-fds
}

var Opt = Options{StrLen: 32, Column: 40, Abbrev: Numbers{Not: true}, Verb: Numbers{Not: true}}

// Values of hexStrings.
const (
	HexSome  = 1 + iota // strings with a byte that is no ASCII text, as a whole
	HexAll              // all strings
	HexBytes            // such bytes
)

// What -e decode-fds= names.
const (
	FdPath = iota
	FdSocket
	FdDev
	FdPidfd
)

// What -e decode-pids= names.
const (
	PidNamespace = iota
	PidComm
)
