package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The command inherits which signals this process was started with blocked and
// ignored (execve(2)). The Go runtime unblocks and handles most of them when it
// starts, and keeps what it found in variables (runtime/proc.go, initSigmask;
// runtime/signal_unix.go, fwdSig) that nothing returns and nothing may link to:
// they are looked up in this program's symbol table. Without one, only what the
// runtime leaves alone is inherited.

func init() {
	// Keep to one thread: the mask is set on it, and it executes.
	runtime.LockOSThread()
}

// restoreSignals blocks and ignores what was so when this process began. The
// process must execute at once: what the runtime needs may be blocked now.
func restoreSignals() {
	handlers, mask := inheritedSignals()
	if handlers != nil {
		restoreIgnored(handlers)
	}
	if mask != nil {
		setMask(mask, nil)
		requeuePending()
	}
}

// setMask sets this thread's signal mask; old, if any, becomes what it was.
func setMask(mask unsafe.Pointer, old *uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(mask), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// inheritedSignals returns the handlers and the mask that this process began
// with, nil where that is not known.
func inheritedSignals() (handlers *[65]uintptr, mask unsafe.Pointer) {
	f, err := elf.Open("/proc/self/exe")
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	return (*[65]uintptr)(variable(f, "runtime.fwdSig", 65*8)), variable(f, "runtime.initSigmask", 8)
}

// handlingSignals returns what the runtime knows of its handlers (runtime/signal_unix.go).
func handlingSignals() *[65]uint32 {
	f, err := elf.Open("/proc/self/exe")
	if err != nil {
		return nil
	}
	defer f.Close()
	return (*[65]uint32)(variable(f, "runtime.handlingSig", 65*4))
}

// restoreIgnored ignores each signal whose handler was SIG_IGN, without the
// runtime's knowledge.
func restoreIgnored(handlers *[65]uintptr) {
	const sigIgn = 1
	for sig, h := range handlers {
		if h == sigIgn {
			act := struct {
				handler, flags, restorer uintptr
				mask                     uint64
			}{handler: sigIgn}
			unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&act)), 0, unsafe.Sizeof(act.mask), 0, 0)
		}
	}
}

// variable returns the address of a variable of this program, or nil if it is
// not known or not of so many bytes.
func variable(f *elf.File, name string, size uint64) unsafe.Pointer {
	table, names := f.Section(".symtab"), f.Section(".strtab")
	if f.Type != elf.ET_EXEC || table == nil || names == nil {
		return nil
	}
	text, err := names.Data()
	if err != nil {
		return nil
	}
	at := bytes.Index(text, []byte("\x00"+name+"\x00")) + 1
	symbols, err := table.Data()
	if err != nil || at == 0 {
		return nil
	}
	for ; len(symbols) >= elf.Sym64Size; symbols = symbols[elf.Sym64Size:] {
		if binary.LittleEndian.Uint32(symbols) != uint32(at) {
			continue
		}
		if binary.LittleEndian.Uint64(symbols[16:]) != size {
			return nil
		}
		a := uintptr(binary.LittleEndian.Uint64(symbols[8:]))
		return *(*unsafe.Pointer)(unsafe.Pointer(&a))
	}
	return nil
}
