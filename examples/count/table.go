package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// text is where the table is written: a package variable, as a stack frame may
// have a few hundred bytes and there is no heap.
var text [32 << 10]byte

// printed keeps a second thread, which calls exit_group at the same moment, from
// printing too.
var printed [maxCalls + 1]bool

// printTable runs once, before the process image ends.
func printTable(status int) {
	startOverAfterFork()
	l := systrap.LineOn(text[:])
	header(&l, status)
	for {
		i := mostFrequent()
		if i < 0 {
			break
		}
		printed[i] = true
		row(&l, i)
	}
	// One write for the whole table: those of several processes do not mix.
	if fd := file.Fd(); fd >= 0 {
		b := l.Bytes()
		systrap.Syscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
		return
	}
	systrap.Log(l.Bytes())
}

// header says whose table it is.
func header(l *systrap.Line, status int) {
	var comm [16]byte // TASK_COMM_LEN
	systrap.Syscall(unix.SYS_PRCTL, unix.PR_GET_NAME, uintptr(unsafe.Pointer(&comm)), 0, 0, 0, 0)
	l.Str("count: ")
	for _, b := range comm {
		if b == 0 {
			break
		}
		l.Byte(b)
	}
	l.Str(", pid ")
	l.Int(int64(systrap.Pid()))
	l.Str(", exit status ")
	l.Int(int64(status))
	l.Str("\n     calls    failed  call\n")
}

// mostFrequent returns which call not printed yet was made most often, or -1.
func mostFrequent() int {
	best, most := -1, uint64(0)
	for i := range tallies {
		if n := tallies[i].made.Load(); n > most && !printed[i] {
			best, most = i, n
		}
	}
	return best
}

func row(l *systrap.Line, i int) {
	number(l, tallies[i].made.Load())
	number(l, tallies[i].failed.Load())
	l.Str("  ")
	switch name := abi.Name(int64(i)); {
	case i == maxCalls:
		l.Str("(numbers without a call)")
	case name == "":
		l.Str("call ")
		l.Int(int64(i))
	default:
		l.Str(name)
	}
	l.Byte('\n')
}

// number appends v in a column of 10; 0 is left blank.
func number(l *systrap.Line, v uint64) {
	const width = 10
	digits := 0
	for t := v; t > 0; t /= 10 {
		digits++
	}
	for ; digits < width; digits++ {
		l.Byte(' ')
	}
	if v > 0 {
		l.Uint(v)
	}
}
