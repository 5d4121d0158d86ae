// Lines is trace-syscalls with a measurement at the first write(2): what it costs to print a call of
// each common kind, without the trap and the call itself. The calls are made up.
//
//	LD_PRELOAD=./lines.so SYSTRAP_OPTIONS='-o trace.txt' echo
//
// prints to standard output, a line each, a call and the nanoseconds that its line takes.
package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool"
)

func main() {
	t := tracetool.Tracer()
	t.Enter = enter
	systrap.Run(t)
}

// The tracer's own functions, by their names: of a call through a value of the type of Enter the
// build cannot tell that it does not come back to enter.
//
//go:noescape
//go:linkname traceEnter libsystrap/tracetool.enter
func traceEnter(*systrap.Call) systrap.Verdict

//go:noescape
//go:linkname traceExit libsystrap/tracetool.exit
func traceExit(*systrap.Call)

// enter measures at the program's first write(2).
func enter(c *systrap.Call) systrap.Verdict {
	if c.Sysno == unix.SYS_WRITE && !measured {
		measured = true
		measure(c.SP)
	}
	return traceEnter(c)
}

var measured bool

const (
	repeats = 2000 // lines that are timed at once
	turns   = 25   // the fastest of which counts: others run beside us
)

// call is the one that is printed.
var call systrap.Call

// measure prints what each sample costs.
func measure(sp uint64) {
	var buf [96]byte
	for i := range samples {
		s := &samples[i]
		best := int64(1 << 62)
		for range turns {
			start := clock()
			for range repeats {
				once(s, sp)
			}
			best = min(best, clock()-start)
		}
		l := systrap.LineOn(buf[:])
		l.Str(s.name)
		l.Byte(' ')
		l.Uint(uint64(best / repeats))
		l.Byte('\n')
		systrap.Syscall(unix.SYS_WRITE, 1, uintptr(unsafe.Pointer(&buf)), uintptr(l.Len()), 0, 0, 0)
	}
}

// once prints one line.
func once(s *sample, sp uint64) {
	call = systrap.Call{Sysno: s.nr, Args: s.args, SP: sp, PC: 0x401000}
	for i, p := range s.at {
		if p != nil {
			call.Args[i] = uint64(uintptr(p))
		}
	}
	traceEnter(&call)
	call.Result = s.result
	traceExit(&call)
}

func clock() int64 {
	var t unix.Timespec
	systrap.Syscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_MONOTONIC, uintptr(unsafe.Pointer(&t)), 0, 0, 0, 0)
	return t.Sec*1e9 + t.Nsec
}
