package systrap

import (
	"unsafe"

	"libsystrap/restorer"
)

// entryFrame is what an entry stub keeps in its own stack frame: all that Go
// code needs to find on its stack, since nothing can be allocated.
type entryFrame struct {
	g      fakeG
	call   Call
	signal Signal
	exec   execState
	// info is the signal that was postponed.
	info restorer.Siginfo
	// door is last: it lies in the red zone even when the stub has given its
	// frame up and is about to return, or to enter a handler.
	door door
}

// frameOf returns the frame that c lives in.
func frameOf(c *Call) *entryFrame {
	return (*entryFrame)(unsafe.Pointer(uintptr(unsafe.Pointer(c)) - unsafe.Offsetof(entryFrame{}.call)))
}

// fakeG stands for the runtime's g. R14 points at it while our Go code runs;
// the compiler's prologues read stackguard0 only (the toolchain-contract test
// in internal/freestanding watches over that).
type fakeG struct {
	stackLo, stackHi uintptr
	stackguard0      uintptr
	stackguard1      uintptr
}

// stackBudget is the most stack in bytes that any path below an entry stub may
// use, the stub's own frame included. The verifier proves it; the entry
// directives below repeat the number.
const stackBudget = 8192

// libraryEntry is DT_INIT: ld.so calls it with argc, argv and envp (glibc) or
// with nothing (musl), before any other constructor.
//
//systrap:entry stack=8192
//systrap:calls libraryInit
func libraryEntry()

// trapEntry is the handler of our own signals. It may run Go on another stack
// (childStack), which is as large as the budget: the verifier is told that it
// switches. It jumps on to the program's own handler
// when the signal was not ours: the verifier is told that it leaves.
//
//systrap:entry stack=8192
//systrap:calls trap late
//systrap:leaves
//systrap:switches
func trapEntry()

// handlerEntry is the handler of every signal that the program handles. It
// enters the program's handler at once, if it was the program that was
// interrupted and nothing is to be told; else it is trapEntry.
//
//systrap:entry stack=8192
//systrap:leaves
func handlerEntry()

// fatalEntry is where the converter sends the runtime functions that the
// compiler calls on paths which are never taken (panicBounds, morestack, …).
//
//systrap:fatal
//systrap:entry stack=8192
//systrap:calls fatal
func fatalEntry()

// trapEntryAddr returns the address of trapEntry itself; a func value of
// it would be the address of an ABI wrapper.
//
//go:noescape
func trapEntryAddr() uintptr

// handlerEntryAddr returns the address of handlerEntry itself.
//
//go:noescape
func handlerEntryAddr() uintptr

// The stubs call Go through these, as a func value's call needs no wrapper
// (a generated ABI0 wrapper would load g from TLS).
var (
	libraryInitFn = libraryInit
	trapFn        = trap
	fatalFn       = fatal
	lateFn        = late
)

// stubFrame is the size in bytes of a stub's stack frame: stubSaves bytes for
// the outgoing arguments' spill area and saved registers, then an entryFrame.
// The assembler file repeats the number, as it wants a plain one there; the
// declaration below checks that it is enough.
const (
	stubFrame = 512
	stubSaves = 96
)

var _ [stubFrame - stubSaves - unsafe.Sizeof(entryFrame{})]byte
