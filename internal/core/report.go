package core

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// counters are what SYSTRAP_REPORT shows, of one process.
var counters struct {
	sites        atomic.Uint64
	declined     [instr.NumReasons]atomic.Uint64
	doubtful     atomic.Uint64
	left         [numLeft]atomic.Uint64
	trapped      atomic.Uint64
	ud2Forwarded atomic.Uint64
	mappings     atomic.Uint64
	discovered   atomic.Uint64
	int80        atomic.Uint64
	writableCode atomic.Uint64
	// doors are the sites that have a jump before them, by doorKind; doorRefused says why others have none. Jumps that
	// could stand there have no place to lead to (doorTaken), bytes in common with others (doorCrowded), or no
	// slot is left (doorFull).
	doors                            [2]atomic.Uint64
	doorRefused                      [instr.NumRefusals]atomic.Uint64
	doorTaken, doorCrowded, doorFull atomic.Uint64
	// quieted counts how often the kernel's reports were switched off (quiet.go).
	quieted atomic.Uint64
	// jumped are the calls of threads that have ended which came by the jump door.
	jumped atomic.Uint64
}

// reportPath is the value of SYSTRAP_REPORT, NUL-terminated, or empty.
var (
	reportPath [unix.PathMax]byte
	exePath    [256]byte
)

// report appends one line of JSON to the report file.
func report() {
	if reportPath[0] == 0 {
		return
	}
	fd := sys.Open(&reportPath[0], unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND|unix.O_CLOEXEC, 0o666)
	if fd == -int64(unix.EPERM) && seccomp.On {
		return
	}
	if fd < 0 {
		tracelog.WarnAbout(reportPath[:], "cannot write the report here (SYSTRAP_REPORT)")
		return
	}
	var buf [2048]byte
	l := line.On(buf[:])
	l.Str(`{"pid":`)
	l.Int(sys.Getpid())
	l.Str(`,"exe":"`)
	jsonPath(&l, exePath[:])
	l.Str(`","start":"`)
	switch {
	case injection() != nil:
		l.Str("inject")
	case prepared() != nil:
		l.Str("rewrite")
	default:
		l.Str("preload")
	}
	l.Str(`","trap":"`)
	l.Str(trapNames[siteTrap%numTraps])
	l.Str(`","sites":`)
	l.Uint(counters.sites.Load())
	l.Str(`,"declined":`)
	l.Uint(declinedCount())
	l.Str(`,"doubtful":`)
	l.Uint(counters.doubtful.Load())
	l.Str(`,"trapped":`)
	l.Uint(counters.trapped.Load() + jumpedCount())
	l.Str(`,"jumped":`)
	l.Uint(jumpedCount())
	l.Str(`,"long":`)
	l.Uint(counters.doors[0].Load())
	l.Str(`,"punned":`)
	l.Uint(counters.doors[1].Load())
	l.Str(`,"ud2_forwarded":`)
	l.Uint(counters.ud2Forwarded.Load())
	l.Str(`,"mappings":`)
	l.Uint(counters.mappings.Load())
	l.Str(`,"discovered":`)
	l.Uint(counters.discovered.Load())
	l.Str(`,"reports_off":`)
	l.Uint(counters.quieted.Load())
	l.Str(`,"int80":`)
	l.Uint(counters.int80.Load())
	l.Str(`,"read_calls":`)
	l.Uint(mem.Calls.Load())
	l.Str(`,"writable_code":`)
	l.Uint(counters.writableCode.Load())
	l.Str(`,"log_bytes_lost":`)
	l.Uint(tracelog.LostBytes)
	l.Str(`,"declined_by_reason":{`)
	first := true
	for r := instr.Accepted + 1; r < instr.NumReasons; r++ {
		first = jsonCount(&l, r.String(), counters.declined[r].Load(), first)
	}
	l.Str(`},"door_refused":{`)
	first = true
	for r := instr.Offered + 1; r < instr.NumRefusals; r++ {
		first = jsonCount(&l, r.String(), counters.doorRefused[r].Load(), first)
	}
	first = jsonCount(&l, "place taken", counters.doorTaken.Load(), first)
	first = jsonCount(&l, "crowded", counters.doorCrowded.Load(), first)
	jsonCount(&l, "no slot", counters.doorFull.Load(), first)
	l.Str(`},"unpatched":{`)
	first = true
	for i := notLeft + 1; i < numLeft; i++ {
		first = jsonCount(&l, leftNames[i], counters.left[i].Load(), first)
	}
	l.Str("}}\n")
	tracelog.WriteFd(fd, l.Bytes())
	sys.Close(fd)
}

// jsonCount appends one member of an object of counts, unless n is 0. first is
// whether it would be the object's first; the result is that of the next.
func jsonCount(l *line.Line, name string, n uint64, first bool) bool {
	if n == 0 {
		return first
	}
	if !first {
		l.Byte(',')
	}
	l.Byte('"')
	l.Str(name)
	l.Str(`":`)
	l.Uint(n)
	return false
}

// doorKind is 0 for a jump in the place of an instruction of n bytes that has room for it (long), else 1 (punned).
func doorKind(n uint8) int {
	if n < jumpSize {
		return 1
	}
	return 0
}

// declinedCount is the number of byte pairs that are not taken for instructions.
func declinedCount() (n uint64) {
	for i := range counters.declined {
		n += counters.declined[i].Load()
	}
	return n
}

// leftCount is the number of instructions that are known and not patched.
func leftCount() (n uint64) {
	for i := range counters.left {
		n += counters.left[i].Load()
	}
	return n
}

// jsonPath appends a NUL-terminated path as the inside of a JSON string.
func jsonPath(l *line.Line, p []byte) {
	for _, b := range p {
		switch {
		case b == 0:
			return
		case b == '"' || b == '\\':
			l.Byte('\\')
			l.Byte(b)
		case b < 0x20 || b >= 0x7f:
			l.Str(`\u00`)
			l.HexDigits(uint64(b), 2)
		default:
			l.Byte(b)
		}
	}
}

// resetCounters starts a forked child's report: what it inherits patched stays,
// what happened before it did not happen in it.
func resetCounters() {
	counters.trapped.Store(0)
	resetJumped()
	counters.ud2Forwarded.Store(0)
	counters.discovered.Store(0)
	counters.int80.Store(0)
	mem.Calls.Store(0)
}
