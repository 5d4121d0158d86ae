package tracetool

import (
	"unsafe"

	"libsystrap/internal/clock"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/text"
)

// Below adds to the line of a call what a tool that is made of the tracer has to say of it. printer is the address of
// a text.Printer, as a pointer through a func value would escape: its Rec[:Base] is the line, with its newline, and its
// Line begins behind that. k is the record that Enter has left in Call.User (see [Record]), or -1. It returns false if it
// needs more room; with last there is no more, and it says that it had to cut.
type Below func(printer uintptr, k int, last bool) bool

// below is nil in trace-syscalls.
var below Below

// nothingBelow are the calls that nothing is said of below their lines.
var nothingBelow [len(abi.Calls)]bool

// NothingBelow says that [Below] has nothing to say of call nr, whatever its arguments: it need not be asked again.
func NothingBelow(nr int64) {
	if uint64(nr) < uint64(len(nothingBelow)) {
		nothingBelow[nr] = true
	}
}

// extended says whether the line of call nr may have something below it.
func extended(nr int64) bool {
	return below != nil && !(uint64(nr) < uint64(len(nothingBelow)) && nothingBelow[nr])
}

// Slots is how many records there are.
const Slots = slots

// Extend has f called for each line of a call before it is written, and --foot taken for an option. It is called
// before [systrap.Run].
func Extend(name string, f Below) {
	program = name
	below = f
	AllowFoot()
}

// AllowFoot has the options judged as the extended tracer's.
func AllowFoot() { footAllowed = true }

var footAllowed bool

// Foot is how footprints are printed.
type Foot uint8

const (
	FootText       Foot = iota // lines to read, below that of the call
	FootLibsystrap             // libsystrap's lines
	FootJSON                   // a line of JSON for each call, and nothing else
)

// Footprints returns what --foot asks for.
func Footprints() Foot { return opt.foot }

// footNamed takes in the argument of --foot.
func footNamed(s string) bool {
	switch s {
	case "text":
		opt.foot = FootText
	case "libsystrap":
		opt.foot = FootLibsystrap
	case "json":
		opt.foot = FootJSON
	default:
		return dieWithHelp("invalid --foot argument: '", s, "': text, libsystrap or json")
	}
	opt.footGiven = true
	return true
}

// settleFoot is settle for --foot. Lines of JSON are whole, and there are no others.
func settleFoot() {
	if opt.count == countOnly {
		noEffect(opt.footGiven, "--foot")
	}
	if opt.foot != FootJSON {
		return
	}
	noEffectWithJSON(opt.stack, "-k/--stack-traces")
	noEffectWithJSON(opt.dumps, "-e read, -e write")
	opt.stack, opt.dumps = false, false
	opt.staged = true
	opt.signals = text.Numbers{}
	list(&opt.quiet, "all", listQuiet)
}

func noEffectWithJSON(is bool, option string) {
	if is {
		say(option, " has no effect with --foot=json")
	}
}

// onlyJSON says whether nothing but lines of JSON is to be written.
func onlyJSON() bool { return opt.foot == FootJSON }

// Record returns the record that the line of a call is made in, from Call.User as Enter has left it; false if it has
// none, as it is not printed, or only counted.
func Record(user uint64) (k int, ok bool) {
	if user == unprinted || user&counted != 0 {
		return -1, false
	}
	k = int(user>>32) - 1
	return k, k >= 0 && k < slots
}

// Counting says whether calls are only counted (-c).
func Counting() bool { return opt.count == countOnly }

// Summarised adds what is written at the end of a process.
func Summarised(b []byte) {
	interrupt(0)
	emit(b, systrap.Tid())
}

// ThreadPrefix begins a line of the tracer's that is no call's.
func ThreadPrefix(l *systrap.Line, tid int) {
	p := text.Printer{Tid: tid}
	var buf [128]byte
	p.Line = systrap.LineOn(buf[:])
	prefix(&p)
	l.Raw(p.Bytes())
}

// Monotonic returns the time in nanoseconds (CLOCK_MONOTONIC), in the thread tid, where options ask for times.
func Monotonic(tid int) int64 { return now(clock.Monotonic, tid) }

// extend has the extension add to a whole line, which e holds, and returns where in the record begins what is
// to be written.
//
//go:noinline
func extend(p *text.Printer, k int, e rest) (from int) {
	at := p.Base + p.Len()
	p.Base, p.Line = at, systrap.LineOn(p.Rec[at:])
	for !below(uintptr(unsafe.Pointer(p)), k, false) {
		larger := enlarge(e.k, e.h)
		if larger {
			moved(p, e.k, at, 0)
		}
		p.Base, p.Line = at, systrap.LineOn(p.Rec[at:])
		if !larger {
			below(uintptr(unsafe.Pointer(p)), k, true)
			break
		}
	}
	if onlyJSON() {
		return at
	}
	return 0
}

// smallJSON is small where all lines are JSON: what there is no record for is not decoded.
func smallJSON(c *systrap.Call, exited bool) {
	var buf [256]byte
	l := systrap.LineOn(buf[:])
	BeginJSON(&l, c, systrap.Tid(), exited)
	l.Str(",\"unknown\":\"no record was free\"}\n")
	emit(l.Bytes(), systrap.Tid())
}

// BeginJSON writes what each line of JSON begins with.
func BeginJSON(l *systrap.Line, c *systrap.Call, tid int, exited bool) {
	l.Str("{\"t\":")
	l.Int(Monotonic(tid))
	l.Str(",\"pid\":")
	l.Int(int64(systrap.Pid()))
	l.Str(",\"tid\":")
	l.Int(int64(tid))
	l.Str(",\"nr\":")
	l.Int(c.Sysno)
	l.Str(",\"call\":\"")
	l.Str(abi.Name(c.Sysno))
	l.Byte('"')
	if exited {
		l.Str(",\"result\":")
		l.Int(c.Result)
	}
}

// The tracer's functions, for a tool that calls them from its own: through func values they would be taken for recursion.

// Start is the tracer's [systrap.Tool.Init].
func Start(p *systrap.Process) bool { return start(p) }

// Enter is the tracer's [systrap.Tool.Enter].
func Enter(c *systrap.Call) systrap.Verdict { return enter(c) }

// Exec is the tracer's [systrap.Tool.Exec].
func Exec(c *systrap.Call) { exec(c) }

// Exit is the tracer's [systrap.Tool.Exit].
func Exit(c *systrap.Call) { exit(c) }

// Signalled is the tracer's [systrap.Tool.Signal].
func Signalled(s *systrap.Signal) { signalled(s) }

// Fini is the tracer's [systrap.Tool.Fini].
func Fini(status int) { finish(status) }

// Leave is the tracer's [systrap.Tool.Leave].
func Leave(p *systrap.Process) { leave(p) }
