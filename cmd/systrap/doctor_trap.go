package main

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/restorer"
)

// runUD2, runInt3 and runHlt execute their instruction n times; the handler must skip it.
//
//go:noescape
func runUD2(n int)

//go:noescape
func runInt3(n int)

//go:noescape
func runHlt(n int)

// skipUD2, skipInt3 and skipHlt return the addresses of signal handlers that skip one.
func skipUD2() uintptr
func skipInt3() uintptr
func skipHlt() uintptr

// trapKind is an instruction that can stand in a call's place, by its name in SYSTRAP_TRAP.
type trapKind struct {
	name   string
	signal unix.Signal
	run    func(n int)
	skip   func() uintptr
}

var trapKinds = []trapKind{
	{"ud2", unix.SIGILL, runUD2, skipUD2},
	{"int3", unix.SIGTRAP, runInt3, skipInt3},
	{"hlt", unix.SIGSEGV, runHlt, skipHlt},
}

// slowTrap is the time of one trap above which a hypervisor must be at work:
// bare metal takes about 1 µs.
const slowTrap = 5 * time.Microsecond

// checkTrapCost measures the kernel's part of a traced call: a signal and its
// return, for each instruction that can be the trap.
func checkTrapCost(*machine) finding {
	var costs [3]time.Duration
	for i, k := range trapKinds {
		d, err := k.cost(2000)
		if err != nil {
			return warn("", "not measured: %s: %v", k.name, err)
		}
		costs[i] = d
	}
	return judgeTraps(costs)
}

// judgeTraps says what the costs of ud2, int3 and hlt mean.
func judgeTraps(c [3]time.Duration) finding {
	text := fmt.Sprintf("%.2f µs for each traced call, before the tool's own work (ud2; int3 %.2f, hlt %.2f)", micros(c[0]), micros(c[1]), micros(c[2]))
	best := min(c[1], c[2])
	switch {
	case float64(best) >= cheaper*float64(c[0]):
		if c[0] > slowTrap {
			return warn("on bare metal, or on a hypervisor that does not intercept exceptions, calls cost less", "%s", text)
		}
		return good("%s", text)
	case float64(c[1]) < cheaper*float64(c[0]):
		return warn("SYSTRAP_TRAP=int3, but for programs that use SIGTRAP much, or to which gdb is attached without our script (it stops at each call)"+
			"; SYSTRAP_TRAP=hlt then, but for those that handle SIGSEGV often: a fault costs as a call does (a JVM's safepoints)", "%s", text)
	}
	return warn("SYSTRAP_TRAP=hlt, but for programs that handle SIGSEGV often: a fault costs as a call does (a JVM's safepoints)", "%s", text)
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// trapCost is the cost of the default trap.
func trapCost(n int) (time.Duration, error) { return trapKinds[0].cost(n) }

// cost returns the shortest mean time of a trap over ten rounds of n. It
// takes its signal away from the Go runtime meanwhile.
func (k *trapKind) cost(n int) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	act := restorer.Sigaction{
		Handler:  uint64(k.skip()),
		Flags:    saSiginfo | saNodefer | saOnstack | saRestorer,
		Restorer: uint64(restorer.Addr()),
	}
	var old restorer.Sigaction
	if err := setAction(k.signal, &act, &old); err != nil {
		return 0, err
	}
	best := time.Duration(1 << 62)
	for range 10 {
		start := time.Now()
		k.run(n)
		best = min(best, time.Since(start)/time.Duration(n))
	}
	return best, setAction(k.signal, &old, nil)
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
