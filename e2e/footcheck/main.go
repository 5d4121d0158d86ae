// Footcheck compares the program's memory before and after each call and reports what the kernel changed outside the
// ranges that package footprint named.
//
// It looks at writable memory that is the process's own, in processes with one thread: others would write it meanwhile.
// Its option is a file, to which a process that ends appends how many calls were compared, and why others were
// not, and each byte that was changed without being named appends a line at once.
package main

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

func main() {
	systrap.Run(systrap.Tool{Name: "footcheck", Init: start, Enter: enter, Exit: exit, Signal: signal, Fini: fini})
}

var (
	report systrap.PrivateFd
	// others counts threads, and children that share the memory and run beside the caller, also those that have ended:
	// the end takes its time, and is told of before.
	others atomic.Int32
	// turn is raised at each Enter; an Exit that finds another one belongs to a call during which a child that shares
	// the memory (vfork) made its own.
	turn  uint64
	saved footprint.Saved
	// handlers counts signals, before are those before the call.
	handlers atomic.Uint64
	before   uint64
	// preload is where LD_PRELOAD's value lies, preloadEnd its end: a process of ours that attaches to this one puts blanks for
	// our library there (core's attach.go), whatever call is under way.
	preload, preloadEnd uint64
	// What became of calls.
	checked, bytes, beside, shared, large, unseen, handled, hidden atomic.Uint64
)

var path [4097]byte

func start(p *systrap.Process) bool {
	if len(p.Options) >= len(path) {
		return false
	}
	n := copy(path[:], p.Options)
	path[n] = 0
	fd := systrap.Syscall(unix.SYS_OPENAT, fdCwd, uintptr(unsafe.Pointer(&path)), unix.O_WRONLY|unix.O_APPEND|unix.O_CREAT|unix.O_CLOEXEC, 0o666, 0, 0)
	if fd < 0 {
		systrap.Warn("cannot open the report")
		return false
	}
	findPreload(p.Env)
	firstBase = fsBase()
	var errno int
	if report, errno = systrap.Private(fd); errno != 0 {
		systrap.Warn("no descriptor for the report")
		return false
	}
	return true
}

// findPreload looks for LD_PRELOAD in the environment, a list of pointers.
func findPreload(env uint64) {
	const name = "LD_PRELOAD="
	var b [len(name)]byte
	for ; ; env += 8 {
		at, ok := systrap.ReadUint64(env)
		if !ok || at == 0 {
			return
		}
		if systrap.Read(b[:], at) == len(b) && string(b[:]) == name {
			preload = at + uint64(len(name))
			preloadEnd = preload
			for systrap.Read(b[:1], preloadEnd) == 1 && b[0] != 0 {
				preloadEnd++
			}
			return
		}
	}
}

const fdCwd = ^uintptr(99) // AT_FDCWD

// enough calls are compared in a process, as what makes more repeats itself. With memory that was too large or had too many
// mappings tooOften it is left alone.
const (
	enough   = 4000
	tooOften = 16
)

func enter(c *systrap.Call) systrap.Verdict {
	c.User = 0
	switch c.Sysno {
	case unix.SYS_CLONE, unix.SYS_CLONE3:
		if sharesMemory(c) {
			others.Add(1)
			shared.Add(1)
			return systrap.Pass
		}
	case unix.SYS_VFORK:
		shared.Add(1)
		return systrap.Pass
	}
	if c.NoReturn {
		return systrap.Pass
	}
	switch {
	case others.Load() > 0:
		beside.Add(1)
		return systrap.Pass
	case checked.Load() >= enough || large.Load() >= tooOften:
		return systrap.Pass
	}
	saved = footprint.Save(c)
	turn++
	before = handlers.Load()
	switch takeMemory() {
	case taken:
		c.User = turn
	case tooLarge:
		large.Add(1)
	case notSeen:
		unseen.Add(1)
	}
	return systrap.Pass
}

// sharesMemory says whether the call is one that makes a thread, or a child in the same memory.
func sharesMemory(c *systrap.Call) bool {
	flags := c.Args[0]
	if c.Sysno == unix.SYS_CLONE3 {
		flags, _ = systrap.ReadUint64(c.Args[0])
	}
	return flags&unix.CLONE_VM != 0
}

// signal notes that a handler is about to run: the parent of a fork may run one before its Exit.
func signal(*systrap.Signal) { handlers.Add(1) }

