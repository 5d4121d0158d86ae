package launch

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// Exec is an execve(2) that another process is about to make, with what it gives the kernel.
type Exec struct {
	// Tid is the thread that makes it.
	Tid int
	// Path, Argv and Envp are addresses there.
	Path, Argv, Envp uintptr
	// Words are the arguments.
	Words []string
}

// Beside puts a library into the program that another process executes, which need not be a child of the caller's. ready is called
// once the caller is that thread's tracer, as nobody will be when Beside returns. file is the number that the library's file has in
// the caller, there what it has in the program. executed is false if the process has ended without it. The caller must be locked to its thread.
func Beside(e *Exec, file, there int, keep bool, vars []string, ready func()) (executed bool, err error) {
	one.Lock()
	defer one.Unlock()
	w, lib := &work, &library
	if f := lib.Read(int64(file)); f.Failed() {
		return false, refused(f)
	}
	if Forbidden.Trace {
		return false, &Refused{"PTRACE_SEIZE", unix.EPERM}
	}
	*w = inject.Work{Lib: lib, Fd: int64(there), Keep: keep, VDSO: vdso()}
	w.NoCopies, w.Any, w.Tid = Forbidden.Copies, true, int64(e.Tid)
	block := newBlock(vars, e.Words, nil)
	w.Block, w.BlockSize = (*inject.Block)(unsafe.Pointer(&block[0])), uintptr(len(block)*8)
	w.Block.Exec.Path, w.Block.Exec.Argv, w.Block.Exec.Envp = e.Path, e.Argv, e.Envp
	xstate := make([]uint64, xstateSize/8)
	w.Xstate, w.XstateSize = (*byte)(unsafe.Pointer(&xstate[0])), xstateSize
	if r := w.Seize(inject.TraceSysgood | inject.TraceExec); r != 0 {
		return false, &Refused{"PTRACE_SEIZE", unix.Errno(-r)}
	}
	ready()
	if !w.AwaitExec() {
		return false, nil
	}
	f := w.AtExec()
	w.Detach()
	runtime.KeepAlive(block)
	runtime.KeepAlive(xstate)
	if f.Failed() && f.Errno != int64(unix.ESRCH) {
		return true, refused(f)
	}
	return true, nil
}
