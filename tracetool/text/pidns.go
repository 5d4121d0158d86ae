package text

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// A process in a PID namespace of its own has one number there and another
// where the trace is read. /proc, as mounted outside, has both.

// statusPart is how much of /proc/PID/status is read: its lines with numbers
// by namespace come before that.
const statusPart = 384

// Flat is the process that is known to be in no deeper namespace than the trace's reader; Strayed is set once a child that shares this
// memory was in another namespace than it. They lie where the next image is told from.
var (
	Flat    = &ownFlat
	Strayed = &ownStrayed

	ownFlat    atomic.Int64
	ownStrayed bool
)

// pidBase returns the level of the PID namespace that the trace is read in.
func pidBase() int { return max(Opt.PidBase, 1) }

// pidLevel returns the level of the process's PID namespace, as /proc sees it,
// or 0 if that is the reader's.
//
//go:noinline
func pidLevel() int {
	pid := int64(systrap.Pid())
	shares := systrap.Vforked()
	stray := *Strayed && shares
	if Flat.Load() == pid && !stray {
		return 0
	}
	if known := deep.Load(); known>>32 == uint64(pid) && !shares {
		return int(uint32(known))
	}
	var path [64]byte
	var text [statusPart]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/status")
	_, _, level := IdLine(text[:ReadFile(&path, text[:])], IDThread, 0)
	if level > pidBase() {
		if !shares {
			deep.Store(uint64(pid)<<32 | uint64(level))
		}
		return level
	}
	if !stray {
		Flat.Store(pid)
	}
	return 0
}

// What is known of this process where it is in a deeper namespace: deep has its number and the namespace's level, outers have numbers of its threads there
// and where the trace is read, each in one half.
var (
	deep   atomic.Uint64
	outers [64]atomic.Uint64
)

// ForgetProcess forgets that: the caller is another one, made by fork.
func ForgetProcess() {
	deep.Store(0)
	for i := range outers {
		outers[i].Store(0)
	}
}

// ForgetThread forgets what is known of tid, which is a new thread's.
func ForgetThread(tid int) { outers[tid%len(outers)].Store(0) }

// idLines are the names of the lines of /proc/PID/status by idKind (proc(5)).
var idLines = [...]string{"NSpid:", "NStgid:", "NSpgid:", "NSsid:"}

// IdLine reads a line of numbers by namespace, the outermost first: that of the
// trace's reader, the one of a level, and how many there are.
func IdLine(text []byte, what IDKind, level int) (outer, at int32, count int) {
	key := idLines[what]
	for i := 0; i+len(key) < len(text); i++ {
		if i > 0 && text[i-1] != '\n' || string(text[i:i+len(key)]) != key {
			continue
		}
		for i += len(key); i < len(text) && text[i] == '\t'; {
			v := int32(0)
			for i++; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
				v = v*10 + int32(text[i]-'0')
			}
			if count++; count == pidBase() {
				outer = v
			}
			if count == level {
				at = v
			}
		}
		break
	}
	return outer, at, count
}

// hints remember in which process of /proc a number was found: the number in
// the upper half and the process in the lower.
var hints [64]atomic.Uint64

// idAt is idIn with the namespace compared.
func idAt(pid int, v int32, what IDKind, level int) int32 {
	outer, deeper := idIn(pid, v, what, level)
	if outer != 0 && !deeper && !sameNamespace(pid) {
		return 0
	}
	return outer
}

// outerID returns the number where the trace is read of what has number v in
// the process's namespace, or 0: it looks at all processes.
//
//go:noinline
func outerID(v int32, what IDKind, level int) int32 {
	hint := &hints[v%int32(len(hints))]
	if h := hint.Load(); int32(h>>32) == v {
		if outer := idAt(int(uint32(h)), v, what, level); outer != 0 {
			return outer
		}
	}
	var names [128]byte
	var path [8]byte
	copy(path[:], "/proc")
	dir := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&path)), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if dir < 0 {
		return 0
	}
	found := int32(0)
	for found == 0 {
		n := int(systrap.Syscall(unix.SYS_GETDENTS64, uintptr(dir), uintptr(unsafe.Pointer(&names)), uintptr(len(names)), 0, 0, 0))
		if n <= 0 {
			break
		}
		const size, text = 16, 19 // offsets in struct linux_dirent64
		for at := 0; at < n && found == 0; at += int(names[at+size]) | int(names[at+size+1])<<8 {
			pid := 0
			for i := at + text; names[i] >= '0' && names[i] <= '9'; i++ {
				pid = pid*10 + int(names[i]-'0')
			}
			if pid > 0 {
				if found = idAt(pid, v, what, level); found != 0 {
					hint.Store(uint64(v)<<32 | uint64(pid))
				}
			}
		}
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(dir), 0, 0, 0, 0, 0)
	return found
}

// idIn returns the reader's number of kind what of process pid, if that of our
// level is v, and whether the process is in deeper namespaces.
//
//go:noinline
func idIn(pid int, v int32, what IDKind, level int) (outer int32, deeper bool) {
	var path [64]byte
	var text [statusPart]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/")
	l.Uint(uint64(pid))
	l.Str("/status")
	outer, at, count := IdLine(text[:ReadFile(&path, text[:])], what, level)
	if count < level || at != v {
		return 0, false
	}
	return outer, count > level
}

// sameNamespace says whether process pid is in our PID namespace.
//
//go:noinline
func sameNamespace(pid int) bool {
	var path [64]byte
	var theirs, ours [32]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/")
	l.Uint(uint64(pid))
	l.Str("/ns/pid")
	if n := namespaceLink(&path, &theirs); n <= 0 {
		return n == -int64(unix.ENOENT) // it ended; what may not be read is not of ours
	}
	path = [64]byte{}
	l = systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/ns/pid")
	return namespaceLink(&path, &ours) > 0 && ours == theirs
}

func namespaceLink(path *[64]byte, link *[32]byte) int64 {
	return systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(link)), uintptr(len(link)), 0, 0, 0)
}

// OuterTid returns the number where the trace is read of tid, if that is the calling thread
// or its process, or tid.
//
//go:noinline
func OuterTid(tid int) int {
	what := IDThread
	if tid != systrap.Tid() {
		what = IDProcess
	}
	if what == IDProcess && tid != systrap.Pid() || pidLevel() == 0 {
		return tid
	}
	known, shares := &outers[tid%len(outers)], systrap.Vforked()
	if k := known.Load(); k>>32 == uint64(tid) && !shares {
		return int(uint32(k))
	}
	var path [64]byte
	var text [statusPart]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/status")
	if outer, _, _ := IdLine(text[:ReadFile(&path, text[:])], what, 0); outer != 0 {
		if !shares {
			known.Store(uint64(tid)<<32 | uint64(outer))
		}
		return int(outer)
	}
	return tid
}
