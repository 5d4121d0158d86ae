package tracetool

// lookOptions say how arguments are printed: those of strace's options that the
// printing and decoding of arguments look at (strace(1), version 6.1).
type lookOptions struct {
	strLen     uint64    // -s
	column     int       // -a
	hexStrings int       // -x, -xx: hexSome, hexAll; or hexBytes
	xlat       xlatStyle // -X
	fdPaths    bool      // -y
	vcpu       bool      // -e kvm=vcpu
	comm       bool      // -Y
	pidns      bool      // --pidns-translation
	pidBase    int       // the level of the PID namespace that the trace is read in
	zone       int64     // seconds east of UTC
	starter    string    // who says on standard error that memory ends within an object, or ""

	abbrev, verb, raw numbers // -e abbrev, verbose, raw
	fd                numbers // -e decode-fds
}

var look = lookOptions{strLen: 32, column: 40, abbrev: numbers{not: true}, verb: numbers{not: true}}

// Values of hexStrings.
const (
	hexSome  = 1 + iota // strings with a byte that is no ASCII text, as a whole
	hexAll              // all strings
	hexBytes            // such bytes
)

// What -e decode-fds= names.
const (
	fdPath = iota
	fdSocket
	fdDev
	fdPidfd
)

// What -e decode-pids= names.
const (
	pidNamespace = iota
	pidComm
)
