package unwind

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/seccomp"
	"libsystrap/systrap"
)

// A snapshot is what is known of the program's text at one time: the mapped
// files, and for each address that was met on a stack where its caller's
// registers are and what it is called. Nothing in it changes but by growing, and
// it is given up as a whole when the program has made more text
// ([core.CodeGeneration]) or when it is full.
//
// Threads read one together without locks. Nobody who reads one can be
// interrupted for good: handlers of the program wait until our code is done.
type snapshot struct {
	// users counts who reads it; building is added while it is made anew.
	users atomic.Int32
	// stamp is the generation of the text it shows, plus one; 0 while it is made.
	stamp    atomic.Uint32
	numTexts int
	numSpots atomic.Int32
	used     atomic.Int32 // bytes of names
	texts    [maxTexts]text
	spots    [maxSpots]spot
	names    [maxNames]byte
}

const (
	snapshots = 4
	building  = 1 << 20
	maxTexts  = 1024
	maxSpots  = 1 << 14
	maxNames  = 4 << 20 // bytes
	// maxProbe is how many places of the table an address may be at.
	maxProbe = 16
)

// text is one executable mapping of a file, or of the vDSO.
type text struct {
	start, end uint64
	offset     uint64 // in the file, of start
	dev, inode uint64 // major<<32 | minor; 0 for the vDSO
	// bias is the difference between addresses and those in the file; hdr the
	// address of .eh_frame_hdr, or 0.
	bias, hdr uint64
	name      span
}

// span is a piece of snapshot.names.
type span struct{ at, n uint32 }

// pool is the memory of the snapshots. A forked child finds it empty.
var pool *[snapshots]snapshot

// Start reserves the memory that walks need, some 20 MB of addresses, of which
// little is touched. It is called once, in a tool's Init; before, or where it
// returned false, Begin returns false.
func Start() bool {
	a := systrap.MapPrivate(unsafe.Sizeof(*pool))
	pool = *(**[snapshots]snapshot)(unsafe.Pointer(&a))
	return pool != nil
}

// acquire returns a snapshot of the text as it is, for release; nil if there is
// none to be had.
func acquire() *snapshot {
	if pool == nil {
		return nil
	}
	for range maxYields {
		if s := tryAcquire(); s != nil || seccomp.On {
			return s
		}
		// More threads than snapshots, each with another text: a walk is short.
		systrap.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
	}
	return nil
}

// maxYields bounds the wait for a snapshot, in sched_yield(2) calls.
const maxYields = 10000

func tryAcquire() *snapshot {
	now := core.CodeGeneration() + 1
	for i := range pool {
		s := &pool[i]
		was := s.stamp.Load()
		if was == 0 || was != now && !seccomp.On {
			continue
		}
		s.users.Add(1)
		if s.stamp.Load() == was && !s.full() {
			return s
		}
		s.users.Add(-1)
	}
	if seccomp.On {
		return nil
	}
	s := newest()
	if s == nil {
		return nil
	}
	known := s.stamp.Load() != 0 && !s.full()
	s.stamp.Store(0)
	if !known || !s.scan(true) {
		// More than the pages of a JIT has changed.
		s.empty()
		s.scan(false)
	}
	s.stamp.Store(now)
	s.users.Add(1 - building)
	return s
}

// newest takes the latest snapshot that nobody uses for building it anew, or
// returns nil.
func newest() *snapshot {
	for range snapshots {
		best := -1
		for i := range pool {
			if pool[i].users.Load() == 0 && (best < 0 || pool[i].stamp.Load() > pool[best%snapshots].stamp.Load()) {
				best = i
			}
		}
		if best < 0 {
			return nil
		}
		if s := &pool[best%snapshots]; s.users.CompareAndSwap(0, building) {
			return s
		}
	}
	return nil
}

func (s *snapshot) release() { s.users.Add(-1) }

// full says whether the next walk had better begin with an empty one.
func (s *snapshot) full() bool {
	return s.numSpots.Load() > maxSpots*3/4 || s.used.Load() > maxNames*3/4
}

// textAt returns the mapping that pc is in, or nil.
func (s *snapshot) textAt(pc uint64) *text {
	lo, hi := 0, s.numTexts // those below lo start at or before pc
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if s.texts[mid%maxTexts].start <= pc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return nil
	}
	if t := &s.texts[(lo-1)%maxTexts]; pc < t.end {
		return t
	}
	return nil
}

// newName makes room for a name of n bytes and a NUL. One that does not fit is
// lost: the next walk begins with an empty snapshot.
func (s *snapshot) newName(n int) span {
	all := int32(n) + 1
	at := s.used.Add(all) - all
	if at < 0 || at > maxNames-lineMax-all {
		s.used.Store(maxNames)
		return span{}
	}
	s.names[at+int32(n)] = 0
	return span{uint32(at), uint32(n)}
}

// name returns the text of a span.
func (s *snapshot) name(p span) []byte {
	if uint64(p.at)+uint64(p.n) > maxNames {
		return nil
	}
	return s.names[p.at : p.at+p.n]
}

// spot is what is known of one address on a stack.
type spot struct {
	state atomic.Uint32 // spotFree, spotTaken, spotKnown
	how   how
	// cfaReg, cfaOff and saved are used with byTable: the CFA is register cfaReg
	// plus cfaOff, and savedRegs are saved so many words from it (notSaved: as
	// they are).
	cfaReg uint8
	signal bool
	saved  [len(savedRegs)]int16
	cfaOff int32
	pc     uint64
	// symbol is the name of the function, dist how far it starts before pc.
	symbol span
	dist   uint64
}

const (
	spotFree = iota
	spotTaken
	spotKnown
)

// how is the way to the caller.
type how uint8

const (
	byNothing how = iota // there is no caller
	byTable              // call frame information of the usual form
	byProgram            // call frame information that has to be run each time
	bySigreturn
	byFramePointer
)

const notSaved = -1 << 15

// savedRegs are the registers that a function must preserve, and the return
// address (System V psABI for AMD64, figure 3.4).
var savedRegs = [...]uint8{regRIP, regRBP, regRBX, regR12, regR12 + 1, regR12 + 2, regR15}

// spotAt returns what is known of pc: a spot of the table that is known, or one
// to be made known with [snapshot.known], or local, if there is no room.
func (s *snapshot) spotAt(pc uint64, local *spot) *spot {
	h := (pc * 0x9e3779b97f4a7c15) >> 40
	for i := uint64(0); i < maxProbe; i++ {
		e := &s.spots[(h+i)%maxSpots]
		if e.state.Load() == spotFree && e.state.CompareAndSwap(spotFree, spotTaken) {
			e.pc = pc
			s.numSpots.Add(1)
			return e
		}
		if e.state.Load() == spotKnown && e.pc == pc {
			return e
		}
	}
	*local = spot{pc: pc}
	return local
}
