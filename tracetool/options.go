package tracetool

import "golang.org/x/sys/unix"

// options are strace's options (strace(1), version 6.1).
type options struct {
	strLen     uint64    // -s
	column     int       // -a
	hexStrings int       // -x, -xx: hexSome, hexAll; or hexBytes
	xlat       xlatStyle // -X
	stamp      stamp     // -t, -tt, -ttt
	scale      digits    // their fraction
	relative   bool      // -r
	relScale   digits
	duration   bool // -T
	durScale   digits
	verbose    bool // -v
	toFile     bool // -o
	appendTo   bool // -A
	separate   bool // -ff
	noFollow   bool // the first thread only: strace without -f
	fdPaths    bool // -y
	comm       bool // -Y
	pidns      bool // --pidns-translation
	pidBase    int  // the level of the PID namespace that the trace is read in
	number     bool // -n
	pc         bool // -i
	stack      bool // -k
	detach     bool // -b execve
	count      uint8
	wall       bool   // -w
	zone       int64  // seconds east of UTC
	starter    string // the name that systrap trace was called by
	last       unix.Timespec
	path       []byte // of -o, with a NUL

	trace, abbrev, verb, raw   numbers     // -e trace, abbrev, verbose, raw
	inject                     numbers     // -e inject, fault
	read, write                descriptors // -e read, write
	signals, status, quiet, fd numbers     // -e signal, status, quiet, decode-fds
	pids                       numbers     // -e decode-pids
}

// Values of hexStrings.
const (
	hexSome  = 1 + iota // strings with a byte that is no ASCII text, as a whole
	hexAll              // all strings
	hexBytes            // such bytes
)

// stamp is how the time of day is printed.
type stamp uint8

const (
	stampNone stamp = iota
	stampTime
	stampUnix
)

// digits is how many digits a fraction of a second has.
type digits uint8

// Values of count.
const (
	countOnly = 1 + iota // -c
	countToo             // -C
)

// What -e quiet= names.
const (
	quietAttach = iota
	quietExit
	quietPath
	quietPersonality
	quietThreadExecve
)

// What -e status= names.
const (
	statusSuccessful = iota
	statusFailed
	statusUnfinished
	statusUnavailable
	statusDetached
	numStatuses
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

var everything = numbers{not: true}

var opt = options{
	strLen: 32, column: 40, relScale: 6, durScale: 6,
	trace: numbers{not: true}, abbrev: numbers{not: true}, verb: numbers{not: true},
	signals: numbers{not: true}, status: numbers{not: true},
}

// traced says whether call nr is printed.
func traced(nr int64) bool { return opt.trace.has(nr) }

// staged says whether a line can be printed only when the call's outcome is
// known.
func staged() bool { return !opt.status.complete(numStatuses) }

// numbers is a set of numbers below 1024; not makes it hold all but those.
type numbers struct {
	bits [16]uint64
	not  bool
}

func (s *numbers) has(n int64) bool {
	in := n >= 0 && n < int64(len(s.bits))*64 && s.bits[n/64]>>(n%64)&1 != 0
	return in != s.not
}

// add adds n to what follows the '!'s.
func (s *numbers) add(n int) {
	if n >= 0 && n < len(s.bits)*64 {
		s.bits[n/64] |= 1 << (n % 64)
	}
}

func (s *numbers) empty() bool { return !s.not && s.bits == [16]uint64{} }

// complete says whether all numbers below n are in the set.
func (s *numbers) complete(n int64) bool {
	for i := int64(0); i < n; i++ {
		if !s.has(i) {
			return false
		}
	}
	return true
}

// descriptors is a set of file descriptors: small ones, and at most 64 others.
type descriptors struct {
	small numbers
	list  [64]int32
	n     int
}

func (s *descriptors) has(fd int32) bool {
	for _, v := range s.list[:s.n] {
		if v == fd {
			return !s.small.not
		}
	}
	return s.small.has(int64(fd))
}

func (s *descriptors) empty() bool { return s.n == 0 && s.small.empty() }

// add adds fd; it returns false if there is no room.
func (s *descriptors) add(fd int) bool {
	if fd < len(s.small.bits)*64 {
		s.small.add(fd)
		return true
	}
	if s.n == len(s.list) {
		return false
	}
	s.list[s.n] = int32(fd)
	s.n++
	return true
}
