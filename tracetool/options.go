package tracetool

import (
	"libsystrap/tracetool/text"
)

// options are those of strace's options (strace(1), version 6.1) that do not say how arguments are
// printed; these are in look.
type options struct {
	stamp    stamp  // -t, -tt, -ttt
	scale    digits // their fraction
	relative bool   // -r
	relScale digits
	duration bool // -T
	durScale digits
	verbose  bool // -v
	toFile   bool // -o
	appendTo bool // -A
	separate bool // -ff
	noFollow bool // the first thread only: strace without -f
	several  bool // of several programs: -p
	number   bool // -n
	pc       bool // -i
	stack    bool // -k
	detach   bool // -b execve
	count    uint8
	wall     bool   // -w
	starter  string // the name that systrap trace was called by
	last     int64  // when -r's last line was
	path     []byte // of -o, with a NUL
	foot     Foot   // --foot

	footGiven bool

	trace                  text.Numbers // -e trace
	inject                 text.Numbers // -e inject, fault
	read, write            descriptors  // -e read, write
	signals, status, quiet text.Numbers // -e signal, status, quiet
	pids                   text.Numbers // -e decode-pids

	// What each line asks of these (settle).
	staged bool // status is not complete
	dumps  bool // read or write is not empty
}

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

var opt = options{
	relScale: 6, durScale: 6,
	trace: text.Numbers{Not: true}, signals: text.Numbers{Not: true}, status: text.Numbers{Not: true},
}

// traced says whether call nr is printed.
func traced(nr int64) bool { return opt.trace.Has(nr) }

// staged says whether a line can be printed only when the call's outcome is
// known.
func staged() bool { return opt.staged }

// descriptors is a set of file descriptors: small ones, and at most 64 others.
type descriptors struct {
	small text.Numbers
	list  [64]int32
	n     int
}

func (s *descriptors) has(fd int32) bool {
	for _, v := range s.list[:s.n] {
		if v == fd {
			return !s.small.Not
		}
	}
	return s.small.Has(int64(fd))
}

func (s *descriptors) empty() bool { return s.n == 0 && s.small.Empty() }

// add adds fd; it returns false if there is no room.
func (s *descriptors) add(fd int) bool {
	if fd < len(s.small.Bits)*64 {
		s.small.Add(fd)
		return true
	}
	if s.n == len(s.list) {
		return false
	}
	s.list[s.n] = int32(fd)
	s.n++
	return true
}
