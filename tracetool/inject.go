package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// injected is what one -e inject= or fault= asks for.
type injected struct {
	what                  uint8 // inject… below
	last, first, step     uint16
	signal                uint8
	instead               int16 // the call made in place of it
	value                 uint64
	delayEnter, delayExit unix.Timespec
}

const (
	injectError = 1 << iota
	injectRetval
	injectSignal
	injectDelayEnter
	injectDelayExit
	injectCall
	injectPoke
)

// injectActions are those of which one is needed.
const injectActions = injectError | injectRetval | injectSignal | injectDelayEnter | injectDelayExit | injectPoke

// lastEver is the last of a range without an end.
const lastEver = 0xffff

// injections are the options'; injectBy has for each call the one that was
// given last for it, plus one.
var (
	injections [32]injected
	injectN    int
	injectBy   [512]uint8
)

// injection applies the argument of -e inject= or, fault being set, of -e
// fault=.
func injection(s string, fault bool) bool {
	what := "inject argument"
	if fault {
		what = "fault argument"
	}
	if injectN == len(injections) {
		return die("too many -e inject and -e fault")
	}
	in := &injections[injectN]
	*in = injected{first: 1, last: lastEver, step: 1}
	name, rest := "", ""
	if s != "" && s[0] != ':' {
		name, rest = token(s, ':')
		for {
			var w string
			if w, rest = token(rest, ':'); w == "" {
				break
			}
			if !in.word(w, fault) {
				return die("invalid ", what, " '", s, "'")
			}
		}
	}
	var set text.Numbers
	if !callSet(&set, name) {
		return false
	}
	if in.what&injectActions == 0 {
		if !fault {
			return die("invalid ", what, " '", s, "'")
		}
		in.what |= injectError
		in.value = uint64(unix.ENOSYS)
	}
	injectN++
	for i := range abi.Calls {
		if abi.Calls[i].Name != "" && set.Has(int64(i)) {
			opt.inject.Add(i)
			injectBy[i] = uint8(injectN)
		}
	}
	return true
}

// word takes in one part of the argument.
func (in *injected) word(w string, fault bool) bool {
	name, val, found := cut(w, '=')
	if !found {
		return false
	}
	switch name {
	case "when":
		return in.when(val)
	case "syscall":
		n := callNumber(val)
		if in.what&injectCall != 0 || n < 0 || abi.Calls[n].Classes&abi.ClassPure == 0 {
			return false
		}
		in.instead = int16(n)
		in.what |= injectCall
		return true
	case "error":
		if in.what&(injectError|injectRetval) != 0 {
			return false
		}
		v := number(val, maxErrno)
		if v < 0 {
			v = errnoNumber(val)
		}
		in.value = uint64(v)
		in.what |= injectError
		return v >= 1
	}
	if fault {
		return false
	}
	switch name {
	case "retval":
		if in.what&(injectError|injectRetval) != 0 {
			return false
		}
		v, ok := integer(val)
		if ok && int64(v) < 0 && int64(v) >= -maxErrno {
			var num [64]byte
			l := systrap.LineOn(num[:])
			l.Int(-int64(v))
			l.Str(" is possible for retval=")
			l.Uint(v)
			n := l.Len()
			say("Inadvertent injection of error ", unsafe.String(&num[0], n))
		}
		in.value = v
		in.what |= injectRetval
		return ok
	case "signal":
		n := signalNumber(val)
		if in.what&injectSignal != 0 || n < 1 || n > abi.MaxSignal {
			return false
		}
		in.signal = uint8(n)
		in.what |= injectSignal
		return true
	case "poke_enter", "poke_exit":
		in.what |= injectPoke
		return parsePokes(val, name == "poke_exit")
	case "delay_enter":
		return in.delay(&in.delayEnter, injectDelayEnter, val)
	case "delay_exit":
		return in.delay(&in.delayExit, injectDelayExit, val)
	}
	return false
}

func (in *injected) delay(t *unix.Timespec, what uint8, val string) bool {
	if in.what&what != 0 {
		return false
	}
	var ok bool
	*t, ok = interval(val)
	in.what |= what
	return ok
}

// when reads FIRST[..LAST][+[STEP]].
func (in *injected) when(s string) bool {
	v, rest := natural(s, 0xffff, "+.")
	if v < 1 {
		return false
	}
	in.first, in.last, in.step = uint16(v), lastEver, 0
	if rest != "" && rest[0] == '.' {
		if len(rest) < 2 || rest[1] != '.' {
			return false
		}
		v, rest = natural(rest[2:], 0xffff, "+")
		if v < int64(in.first) || v == lastEver {
			return false
		}
		in.last, in.step = uint16(v), 1
	}
	if rest == "" {
		return true
	}
	in.step = 1
	if rest = rest[1:]; rest != "" {
		if v = number(rest, 0xffff); v < 1 {
			return false
		}
		in.step = uint16(v)
	}
	return true
}

