package main

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// runDispatched makes n calls of getppid(2) while *selector says that they are to be
// reported with SIGSYS instead.
//
//go:noescape
func runDispatched(selector *byte, n int)

// skipDispatch returns the address of a handler of SIGSYS that only counts.
func skipDispatch() uintptr

// dispatched is how many calls have been reported.
var dispatched uint64

// cheaper is the part of a trap's cost below which it is worth saying that calls can
// be reported instead.
const cheaper = 0.7

// checkUserDispatch measures a call that Syscall User Dispatch reports, against one
// that is trapped.
func checkUserDispatch(*machine) finding {
	d, err := dispatchCost(2000)
	if err != nil {
		return warn("Linux 5.11 or newer with CONFIG_GENERIC_ENTRY",
			"not available (%v): calls in code that the program makes, or that could not be analysed, are not all seen", err)
	}
	if t, err := trapCost(2000); err == nil && float64(d) < cheaper*float64(t) {
		return good("available, for code that the program makes: %.2f µs a call; SYSTRAP_DISCOVER=only makes all calls cost that",
			float64(d.Nanoseconds())/1e3)
	}
	return good("available, for code that the program makes: %.2f µs a call", float64(d.Nanoseconds())/1e3)
}

// Operations of prctl(2) and its selector (include/uapi/linux/prctl.h).
const (
	prSetSyscallUserDispatch = 59
	prSysDispatchOff         = 0
	prSysDispatchOn          = 1
)

// dispatchCost returns the shortest mean time over ten rounds of n calls that are
// reported. It takes SIGSYS away from the Go runtime meanwhile, and keeps all other
// signals from this thread: their handlers make calls.
func dispatchCost(n int) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	all, own := ^uint64(1<<(unix.SIGSYS-1)), uint64(0)
	setMask(unsafe.Pointer(&all), &own)
	defer setMask(unsafe.Pointer(&own), nil)
	act := restorer.Sigaction{
		Handler:  uint64(skipDispatch()),
		Flags:    saSiginfo | saNodefer | saOnstack | saRestorer,
		Restorer: uint64(restorer.Addr()),
	}
	var old restorer.Sigaction
	if err := setAction(unix.SIGSYS, &act, &old); err != nil {
		return 0, err
	}
	defer setAction(unix.SIGSYS, &old, nil)
	selector := new(byte) // SYSCALL_DISPATCH_FILTER_ALLOW
	const restorerSize = 16
	if _, _, e := unix.RawSyscall6(unix.SYS_PRCTL, prSetSyscallUserDispatch, prSysDispatchOn, restorer.Addr(), restorerSize,
		uintptr(unsafe.Pointer(selector)), 0); e != 0 {
		return 0, e
	}
	defer unix.RawSyscall6(unix.SYS_PRCTL, prSetSyscallUserDispatch, prSysDispatchOff, 0, 0, 0, 0)
	const rounds = 10
	best := time.Duration(1 << 62)
	dispatched = 0
	for range rounds {
		start := time.Now()
		runDispatched(selector, n)
		best = min(best, time.Since(start)/time.Duration(n))
	}
	if dispatched != uint64(rounds*n) {
		return 0, fmt.Errorf("%d of %d calls were reported", dispatched, rounds*n)
	}
	return best, nil
}
