package base

import (
	"unsafe"

	"libsystrap/rawsys"
)

// mainFn is what the entry calls. The linker resolves mainMain to main.main.
var mainFn = start

//go:linkname mainMain main.main
func mainMain()

func start() {
	mainMain()
}

// libraryEntry is DT_INIT.
//
//systrap:entry stack=4096
//systrap:calls start
func libraryEntry()

// fatalStub ends the process with the fault's position on standard error.
//
//systrap:fatal
//systrap:entry stack=1024
//systrap:calls fatal
func fatalStub()

var fatalFn = fatal

// faultTable holds the address of the fault table; the build sets it.
var faultTable uintptr = 1 // not zero: it is in the file

// fatal reports the fault whose call returns to pc.
func fatal(pc uintptr) {
	Write(Fault(pc))
	rawsys.Raw(231, 99, 0, 0, 0, 0, 0)
}

// Fault looks pc up in the fault table.
func Fault(pc uintptr) string {
	if faultTable == 1 {
		return "no fault table"
	}
	n := uintptr(*(*uint32)(unsafe.Pointer(faultTable)))
	for i := uintptr(0); i < n; i++ {
		rec := (*[3]uint32)(unsafe.Pointer(faultTable + 4 + 12*i))
		if faultTable+uintptr(int32(rec[0])) == pc {
			return unsafe.String((*byte)(unsafe.Pointer(faultTable+uintptr(rec[1]))), rec[2])
		}
	}
	return "unknown fault"
}

// Write writes s and a newline to standard error.
func Write(s string) {
	rawsys.Raw(1, 2, uintptr(unsafe.Pointer(unsafe.StringData(s))), uintptr(len(s)), 0, 0, 0)
	nl := [1]byte{'\n'}
	rawsys.Raw(1, 2, uintptr(unsafe.Pointer(&nl)), 1, 0, 0, 0)
}