// integer reads a number as strtoull(3) does with base 0.
func integer(s string) (v uint64, ok bool) {
	neg := s != "" && s[0] == '-'
	if neg || s != "" && s[0] == '+' {
		s = s[1:]
	}
	base := uint64(10)
	if len(s) > 2 && s[0] == '0' && lower(s[1]) == 'x' {
		base, s = 16, s[2:]
	} else if len(s) > 1 && s[0] == '0' {
		base, s = 8, s[1:]
	}
	if s == "" {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		d := uint64(99)
		switch c := lower(s[i]); {
		case c >= '0' && c <= '9':
			d = uint64(c - '0')
		case c >= 'a' && c <= 'f':
			d = uint64(c-'a') + 10
		}
		if d >= base || v > (^uint64(0)-d)/base {
			return 0, false
		}
		v = v*base + d
	}
	if neg {
		v = -v
	}
	return v, true
}

// maxErrno is the largest error number there can be (include/linux/err.h).
const maxErrno = 4095

// errnoNumber returns the number of an error's name, or -1.
func errnoNumber(s string) int64 {
	for i := range names.Errnos {
		if names.Errnos[i].Name != 0 && equalFold(names.Errnos[i].Name.String(), s) {
			return int64(i)
		}
	}
	return -1
}

// injectState counts, for one thread, how often each call is still to pass:
// first in the lower half, last in the upper one; 0 is not begun.
type injectState struct {
	tid  atomic.Int64
	left [512]uint32
}

// injectThreads is how many threads have counters of their own; others share
// the last ones.
const injectThreads = 256

// injectTable is nil if nothing is injected.
var injectTable *[injectThreads]injectState

func makeInjections() {
	if injectN > 0 {
		a := systrap.MapShared(unsafe.Sizeof(*injectTable))
		injectTable = *(**[injectThreads]injectState)(unsafe.Pointer(&a))
	}
}

// counters returns the calling thread's.
func injectCounters(tid int) *injectState {
	for i := 0; i < injectThreads-1; i++ {
		s := &injectTable[(tid+i)%(injectThreads-1)]
		if s.tid.Load() == int64(tid) || s.tid.Load() == 0 && s.tid.CompareAndSwap(0, int64(tid)) {
			return s
		}
	}
	return &injectTable[injectThreads-1]
}

// due returns what is to be done to the call that is being entered, or nil.
func due(nr int64, tid int) *injected {
	if injectTable == nil || !opt.inject.Has(nr) || nr >= int64(len(injectBy)) {
		return nil
	}
	in := &injections[injectBy[nr]-1]
	left := &injectCounters(tid).left[nr]
	first, last := uint16(*left), uint16(*left>>16)
	if *left == 0 {
		first, last = in.first, in.last
	} else if *left == done {
		return nil
	}
	hit := false
	if last != lastEver {
		last--
	}
	if first--; first == 0 {
		hit = true
		first = in.step
	}
	*left = uint32(last)<<16 | uint32(first)
	if first == 0 || last == 0 {
		*left = done
	}
	if !hit {
		return nil
	}
	return in
}

// done marks counters that no more injection follows; no others are so, as
// first and last never are both lastEver after a call.
const done = ^uint32(0)

// tamper does what in asks for at the call's entry; replaced says that the call
// is not to be made.
func (in *injected) tamper(c *systrap.Call, tid int) (replaced bool) {
	if in.what&injectDelayEnter != 0 {
		pause(&in.delayEnter)
	}
	if in.what&(injectError|injectRetval) == 0 {
		return false
	}
	if in.what&injectCall != 0 {
		systrap.Syscall(int(in.instead), 0, 0, 0, 0, 0, 0)
	}
	c.Result = int64(in.value)
	if in.what&injectError != 0 {
		c.Result = -int64(in.value)
	}
	return true
}

// pause sleeps; a signal's handler does not shorten it.
func pause(t *unix.Timespec) {
	left := *t
	for systrap.Syscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&left)), uintptr(unsafe.Pointer(&left)), 0, 0, 0, 0) == -int64(unix.EINTR) {
	}
}

// raise sends the calling thread the signal of in, as a debugger does: it seems
// to come from the kernel.
func (in *injected) raise(tid int) {
	if in.what&injectSignal == 0 {
		return
	}
	switch in.signal {
	case uint8(unix.SIGILL), uint8(unix.SIGTRAP), uint8(unix.SIGBUS), uint8(unix.SIGFPE), uint8(unix.SIGSEGV), uint8(unix.SIGSYS):
		// From the kernel these are faults, which come again if the instruction
		// is given another chance; this one would not.
		systrap.Syscall(unix.SYS_TGKILL, uintptr(systrap.Pid()), uintptr(tid), uintptr(in.signal), 0, 0, 0)
		return
	}
	const siKernel = 0x80 // SI_KERNEL (include/uapi/asm-generic/siginfo.h)
	info := [32]int32{0: int32(in.signal), 2: siKernel}
	systrap.Syscall(unix.SYS_RT_TGSIGQUEUEINFO, uintptr(systrap.Pid()), uintptr(tid), uintptr(in.signal), uintptr(unsafe.Pointer(&info)), 0, 0)
}
