// Replaysize prints what a recorder would have to save of each call so that the program could be run again without the
// kernel (record and replay): the result, and the bytes that the kernel has written.
//
//	systrap build -o replaysize.so ./examples/replaysize
//	LD_PRELOAD=./replaysize.so ls
package main

import (
	"sync/atomic"

	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

func main() {
	// With Signal set, reading the program's memory makes no call.
	systrap.Run(systrap.Tool{Name: "replaysize", Init: start, Enter: enter, Exit: exit, Signal: func(*systrap.Signal) {}, Fini: total})
}

// What a process would have to save.
var calls, written, mapped, later, owner atomic.Int64

func start(p *systrap.Process) bool {
	owner.Store(int64(p.Pid))
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	// Some lengths are overwritten by the call itself.
	c.User = uint64(footprint.Save(c))
	return systrap.Pass
}

func exit(c *systrap.Call) {
	if c.Child && c.CloneFlags&unix.CLONE_VM == 0 { // a copy of its parent's memory, counters and all
		for _, n := range [...]*atomic.Int64{&calls, &written, &mapped, &later} {
			n.Store(0)
		}
		owner.Store(int64(systrap.Pid()))
	}
	if c.NotMade {
		return
	}
	calls.Add(1)
	var buf [1024]byte
	l := systrap.LineOn(buf[:len(buf)-1])
	l.Str("replaysize: ")
	l.Str(abi.Name(c.Sysno))
	l.Str(": a result")
	bytes := uint64(0)
	for it := footprint.After(c, footprint.Saved(c.User)); it.Next(); {
		r := &it.Range
		switch {
		case r.Pid != 0 || r.Has(footprint.InChild) || r.Dir == footprint.ReadsLater:
			// None of this process's memory is changed.
		case r.Dir == footprint.Writes:
			bytes += r.Len
			l.Str(", ")
			if r.Has(footprint.Bound) {
				l.Str("at most ")
			}
			l.Uint(r.Len)
			l.Str(" bytes at ")
			l.Hex(r.Addr)
		case r.Dir == footprint.WritesLater:
			later.Add(1)
			l.Str(", and what the kernel writes later at ")
			l.Hex(r.Addr)
		case c.Sysno == unix.SYS_MMAP && c.Args[3]&unix.MAP_ANONYMOUS == 0:
			mapped.Add(int64(r.Len))
			l.Str(", and a file's ")
			l.Uint(r.Len)
			l.Str(" bytes")
		}
	}
	written.Add(int64(bytes))
	n := l.Len()
	buf[n] = '\n'
	if bytes > 0 || n > len("replaysize: : a result")+len(abi.Name(c.Sysno)) {
		systrap.Log(buf[:n+1])
	}
}

// total prints the sums. A vfork child's calls are its parent's.
func total(int) {
	if systrap.Vforked() {
		return
	}
	var buf [256]byte
	l := systrap.LineOn(buf[:])
	l.Str("process ")
	l.Int(owner.Load())
	l.Str(": ")
	l.Int(calls.Load())
	l.Str(" results of 8 bytes, ")
	l.Int(written.Load())
	l.Str(" bytes of memory, ")
	l.Int(mapped.Load())
	l.Str(" bytes of mapped files, ")
	l.Int(later.Load())
	l.Str(" places that the kernel writes later")
	systrap.Complain(&l)
}