func exit(c *systrap.Call) {
	switch c.Sysno {
	case unix.SYS_CLONE, unix.SYS_CLONE3:
		switch {
		case c.Child && c.CloneFlags&unix.CLONE_VM == 0:
			forked()
		case !c.Child && sharesMemory(c) && (c.Failed() || c.Args[0]&unix.CLONE_VFORK != 0 && c.Sysno == unix.SYS_CLONE || vforked3(c)):
			others.Add(-1) // there is none, or it has gone already
		}
	case unix.SYS_FORK:
		if c.Child {
			forked()
		}
	}
	if c.User == 0 || c.User != turn || c.Child {
		return
	}
	if handlers.Load() != before {
		handled.Add(1)
		return
	}
	remember(c)
	if hidesOurs(c) {
		hidden.Add(1)
		return
	}
	compare(c)
	checked.Add(1)
}

// forked begins anew in a process that has a copy of its parent's memory.
func forked() {
	others.Store(0)
	for _, n := range [...]*atomic.Uint64{&checked, &bytes, &beside, &shared, &large, &unseen, &handled, &hidden} {
		n.Store(0)
	}
}

// vforked3 says whether a clone3 let the caller wait for the child to leave its memory.
func vforked3(c *systrap.Call) bool {
	flags, _ := systrap.ReadUint64(c.Args[0])
	return c.Sysno == unix.SYS_CLONE3 && flags&unix.CLONE_VFORK != 0
}

func fini(int) {
	if systrap.Vforked() {
		return
	}
	var b [200]byte
	l := systrap.LineOn(b[:])
	l.Str("checked ")
	l.Uint(checked.Load())
	l.Str(" bytes ")
	l.Uint(bytes.Load())
	l.Str(" beside ")
	l.Uint(beside.Load())
	l.Str(" shared ")
	l.Uint(shared.Load())
	l.Str(" large ")
	l.Uint(large.Load())
	l.Str(" unseen ")
	l.Uint(unseen.Load())
	l.Str(" handled ")
	l.Uint(handled.Load())
	l.Str(" hidden ")
	l.Uint(hidden.Load())
	l.Byte('\n')
	put(&l)
}

// put appends a line to the report.
func put(l *systrap.Line) {
	b := l.Bytes()
	systrap.Syscall(unix.SYS_WRITE, uintptr(report.Fd()), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
}

// unnamed reports that the call changed n bytes at addr that it did not name.
func unnamed(c *systrap.Call, addr, n uint64, old, now byte) {
	if now == ' ' && addr >= preload && addr+n <= preloadEnd {
		return
	}
	var b [500]byte
	l := systrap.LineOn(b[:])
	l.Str("unnamed ")
	l.Str(abi.Name(c.Sysno))
	l.Byte('(')
	for i, a := range c.Args {
		if i > 0 {
			l.Byte(',')
		}
		l.Hex(a)
	}
	l.Str(")=")
	l.Int(c.Result)
	l.Byte(' ')
	l.Hex(addr)
	l.Byte('+')
	l.Uint(n)
	l.Byte(' ')
	l.HexDigits(uint64(old), 2)
	l.Byte('>')
	l.HexDigits(uint64(now), 2)
	l.Str(" in ")
	l.Hex(where.start)
	l.Byte('-')
	l.Hex(where.end)
	l.Byte(' ')
	l.Raw(where.name)
	l.Str(" sp ")
	l.Hex(c.SP)
	l.Byte('\n')
	put(&l)
}

// hidesOurs says whether the call lists descriptors, of which the library has taken out its own: the kernel wrote
// more than the program is told of. The procfs may be mounted anywhere.
func hidesOurs(c *systrap.Call) bool {
	if c.Sysno != unix.SYS_GETDENTS64 && c.Sysno != unix.SYS_GETDENTS {
		return false
	}
	var b [256]byte
	n := systrap.FdPath(b[:], int(int32(c.Args[0])))
	if n <= 7 || string(b[n-3:n]) != "/fd" && string(b[n-7:n]) != "/fdinfo" {
		return false
	}
	var st unix.Statfs_t
	return systrap.Syscall(unix.SYS_FSTATFS, uintptr(c.Args[0]), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 && st.Type == unix.PROC_SUPER_MAGIC
}
