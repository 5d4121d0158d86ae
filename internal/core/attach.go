package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// A program that attaches to a traced process (PTRACE_ATTACH, PTRACE_SEIZE: strace -p, gdb -p, a crash handler)
// would see a signal of ours for each call. If it drops what it does not know, a `ud2` is executed for ever. So
// we, who make its request, take our traps from that process, as with one that asks to be traced by its parent:
// its text gets its bytes back, and its kernel lets its calls through. What was done is said in one line.
// See docs/decisions/attached-processes.md.

// neighbour is a process in which our library lies delta bytes from where it is here; mem is open on its memory.
type neighbour struct {
	mem   int64
	delta uint64
	// ready is set if it was there in whole.
	ready bool
	tries int // steps of sys.Pause
}

// beforePtrace looks at a request that is about to be made: the process runs, and may be at a trap just now. Who may
// not attach may not open its memory either. A child that shares its parent's memory and looks at that (LeakSanitizer)
// is left alone: the parent stands still meanwhile.
func beforePtrace(c *Call) {
	if currentVMChild() != nil {
		return
	}
	if c.Args[0] == unix.PTRACE_ATTACH || c.Args[0] == unix.PTRACE_SEIZE {
		letGo(int64(int32(c.Args[1])))
	}
}

// letGo takes our traps from process pid, of which the caller is to become the tracer.
func letGo(pid int64) {
	var n neighbour
	done := false
	// It may be about to execute a program, which then finds the memory as it was.
	for again := true; again && n.tries < settleWait; {
		m := lockCode()
		found := n.find(pid) && n.release()
		again = !found && n.loading(pid)
		unlockCode(m)
		done = done || found
		for found && n.tries < settleWait && n.settling(pid) {
			sys.Pause(n.tries)
			n.tries++
		}
		if found {
			var b [1]byte
			again = !n.read(b[:], n.there(unsafe.Pointer(&sudSelector)))
		}
		if again {
			sys.Pause(n.tries)
			n.tries++
		}
	}
	if n.mem > 0 {
		sys.Close(n.mem)
	}
	if !done {
		return
	}
	if NoFollow {
		return
	}
	var buf [128]byte
	l := line.On(buf[:])
	l.Str("process ")
	l.Int(pid)
	l.Str(" is attached to by process ")
	l.Int(sys.Getpid())
	l.Str(", goes on untraced")
	tracelog.Complain(&l)
}

// find looks for our library in process pid. The code lock is held.
func (n *neighbour) find(pid int64) bool {
	var path [40]byte
	if ownPathLen == 0 || !proc.Maps.OpenAt(procFile(path[:], pid, "/maps")) {
		return false
	}
	found := false
	var m proc.Mapping
	for !found && proc.Maps.Next(&m) {
		if m.Prot&unix.PROT_EXEC != 0 && string(m.Name) == string(ownPath[:ownPathLen]) {
			n.delta = m.Start - ownText.start
			found = m.End-m.Start == ownText.size
		}
	}
	proc.Maps.Close()
	if n.mem > 0 {
		sys.Close(n.mem) // of the memory before an execve
		n.mem = 0
	}
	if found {
		n.mem = sys.Open(procFile(path[:], pid, "/mem"), unix.O_RDWR|unix.O_CLOEXEC, 0)
	}
	return found && n.mem > 0
}

// release silences the tool, puts bytes back and switches the kernel's reports off. The byte that does that is last:
// what runs meanwhile is trapped or reported. The tool is told nothing more, as whatever it does may stop, while the
// tracer's side of it waits (sysKill). It returns false if that has been done before.
func (n *neighbour) release() bool {
	var selector, allow [1]byte // allow is sudAllow
	var word [8]byte
	n.ready = n.read(word[:], n.there(unsafe.Pointer(&ownText.start))) && le64(word[:]) == uint64(ownText.start)+n.delta
	if !n.ready {
		return false
	}
	at := n.there(unsafe.Pointer(&sudSelector))
	if !n.read(selector[:], at) || selector[0] != sudBlock {
		return false
	}
	var one = [4]byte{1}
	var begun [4]byte
	if !n.write(n.there(unsafe.Pointer(&released)), one[:]) || !n.read(begun[:], n.there(unsafe.Pointer(&started))) {
		return false
	}
	if begun[0] == 0 {
		return true
	}
	var silent [unsafe.Sizeof(tool) - unsafe.Sizeof(tool.Name)]byte // the name is first
	n.write(n.there(unsafe.Pointer(&tool))+uint64(unsafe.Sizeof(tool.Name)), silent[:])
	if !n.read(word[:], n.there(unsafe.Pointer(&sites))) {
		return false
	}
	table := le64(word[:])
	if !n.read(word[:], table) {
		return false
	}
	slots := le64(word[:]) + 1
	if slots > siteSlots {
		return false
	}
	if !n.restoreJumps() {
		return false
	}
	const step = proc.BufSize / 8
	for i := uint64(0); i < slots; i += step {
		b := proc.Maps.Buf[:8*min(step, slots-i)]
		if !n.read(b, table+8+8*i) {
			return false
		}
		for j := 0; j < len(b); j += 8 {
			if pc := le64(b[j:]); pc > tombstone {
				n.restore(pc)
			}
		}
	}
	n.unname()
	return n.write(at, allow[:])
}

// What processes that attach to this one say, and are told: released is set by those, started once all is in
// place that they take away. Before that, this process does it itself.
var released, started atomic.Uint32

