package footprint

import "libsystrap/systrap"

// Dir is what the kernel does with a range.
type Dir uint8

const (
	// Reads: the kernel reads it during the call.
	Reads Dir = 1 + iota
	// Writes: the kernel writes it during the call.
	Writes
	// ReadsLater: the kernel reads it when the call has returned, until the request ends
	// that the call has made: asynchronous writes, the list of robust mutexes.
	ReadsLater
	// WritesLater: likewise the kernel writes it: asynchronous reads, the word that
	// set_tid_address(2) names, the area of rseq(2).
	WritesLater
	// Maps: the mappings there are made, changed or removed; the bytes may be others
	// afterwards, or not be there (munmap(2), mmap(2), madvise(2)), but for [Keeps].
	Maps
)

// String returns "reads", "writes", "reads later", "writes later" or "maps".
func (d Dir) String() string {
	switch d {
	case Reads:
		return "reads"
	case Writes:
		return "writes"
	case ReadsLater:
		return "reads later"
	case WritesLater:
		return "writes later"
	case Maps:
		return "maps"
	}
	return ""
}

// Flags say more of a range.
type Flags uint8

const (
	// MayChange: the range, or its length, was found by way of memory that other threads
	// can change before the kernel looks.
	MayChange Flags = 1 << iota
	// Bound: this is the most that is touched; how much of it is not known (yet).
	Bound
	// Cut: the range, or the list that it is the last of, was cut: at the end of the
	// address space, at memory that cannot be read, or at a limit of the kernel's.
	Cut
	// AtLeast: the length is not known; it is Len or more.
	AtLeast
	// Keeps: with Maps, that the bytes stay as they are (mprotect(2), mlock(2)).
	Keeps
	// InChild: the memory is that of the process that the call makes, which begins as a
	// copy of the caller's.
	InChild
	// ByPidfd: Pid is a pidfd of the caller's, not a process id.
	ByPidfd
)

// Range is some bytes that a call touches.
type Range struct {
	// Addr and Len are where it begins and how long it is, in bytes.
	Addr, Len uint64
	// Field says where in the argument's object the range was found, such as
	// "msg_iov[#].iov_base", each # standing for one of Index; "" is what the argument points to
	// itself. [Range.Path] writes it in full.
	Field string
	Index [2]int32
	// Pid is the process whose memory it is, by its number in the caller's PID namespace,
	// or 0 for the caller's own.
	Pid   int32
	Dir   Dir
	Flags Flags
	// Arg is the argument that it came from, from 0, or -1: the stack pointer
	// (rt_sigreturn(2)), the result (mmap(2)), or what earlier calls have told the kernel (exit(2)).
	Arg int8
}

// End is the address behind the range.
func (r *Range) End() uint64 { return r.Addr + r.Len }

// Has says whether the flag is set, or, of several, all are.
func (r *Range) Has(f Flags) bool { return r.Flags&f == f }

// Path adds the way from the argument to the range to l: Field with its indices. Nothing for
// what the argument itself points to.
func (r *Range) Path(l *systrap.Line) {
	n, from := 0, 0
	for i := 0; i < len(r.Field); i++ {
		if r.Field[i] != '#' || n == len(r.Index) {
			continue
		}
		l.Str(r.Field[from:i])
		l.Int(int64(r.Index[n]))
		n++
		from = i + 1
	}
	l.Str(r.Field[from:])
}
