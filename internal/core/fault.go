package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// A fault in the tool's code or in ours ends the process with one line that says
// where in the source it was: a runtime function was called that a verified library
// never calls but for a fault (fatal), or the processor has found one (codeFault).
// See docs/decisions/fault-lines.md.

// fatalStatus is the exit status then: EX_SOFTWARE of sysexits.h.
const fatalStatus = 70

// dying is set by the first fault, so that one in what is done about it ends
// the process at once.
var dying atomic.Uint32

// fatal is called by fatalEntry. pc is the return address of the call that led there.
func fatal(pc uintptr) {
	if dying.Swap(1) == 0 {
		var buf [400]byte
		l := line.On(buf[:])
		what := faultText(pc)
		faultLine(&l, uint64(pc), isOurs(what))
		l.Raw(what)
		endFaultLine(&l, isOurs(what))
	}
	rawsys.Syscall(unix.SYS_EXIT_GROUP, fatalStatus, 0, 0, 0, 0, 0)
}

// codeFault ends the process if the signal of d is a fault of our Go code's or the
// tool's. What is the program's in there is left to it: a stack of its own that
// must grow or has ended, a frame of its own that rt_sigreturn cannot load, and
// what the kernel says at a SYSCALL.
func codeFault(d *door) {
	m := &d.uc.Mcontext
	pc := m.RIP
	if !isFault(d.info) || codeFaults>>(uint(d.info.Signo)-1)&1 == 0 || !ownText.has(pc) || host.has(pc) || inProgramCode(pc) || inStubs(pc) || slotAt(pc) >= 0 ||
		loadsFrame(pc) || inEntry(pc) || performing(pc) != rawsys.Elsewhere {
		return
	}
	if addr := d.info.Addr; d.info.Code != siKernel {
		if nearStack(addr, m.RSP) || d.thread != nil && addr-d.thread.alt.SP < d.thread.alt.Size {
			return
		}
		if f := (*entryFrame)(sys.Ptr(uintptr(m.R14))); f.door.uc != nil && nearStack(addr, f.door.uc.Mcontext.RSP) {
			return
		}
	}
	if dying.Swap(1) == 0 {
		lineOfFault(d)
	}
	rawsys.Syscall(unix.SYS_EXIT_GROUP, fatalStatus, 0, 0, 0, 0, 0)
	// A filter forbids that: the fault comes again, and to be blocked ends it.
	d.uc.Sigmask |= 1 << (uint(d.info.Signo) - 1)
}

// nearStack says whether addr is where code of ours with that stack pointer has its
// frames, or where a signal frame lies.
func nearStack(addr, sp uint64) bool { return addr-(sp-stackBudget) < 2*stackBudget }

// codeFaults are the signals by which the processor says that code of ours is wrong.
const codeFaults = sigillBit | 1<<(sigbus-1) | 1<<(sigfpe-1) | 1<<(sigsegv-1)

// lineOfFault says where the fault of d was and what.
//
//go:noinline
func lineOfFault(d *door) {
	pc := d.uc.Mcontext.RIP
	at := placeOf(pc)
	if !hasDot(at.name) || ctext.StartsWith(at.name, "runtime.") || ctext.StartsWith(at.name, "internal/") {
		// What copies and compares for compiled code has no frame of its own.
		if ret := *(*uint64)(sys.Ptr(uintptr(d.uc.Mcontext.RSP))); ownText.has(ret) {
			at = placeOf(ret - 1)
		}
	}
	var buf [400]byte
	l := line.On(buf[:])
	ours := isOursName(at.name)
	faultLine(&l, pc, ours)
	l.Raw(at.file)
	l.Byte(':')
	l.Int(int64(at.line))
	l.Str(": ")
	switch addr := d.info.Addr; {
	case d.info.Signo == int32(unix.SIGILL):
		l.Str("invalid instruction")
	case d.info.Signo == int32(unix.SIGFPE):
		l.Str("arithmetic fault")
	case d.info.Code == siKernel:
		l.Str("bad pointer")
	case addr < sys.PageSize:
		l.Str("nil pointer dereference")
	default:
		l.Str("bad pointer ")
		l.Hex(addr)
		if d.info.Signo == int32(unix.SIGBUS) {
			l.Str(" (SIGBUS)")
		}
	}
	l.Str(" in ")
	l.Raw(at.name)
	endFaultLine(&l, ours)
}

// hasDot says whether a link name has a package.
func hasDot(name []byte) bool {
	for _, c := range name {
		if c == '.' {
			return true
		}
	}
	return false
}

// isOursName says whether a link name is of this library's own code, not a tool's (which
// may be one of libsystrap/examples).
func isOursName(name []byte) bool {
	return ctext.StartsWith(name, "libsystrap/systrap") || ctext.StartsWith(name, "libsystrap/internal/") || ctext.StartsWith(name, "libsystrap/tracetool") ||
		ctext.StartsWith(name, "libsystrap/rawsys") || ctext.StartsWith(name, "libsystrap/restorer") || ctext.StartsWith(name, "libsystrap/instr")
}

// isOurs says whether a line of the fault table names a function of ours.
func isOurs(line []byte) bool {
	const in = " in "
	for i := range line {
		if line[i] == ' ' && ctext.StartsWith(line[i:], in) && isOursName(line[i+len(in):]) {
			return true
		}
	}
	return false
}

func faultLine(l *line.Line, pc uint64, ours bool) {
	if ours {
		l.Str("internal error at ")
	} else {
		l.Str("error in the tool's code at ")
	}
	l.Hex(pc)
	l.Str(" (")
}

func endFaultLine(l *line.Line, ours bool) {
	l.Str("): the program is stopped")
	if ours {
		l.Str("; please report this line")
	}
	tracelog.Complain(l)
}

// faultTable is the address of a table that the converter makes
// (internal/freestanding/faulttable.go): which call ended where in the source.
// It is a count, so many faultRecords in ascending order, and their texts.
var faultTable uintptr = noTable

// noTable is what the addresses of such tables are until the conversion. It is not zero, so that the variables lie in
// the file, which holds them relocated (internal/freestanding, prelink.go).
const noTable = 1

// faultRecord is one entry: a return address, and where its text is, in bytes
// from the table's start.
type faultRecord struct {
	pc   int32
	text uint32
	len  uint32
}

// faultText returns the source line of the call that returns to pc.
func faultText(pc uintptr) []byte {
	if faultTable != noTable {
		n := uintptr(*(*uint32)(sys.Ptr(faultTable)))
		for i := uintptr(0); i < n; i++ {
			r := (*faultRecord)(sys.Ptr(faultTable + 4 + i*unsafe.Sizeof(faultRecord{})))
			if faultTable+uintptr(r.pc) == pc {
				return unsafe.Slice((*byte)(sys.Ptr(faultTable+uintptr(r.text))), int(r.len))
			}
		}
	}
	return unknownPlace[:]
}

var unknownPlace = [...]byte{'u', 'n', 'k', 'n', 'o', 'w', 'n', ' ', 'p', 'l', 'a', 'c', 'e'}