// startReleased is called at the end of the start.
func startReleased() {
	started.Store(1)
	if released.Load() == 0 {
		return
	}
	tool = Tool{Name: tool.Name}
	sudSelector = sudAllow
	m := lockCode()
	forget(0, 1<<47, true)
	unlockCode(m)
	unnameOwn()
}

// settleWait is how long a process is waited for, in steps of sys.Pause.
const settleWait = sys.PauseYields + 2000

// settling says whether thread tid is on its way through a trap, which a tracer would see, and
// one of a displaced stub again and again: it has not been given the signal yet, or has just been made and
// has not been back from its stub. On a loaded machine that may take a while.
//
//go:noinline
func (n *neighbour) settling(tid int64) bool {
	var path [40]byte
	var buf [2048]byte
	fd := sys.Open(procFile(path[:], tid, "/status"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return false
	}
	size := sys.Read(fd, buf[:])
	sys.Close(fd)
	const state, pending = "State:\t", "SigPnd:\t"
	running := false
	p := ctext.FieldsOf(buf[:max(size, 0)])
	for p.At(0) != 0 {
		switch line := p.Rest(); {
		case ctext.StartsWith(line, state):
			running = p.At(len(state)) == 'R'
		case ctext.StartsWith(line, pending):
			p.Skip(len(pending))
			if p.Hex()&ownMask != 0 {
				return true
			}
		}
		p.Line()
	}
	var owner [8]byte
	return running && n.flying() || n.read(owner[:], n.there(unsafe.Pointer(&execOwner))) && le64(owner[:]) != 0
}

// loading says whether process pid, in which our library is not in whole, is about to load it.
// The code lock is held.
//
//go:noinline
func (n *neighbour) loading(pid int64) bool {
	var path [40]byte
	if n.ready {
		return false
	}
	for _, name := range [...]string{"/stat", "/environ"} {
		fd := sys.Open(procFile(path[:], pid, name), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if fd < 0 {
			return false
		}
		b := proc.Maps.Buf[:max(sys.Read(fd, proc.Maps.Buf[:]), 0)]
		sys.Close(fd)
		switch {
		case name == "/stat" && !contains(b, ") R "):
			return false
		case name == "/environ":
			return contains(b, stateEq) || contains(b, unsafe.String(&ownPath[0], ownPathLen))
		}
	}
	return false
}

// contains says whether s is in b.
func contains(b []byte, s string) bool {
	for i := 0; i+len(s) <= len(b); i++ {
		if string(b[i:i+len(s)]) == s {
			return true
		}
	}
	return false
}

// flying says whether a call of the process is at a displaced stub.
func (n *neighbour) flying() bool {
	for i := range flights {
		var refs [4]byte
		if n.read(refs[:], n.there(unsafe.Pointer(&flights[i].refs))) && refs[0] != 0 {
			return true
		}
	}
	return false
}

// restore makes the trap at pc the program's instruction again.
func (n *neighbour) restore(pc uint64) {
	var b [siteSize]byte
	if !n.read(b[:], pc) {
		return
	}
	for _, trap := range [...][siteSize]byte{{0x0f, 0x0b}, {0xcc, 0x05}, {0xf4, 0x05}} {
		if b == trap {
			n.write(pc, syscallBytes[:])
		}
	}
}

// unname puts blanks, which ld.so skips, for our library in the LD_PRELOAD that the process was started with: what it
// execs is not to load it again (unnameOwn).
func (n *neighbour) unname() {
	var word [8]byte
	if !n.read(word[:], n.there(unsafe.Pointer(&self.envp))) {
		return
	}
	block := le64(word[:])
	var entry [512]byte
	for i := uint64(0); n.read(word[:], block+8*i); i++ {
		at := le64(word[:])
		if at == 0 {
			return
		}
		if !n.read(entry[:len(preloadEq)], at) || !ctext.StartsWith(entry[:], preloadEq) {
			continue
		}
		// What follows may end at the end of the stack: byte by byte is enough, once in a lifetime.
		size := len(preloadEq)
		for size < len(entry) && n.read(entry[size:size+1], at+uint64(size)) && entry[size] != 0 {
			size++
		}
		blankOwn(entry[len(preloadEq):size])
		n.write(at, entry[:size])
	}
}

// there is the address in the other process of a variable of ours.
func (n *neighbour) there(v unsafe.Pointer) uint64 { return uint64(uintptr(v)) + n.delta }

func (n *neighbour) read(b []byte, addr uint64) bool {
	return rawsys.Syscall(unix.SYS_PREAD64, uintptr(n.mem), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(addr), 0, 0) == uintptr(len(b))
}

func (n *neighbour) write(addr uint64, b []byte) bool {
	return rawsys.Syscall(unix.SYS_PWRITE64, uintptr(n.mem), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(addr), 0, 0) == uintptr(len(b))
}

// le64 is the number in the first eight bytes of b.
func le64(b []byte) uint64 { return *(*uint64)(unsafe.Pointer(&b[0])) }

var _ [0]byte = [unsafe.Offsetof(tool.Name)]byte{}

// procFile writes "/proc/PID" and what follows to b, and a NUL.
func procFile(b []byte, pid int64, rest string) *byte {
	l := line.On(b[:len(b)-1])
	l.Str("/proc/")
	l.Int(pid)
	l.Str(rest)
	b[l.Len()] = 0
	return &b[0]
}
