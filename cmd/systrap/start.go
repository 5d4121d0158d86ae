package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The Go runtime opens /dev/null for standard descriptors that are closed
// (runtime/fds_unix.go) and unblocks all signals for a moment as it starts, so
// that those that wait kill it. It handles most signals, and raises the limit of descriptors.
// The command must find them as they were: start notes that, and puts the signals that wait aside. It is the entry of a program that is
// linked with -ldflags='-E main.start', as the Makefile does; in one that is not,
// nothing is noted.
// See docs/decisions/start-before-the-runtime.md.
func start()

const maxPending = 64

// The runtime reserves more address space as it starts than a small RLIMIT_AS
// allows, and prints the stacks of all its threads then; a small RLIMIT_DATA ends it by
// SIGSEGV. These are what it may need, in bytes (1.3 GB and 80 MB as go1.26.8 has it, with what it
// allocates): start raises smaller limits to that, for us alone, or says why there can be no start.
const (
	needAddressSpace = 2 << 30
	needData         = 96 << 20
)

// startLimit is a limit as it was at the start, and what it was raised to, if it was (raised != 0).
type startLimit struct {
	cur, max             uint64
	raisedCur, raisedMax uint64
	raised               uint64
}

var addressSpaceAtStart, dataAtStart startLimit

// What start says.
var (
	tooLittle     = "systrap: cannot start: the limit of address space (ulimit -v) is below the 2 GB that this program needs, and cannot be raised\n"
	tooLittleData = "systrap: cannot start: the limit of data (ulimit -d) is below the 96 MB that this program needs, and cannot be raised\n"
)

// raisedLimits are those that start has raised, by their resources (getrlimit(2)).
func raisedLimits() map[int]*startLimit {
	limits := map[int]*startLimit{}
	for resource, l := range map[int]*startLimit{unix.RLIMIT_AS: &addressSpaceAtStart, unix.RLIMIT_DATA: &dataAtStart} {
		if l.raised != 0 {
			limits[resource] = l
		}
	}
	return limits
}

// lowerLimits gives the limits back, for the command to inherit; raiseLimits raises them
// again. What this process maps between the two fails, and is its end: the heap is
// given room before, which what starts the command is allocated from (without it the
// runtime was out of memory one time in four).
func lowerLimits() {
	limits := raisedLimits()
	if len(limits) == 0 {
		return
	}
	debug.SetGCPercent(-1)
	room := make([]byte, 16<<20)
	runtime.KeepAlive(room)
	runtime.GC()
	for resource, l := range limits {
		unix.Setrlimit(resource, &unix.Rlimit{Cur: l.cur, Max: l.max})
	}
}

func raiseLimits() {
	for resource, l := range raisedLimits() {
		unix.Setrlimit(resource, &unix.Rlimit{Cur: l.raisedCur, Max: l.raisedMax})
	}
}

var (
	closedAtStart uint64  // the bits of the standard descriptors that were closed
	stackAtStart  uintptr // the address of argc, as execve(2) leaves it; 0 if start was not the entry
	// The handlers that the signals had, SIG_DFL or SIG_IGN, the signal mask, and the limit of descriptors, which the runtime raises.
	handlersAtStart [65]uintptr
	maskAtStart     uint64
	filesAtStart    unix.Rlimit
	// actionAtStart is where start gets a struct sigaction.
	actionAtStart [4]uint64
	pendingSet    uint64
	pendingN      uint64
	pendingInfo   [maxPending][128]byte // siginfo_t of each signal that waited
	noTime        unix.Timespec
)

// standardFiles are the command's standard descriptors, for a child.
func standardFiles() []uintptr {
	files := []uintptr{0, 1, 2}
	for fd := range files {
		if closedAtStart>>fd&1 != 0 {
			files[fd] = ^uintptr(0)
		}
	}
	return files
}

// leaveStandard gives up standard input and output, which the command has: who is at their other ends shall see when it closes them. strace does so
// (redirect_standard_fds, src/strace.c).
func leaveStandard() {
	null, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	for fd := range 2 {
		unix.Dup3(null, fd, 0)
	}
	unix.Close(null)
}

// closeStandard closes the standard descriptors that were closed.
func closeStandard() {
	for fd := range 3 {
		if closedAtStart>>fd&1 != 0 {
			unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
		}
	}
}

// requeuePending sends the signals that waited again. They must be blocked.
func requeuePending() {
	pid, tid := unix.Getpid(), unix.Gettid()
	for i := range pendingInfo[:pendingN] {
		info := &pendingInfo[i]
		sig := *(*int32)(unsafe.Pointer(info))
		unix.RawSyscall6(unix.SYS_RT_TGSIGQUEUEINFO, uintptr(pid), uintptr(tid), uintptr(sig), uintptr(unsafe.Pointer(info)), 0, 0)
	}
}
