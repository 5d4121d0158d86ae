package core

import (
	"sync/atomic"
	"unsafe"

	"libsystrap/internal/ctext"
	"libsystrap/internal/inject"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/tracelog"
)

// What one process image hands to the next across a traced execve: one
// variable, SYSTRAP_STATE=F,S,A,M,L:TH, which the new image takes out of its
// environment before the program can see it. F is the number of the trace's
// descriptor, S that of ownfd.SharedFd or -1, A that of ownfd.AliveFd or -1, M that of the memory
// behind a mapped log (package tracelog) or -1, L that of the library (execlib.go), which can be
// left out. T is what has been told of the execve, one of the letters below. H holds a
// letter for each variable that the program did not pass on and that is
// therefore hidden from it again: L for LD_PRELOAD and those of settings. P says that only our part of LD_PRELOAD is to be hidden, W that the
// user was told that the trace cannot be written, S that the library was loaded from L, E
// that standard error is the
// program's own, V that its ids are those where the trace is read (SameIDs). F is followed by what is known of the seccomp filters, U says that there
// are none (inherit.go). N says that
// no image hands over, but a program that starts the trace (systrap trace), or one that was left aside (only.go).
// See docs/decisions/exec-state.md.
const (
	stateEq   = "SYSTRAP_STATE="
	preloadEq = "LD_PRELOAD="
)

// What the tool has been told of the execve that makes an image.
const (
	toldDone    = '-' // that it succeeds
	toldBegun   = 'B' // that it is made, with Call.Doubtful
	toldNothing = 'X' // nothing: it was taken for one that fails
)

// beginsTrace is the letter of a state that no image hands over.
const beginsTrace = 'N'

// settings are the variables that go with the trace, as they were when this
// image started; value is nil if there was none.
var settings = [numSettings]setting{
	{nameEq: "SYSTRAP_OPTIONS=", letter: 'O'},
	{nameEq: "SYSTRAP_REPORT=", letter: 'R'},
	{nameEq: "SYSTRAP_DISCOVER=", letter: 'D'},
	{nameEq: "SYSTRAP_TRAP=", letter: 'T'},
	{nameEq: "SYSTRAP_DOOR=", letter: 'J'},
	{nameEq: "SYSTRAP_ONLY=", letter: 'Y'},
}

const (
	settingOptions = iota
	settingReport
	settingDiscover
	settingTrap
	settingDoor
	settingOnly
	numSettings
)

type setting struct {
	nameEq string
	letter byte
	value  *byte
}

// SameIDs is the process that the tool knows to be in no deeper PID namespace than who reads the trace; the next image is told. IDsStrayed is set by
// the tool once a child that shares this memory was in another namespace than it.
var (
	SameIDs    atomic.Int64
	IDsStrayed bool
	// sameIDsTold is set if an image before this one has said so: it has the same number.
	sameIDsTold bool
)

// sameIDs says whether that is known of the caller.
func sameIDs() bool {
	return SameIDs.Load() == int64(Pid()) && !(IDsStrayed && Vforked())
}

// inheritedFd is the descriptor of the trace's stream that came with the state,
// or -1.
var inheritedFd int64 = -1

// takeState reads and removes the state, and hides what it says.
func takeState() {
	for i := range settings {
		keepSetting(&settings[i], variable(settings[i].nameEq))
	}
	if v := settings[settingOptions].value; v != nil {
		self.Options = ctext.CString(v)
	}
	ctext.CopyPath(reportPath[:], settings[settingReport].value)
	guessOwnPath()
	v := variable(stateEq)
	if v == nil {
		return
	}
	self.Execed = true
	p := ctext.FieldsOf(unsafe.Slice(v, ctext.CLen(v)))
	inheritedFd = p.Fd()
	if p.At(0) == ',' {
		p.Skip(1)
		ownfd.SharedFd = p.Fd()
	}
	if p.At(0) == ',' {
		p.Skip(1)
		ownfd.AliveFd = p.Fd()
	}
	if p.At(0) == ',' {
		p.Skip(1)
		ownfd.LogMapFd = p.Fd()
	}
	if p.At(0) == ',' {
		p.Skip(1)
		ownfd.LibFd = p.Fd()
	}
	p.Skip(1)
	for ; p.At(0) != 0; p.Skip(1) {
		switch p.At(0) {
		case 'L':
			hideEnv(preloadEq)
		case 'P':
			unprefixPreload()
		case 'W':
			tracelog.Faulty.Store(1)
		case 'E':
			tracelog.StderrLost = true
		case 'S':
			strayed = true
		case 'V':
			sameIDsTold = true
		case toldBegun:
			self.Begun = true
		case toldNothing:
			self.Untold = true
		case beginsTrace:
			self.Execed, self.Begun, self.Untold = false, false, false
		case filtersKnown:
			takeFilters(&p)
		case filtersNone:
			filtersTold = true
		}
		for i := range settings {
			if p.At(0) == settings[i].letter {
				hideEnv(settings[i].nameEq)
			}
		}
	}
	hideEnv(stateEq)
	if p := prepared(); p != nil && p.Program == inject.ByKernel {
		moveAuxv()
	}
}

// settingsText is where the settings' values are: a program may write its title over the environment that it was
// started with (setproctitle(3): sshd, postgres).
var (
	settingsText [8 << 10]byte
	settingsUsed int
)

// keepSetting gives s a copy of v, which may be nil. One that has no room stays where it is.
func keepSetting(s *setting, v *byte) {
	s.value = v
	if v == nil {
		return
	}
	n := ctext.CLen(v)
	if n >= len(settingsText)-settingsUsed {
		return
	}
	to := settingsText[settingsUsed:]
	copy(to[:n], unsafe.Slice(v, n)) // and a NUL
	s.value = &to[0]
	settingsUsed += n + 1
}

// guessOwnPath takes the first library of LD_PRELOAD for ours, until /proc/self/maps says
// better: it may not be there to be read.
func guessOwnPath() {
	v := ownVariable(preloadEq)
	if v == nil {
		v = getenv(preloadEq)
	}
	if v == nil || *v != '/' || ctext.HasPrefix(v, "/proc/") {
		return
	}
	path := unsafe.Slice(v, ctext.CLen(v))
	n := 0
	for n < len(path) && path[n] != ':' && path[n] != ' ' {
		n++
	}
	if n < len(ownPath) {
		ownPathLen = copy(ownPath[:], path[:n])
	}
}

// unprefixPreload takes our library, the first one, out of LD_PRELOAD's value.
func unprefixPreload() {
	v := getenv(preloadEq)
	if v == nil || injection() != nil {
		return
	}
	b := unsafe.Slice(v, ctext.CLen(v)+1)
	i := 0
	for i < len(b)-1 && b[i] != ':' {
		i++
	}
	if b[i] == ':' {
		i++
	}
	copy(b, b[i:])
}

func hideEnv(nameEq string) {
	if injection() != nil {
		return // it has nothing of ours
	}
	if i := findEnvEntry(nameEq); i >= 0 {
		removeEnvEntry(i)
	}
}
