package core

import (
	"unsafe"

	"libsystrap/rawsys"
	"libsystrap/restorer"
)

// entryFrame is what an entry stub keeps in its own stack frame: all that Go
// code needs to find on its stack, since nothing can be allocated.
type entryFrame struct {
	g      fakeG
	call   Call
	signal Signal
	exec   execState
	// performed is set by Perform.
	performed bool
	// hosted is how the call stands to functions that are not Go's; turn is the frame of one that is to be called (host.go).
	hosted hosted
	turn   *HostFrame
	// chain is what a library of several tools keeps of the call.
	chain Chain
	// context is the address of the ucontext that holds the program's registers at the
	// call (registers.go), signalContext where the signal came.
	context, signalContext uintptr
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

// trapped says whether c lies in a frame and is a call of the program's: a test of a tool
// makes others.
func (c *Call) trapped() bool { return loaded && frameOf(c).isTrap() && frameOf(c).context != 0 }

// trapped says the same of a signal.
func (s *Signal) trapped() bool { return loaded && frameOfSignal(s).isTrap() }

// frameOfSignal returns the frame that s lives in.
func frameOfSignal(s *Signal) *entryFrame {
	return (*entryFrame)(unsafe.Pointer(uintptr(unsafe.Pointer(s)) - unsafe.Offsetof(entryFrame{}.signal)))
}

// isTrap says whether f is the frame of trapHere, by the guard that it has set (ENTER_GO).
func (f *entryFrame) isTrap() bool {
	return f.g.stackLo == uintptr(unsafe.Pointer(f))-(stubFrame-unsafe.Sizeof(*f))-stackBudget
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
const stackBudget = 16384

// libraryEntry is DT_INIT: ld.so calls it with argc, argv and envp (glibc) or
// with nothing (musl), before any other constructor. It goes on on a stack of ours.
//
//systrap:entry stack=16384
//systrap:calls libraryInit
//systrap:switches
func libraryEntry()

// trapEntry is the handler of our own signals. It moves the kernel's frame to a
// stack of ours where it is not there, in a thread's first trap: the verifier is told
// that it switches.
//
//systrap:entry stack=16384
//systrap:switches
func trapEntry()

// trapHere is trapEntry with the frame on a stack of ours. It jumps on to the
// program's own handler when the signal was not ours: the verifier is told that it
// leaves.
//
//systrap:entry stack=16384
//systrap:calls trap late
//systrap:leaves
func trapHere()

// enterProgram is the end of trapHere where that enters the program's handler.
//
//systrap:leaves
func enterProgram()

// handlerEntry is the handler of every signal that the program handles. It
// enters the program's handler at once, if it was the program that was
// interrupted and nothing is to be told; else it is trapEntry.
//
//systrap:entry stack=16384
//systrap:leaves
func handlerEntry()

// faultEntry is the handler of SIGSEGV where that is a signal of our own (sitetrap.go).
//
//systrap:entry stack=16384
//systrap:leaves
func faultEntry()

// fatalEntry is where the converter sends the runtime functions that the
// compiler calls on paths which are never taken (panicBounds, morestack, …).
//
//systrap:fatal
//systrap:entry stack=16384
//systrap:calls fatal
func fatalEntry()

// helperEntry is where a helper begins (helper.go), on a stack of its own.
//
//systrap:entry stack=16384
//systrap:calls helperMain
func helperEntry()

// leaveEntry is where an injected library is entered to leave the program (leave.go), on a stack of the injector's.
//
//systrap:entry stack=16384
//systrap:calls leaveMain
func leaveEntry()

// leaveEntryAddr returns the address of leaveEntry itself.
//
//go:noescape
func leaveEntryAddr() uintptr

// helperEntryAddr returns the address of helperEntry itself.
//
//go:noescape
func helperEntryAddr() uintptr

// trapEntryAddr returns the address of trapEntry itself; a func value of
// it would be the address of an ABI wrapper.
//
//go:noescape
func trapEntryAddr() uintptr

// trapHereAddr returns the address of trapHere itself.
//
//go:noescape
func trapHereAddr() uintptr

// enterProgramAddr returns the address of enterProgram itself.
//
//go:noescape
func enterProgramAddr() uintptr

// handlerEntryAddr returns the address of handlerEntry itself.
//
//go:noescape
func handlerEntryAddr() uintptr

// faultEntryAddr returns the address of faultEntry itself.
//
//go:noescape
func faultEntryAddr() uintptr

// The stubs call Go through these, as a func value's call needs no wrapper
// (a generated ABI0 wrapper would load g from TLS).
var (
	libraryInitFn = libraryInit
	trapFn        = trap
	fatalFn       = fatal
	lateFn        = late
	helperMainFn  = helperMain
	leaveMainFn   = leaveMain
)

// stubFrame is the size in bytes of a stub's stack frame: stubSaves bytes for
// the outgoing arguments' spill area and saved registers, then an entryFrame.
// The assembler file repeats the number, as it wants a plain one there; the
// declaration below checks that it is enough.
const (
	stubFrame = 608
	stubSaves = 96
)

// Offsets in bytes of the kernel's ucontext, and sizes, for the stubs.
const (
	ucStackSP    = unsafe.Offsetof(restorer.Ucontext{}.Stack) + unsafe.Offsetof(restorer.Stack{}.SP)
	ucStackFlags = unsafe.Offsetof(restorer.Ucontext{}.Stack) + unsafe.Offsetof(restorer.Stack{}.Flags)
	ucStackSize  = unsafe.Offsetof(restorer.Ucontext{}.Stack) + unsafe.Offsetof(restorer.Stack{}.Size)
	ucFpstate    = unsafe.Offsetof(restorer.Ucontext{}.Mcontext) + unsafe.Offsetof(restorer.Sigcontext{}.Fpstate)
	frameSize    = unsafe.Sizeof(restorer.Frame{})
	stubsSize    = rawsys.Stubs * rawsys.StubSize
)

// The program's alternate stack in a thread, in bytes from its end of the stack.
const (
	altSP    = unsafe.Offsetof(thread{}.alt) + unsafe.Offsetof(restorer.Stack{}.SP)
	altFlags = unsafe.Offsetof(thread{}.alt) + unsafe.Offsetof(restorer.Stack{}.Flags)
	altSize  = unsafe.Offsetof(thread{}.alt) + unsafe.Offsetof(restorer.Stack{}.Size)
)

var _ [stubFrame - stubSaves - unsafe.Sizeof(entryFrame{})]byte
