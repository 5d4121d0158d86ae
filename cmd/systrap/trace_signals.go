package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The command inherits which signals this process was started with blocked and
// ignored (execve(2)). The Go runtime unblocks and handles most of them when it
// starts: start has noted them. Where it was not the program's entry, only what the
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
// with; nil where that is not known.
func inheritedSignals() (handlers *[65]uintptr, mask unsafe.Pointer) {
	if stackAtStart == 0 {
		return nil, nil
	}
	return &handlersAtStart, unsafe.Pointer(&maskAtStart)
}

// handledByRuntime returns what the runtime knows of its own handlers (runtime/signal_unix.go, handlingSig), which nothing returns and nothing
// may link to: it is looked up in this program's symbol table. nil is returned where there is none.
func handledByRuntime() *[65]uint32 {
	symbols, names := ownSymbols()
	return (*[65]uint32)(variable(symbols, names, "runtime.handlingSig", 65*4))
}

// filesLimit is the limit of descriptors that this process began with, which the Go runtime has raised
// (syscall/rlimit.go, which gives it back to children that it starts itself), or nil.
func filesLimit() *unix.Rlimit {
	if stackAtStart == 0 {
		return nil
	}
	return &filesAtStart
}

// ownSymbols returns this program's symbol table and the names in it; nothing where there is none.
func ownSymbols() (symbols, names []byte) {
	file, err := os.Open("/proc/self/exe")
	if err != nil {
		file, err = os.Open(executedFile()) // /proc is not mounted
	}
	if err != nil {
		return nil, nil
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return nil, nil
	}
	table, text := f.Section(".symtab"), f.Section(".strtab")
	if f.Type != elf.ET_EXEC || table == nil || text == nil {
		return nil, nil
	}
	// They are neighbours. To map them costs less than to read half a megabyte.
	from, to := min(table.Offset, text.Offset)&^uint64(os.Getpagesize()-1), max(table.Offset+table.Size, text.Offset+text.Size)
	all, err := unix.Mmap(int(file.Fd()), int64(from), int(to-from), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, nil
	}
	part := func(s *elf.Section) []byte { return all[s.Offset-from:][:s.Size] }
	return part(table), part(text)
}

// restoreIgnored ignores each signal whose handler was SIG_IGN, without the
// runtime's knowledge.
func restoreIgnored(handlers *[65]uintptr) {
	for sig, h := range handlers {
		if h == sigIgn {
			setHandler(sig, sigIgn)
		}
	}
}

// setHandler makes handler (SIG_DFL or SIG_IGN) the kernel's disposition of a signal,
// without the runtime's knowledge.
func setHandler(sig int, handler uintptr) {
	act := struct {
		handler, flags, restorer uintptr
		mask                     uint64
	}{handler: handler}
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&act)), 0, unsafe.Sizeof(act.mask), 0, 0)
}

// variable returns the address of a variable of this program, by its symbols and
// their names, or nil if it is not known or not of so many bytes.
func variable(symbols, names []byte, name string, size uint64) unsafe.Pointer {
	at := bytes.Index(names, []byte("\x00"+name+"\x00")) + 1
	if at == 0 {
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
