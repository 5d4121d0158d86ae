package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// loaded is set once we know that ld.so called us, as opposed to an ordinary
// Go program that has a tool's main.
var loaded bool

// Run makes t the tool. It is all that a tool's main does; main must return
// then. In an ordinary Go program Run ends the process with status 2 and a line
// that says how a tool is built.
func Run(t Tool) {
	if !loaded {
		Log(notALibrary[:])
		rawsys.Syscall(unix.SYS_EXIT_GROUP, 2, 0, 0, 0, 0, 0)
	}
	tool = t
}

var notALibrary = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', ':', ' ', 't', 'h', 'i', 's', ' ', 'i', 's', ' ', 'a', ' ',
	't', 'o', 'o', 'l', ':', ' ', 'b', 'u', 'i', 'l', 'd', ' ', 'i', 't', ' ', 'w', 'i', 't', 'h', ' ',
	'`', 's', 'y', 's', 't', 'r', 'a', 'p', ' ', 'b', 'u', 'i', 'l', 'd', '`', '\n'}

// mainMain is the tool's main, as the runtime calls it (runtime/proc.go).
//
//go:linkname mainMain main.main
func mainMain()

// toolMain reaches main.main without a direct call, so that the package links
// under go test, too.
var toolMain = mainMain

// fatal ends the process after a runtime function was called that a verified
// library never calls: a bug of ours, or a stack overrun. pc is the return
// address of that call.
func fatal(pc uintptr) {
	var buf [256]byte
	l := LineOn(buf[:])
	l.Str("internal error at ")
	l.Hex(uint64(pc))
	l.Str(" (")
	faultText(&l, pc)
	l.Str("): the program is stopped; please report this line")
	Complain(&l)
	rawsys.Syscall(unix.SYS_EXIT_GROUP, fatalStatus, 0, 0, 0, 0, 0)
}

// fatalStatus is the exit status after an internal error: EX_SOFTWARE of
// sysexits.h.
const fatalStatus = 70

// faultTable is the address of a table that the converter makes
// (internal/freestanding/faulttable.go): which call ended where in the source.
// It is a count, so many faultRecords in ascending order, and their texts.
var faultTable uintptr

// faultRecord is one entry: a return address, and where its text is, in bytes
// from the table's start.
type faultRecord struct {
	pc   int32
	text uint32
	len  uint32
}

// faultText appends the source line of the call that returns to pc.
func faultText(l *Line, pc uintptr) {
	if faultTable == 0 {
		l.Str("unknown place")
		return
	}
	n := uintptr(*(*uint32)(ptr(faultTable)))
	for i := uintptr(0); i < n; i++ {
		r := (*faultRecord)(ptr(faultTable + 4 + i*unsafe.Sizeof(faultRecord{})))
		if faultTable+uintptr(r.pc) == pc {
			l.Raw(unsafe.Slice((*byte)(ptr(faultTable+uintptr(r.text))), int(r.len)))
			return
		}
	}
	l.Str("unknown place")
}
