package main

import (
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// runTraps executes n ud2 instructions; the handler must skip them.
//
//go:noescape
func runTraps(n int)

// skipTrap returns the address of a signal handler that skips one ud2.
func skipTrap() uintptr

// slowTrap is the time of one trap above which a hypervisor must be at work:
// bare metal takes about 1 µs.
const slowTrap = 5 * time.Microsecond

// checkTrapCost measures the kernel's part of a traced call: a SIGILL and its
// return.
func checkTrapCost(*machine) finding {
	d, err := trapCost(2000)
	if err != nil {
		return warn("", "not measured: %v", err)
	}
	if d > slowTrap {
		return warn("on bare metal, or on a hypervisor that does not intercept #UD, calls cost less",
			"%.2f µs for each traced call, before the tool's own work", float64(d.Nanoseconds())/1e3)
	}
	return good("%.2f µs for each traced call, before the tool's own work", float64(d.Nanoseconds())/1e3)
}

// trapCost returns the shortest mean time of a trap over ten rounds of n. It
// takes SIGILL away from the Go runtime meanwhile.
func trapCost(n int) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	act := restorer.Sigaction{
		Handler:  uint64(skipTrap()),
		Flags:    saSiginfo | saNodefer | saOnstack | saRestorer,
		Restorer: uint64(restorer.Addr()),
	}
	var old restorer.Sigaction
	if err := setAction(unix.SIGILL, &act, &old); err != nil {
		return 0, err
	}
	best := time.Duration(1 << 62)
	for range 10 {
		start := time.Now()
		runTraps(n)
		best = min(best, time.Since(start)/time.Duration(n))
	}
	return best, setAction(unix.SIGILL, &old, nil)
}

// Flags of sigaction(2) (include/uapi/asm-generic/signal-defs.h,
// arch/x86/include/uapi/asm/signal.h).
const (
	saSiginfo  = 0x4
	saOnstack  = 0x08000000
	saNodefer  = 0x40000000
	saRestorer = 0x04000000
)

// setAction is rt_sigaction(2), without the runtime's knowledge.
func setAction(sig unix.Signal, act, old *restorer.Sigaction) error {
	const sigSetSize = 8 // bytes
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(act)),
		uintptr(unsafe.Pointer(old)), sigSetSize, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}
