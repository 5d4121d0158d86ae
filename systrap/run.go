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

// faultTable is the address and length in bytes of a table that the converter
// (internal/freestanding) makes: which call ended where in the source.
var faultTable [2]uintptr

// faultRecord is one entry: the return address as an offset from our image,
// and where in the table its text is.
type faultRecord struct{ pc, text, len uint32 }

// faultText appends the source line of the call that returns to pc.
func faultText(l *Line, pc uintptr) {
	base := uintptr(0)
	n := faultTable[1] / unsafe.Sizeof(faultRecord{})
	for i := uintptr(0); i < n; i++ {
		r := (*faultRecord)(ptr(faultTable[0] + i*unsafe.Sizeof(faultRecord{})))
		if uintptr(r.pc) == pc-base {
			l.Raw(unsafe.Slice((*byte)(ptr(faultTable[0]+uintptr(r.text))), int(r.len)))
			return
		}
	}
	l.Str("unknown place")
}
