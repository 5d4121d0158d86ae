package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/text"
)

// selected are the paths of -P, as given and resolved; both lie in pathText.
var (
	selected  [64]string
	selectN   int
	givenN    int
	pathText  [16384]byte
	pathTextN int
)

// selectPath adds a path.
func selectPath(s string) bool {
	if isSelected(s) {
		return true
	}
	if selectN == len(selected)/2 {
		return die("too many -P")
	}
	selected[selectN] = s
	selectN++
	return true
}

func isSelected(s string) bool {
	for i := 0; i < selectN; i++ {
		if selected[i] == s {
			return true
		}
	}
	return false
}

// resolvePaths adds what the paths are without symbolic links and "..", as the
// links of /proc/self/fd have them.
func resolvePaths() {
	n := selectN
	for i := 0; i < n; i++ {
		s := selected[i]
		fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&withNUL(s)[0])), unix.O_PATH|unix.O_CLOEXEC, 0, 0, 0, 0)
		if fd < 0 {
			continue
		}
		buf := pathText[pathTextN:]
		k := linkOf(int32(fd), buf)
		systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
		if k <= 0 || k == len(buf) || buf[0] != '/' {
			continue
		}
		real := unsafe.String(&buf[0], k)
		if real == s {
			continue
		}
		if !opt.quiet.Has(quietPath) {
			var room [2048]byte
			p := text.Printer{Line: systrap.LineOn(room[:])}
			quoteAll(&p, s)
			p.Str(" resolved into ")
			quoteAll(&p, real)
			if n := p.Len(); n > 0 {
				say("Requested path ", unsafe.String(&room[0], n))
			}
		}
		if !isSelected(real) {
			selected[selectN] = real
			selectN++
			pathTextN += k
		}
	}
}

// quoteAll prints s as a string, whatever -s and -x say.
func quoteAll(p *text.Printer, s string) {
	var q text.Quote
	p.Byte('"')
	for i := 0; i < len(s); i++ {
		p.Escape(&q, s[i])
	}
	p.EndQuote(&q)
}

// linkOf reads the link of a descriptor; it returns how long it is, or <= 0.
func linkOf(fd int32, dst []byte) int {
	var path [32]byte
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/fd/")
	l.Uint(uint64(fd))
	return int(systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)), 0, 0, 0))
}

// fdSelected says whether a descriptor is open on a selected path.
//
//go:noinline
func fdSelected(fd int32) bool {
	if fd < 0 {
		return false
	}
	var link [1024]byte
	n := linkOf(fd, link[:])
	if n <= 0 {
		return false
	}
	const deleted = " (deleted)"
	s := unsafe.String(&link[0], n)
	if isSelected(s) {
		return true
	}
	return n > len(deleted) && s[n-len(deleted):] == deleted && isSelected(s[:n-len(deleted)])
}

// pathSelected says whether the program's string at addr is a selected path.
//
//go:noinline
func pathSelected(addr uint64) bool {
	var b [1024]byte
	if addr == 0 {
		return false
	}
	n, ended := systrap.ReadString(b[:], addr)
	return n > 0 && ended && isSelected(unsafe.String(&b[0], n))
}

// selects says whether -P lets the call through: one of its paths or of its
// descriptors is a selected one.
func selects(c *systrap.Call, r *abi.Call) bool {
	if selectN == 0 {
		return true
	}
	if r.Classes&(abi.ClassFile|abi.ClassDesc|abi.ClassNet) == 0 {
		return false
	}
	a := &c.Args
	switch c.Sysno {
	case unix.SYS_SELECT, unix.SYS_PSELECT6:
		return selectsFdset(a)
	case unix.SYS_POLL, unix.SYS_PPOLL:
		return selectsPoll(a)
	case unix.SYS_MMAP:
		return fdSelected(int32(a[4]))
	case unix.SYS_EPOLL_CTL:
		return fdSelected(int32(a[2]))
	case unix.SYS_FANOTIFY_MARK:
		return fdSelected(int32(a[3])) || pathSelected(a[4])
	case unix.SYS_SYMLINK, unix.SYS_QUOTACTL:
		return pathSelected(a[1])
	case unix.SYS_SYMLINKAT:
		return fdSelected(int32(a[1])) || pathSelected(a[2])
	case unix.SYS_FSCONFIG:
		const setPath, setPathEmpty, setFd = 3, 4, 5
		switch uint32(a[1]) {
		case setPath, setPathEmpty:
			return fdSelected(int32(a[4])) || pathSelected(a[3])
		case setFd:
			return fdSelected(int32(a[4]))
		}
		return false
	}
	if noObject(c.Sysno) {
		return false
	}
	for i, k := range r.Args {
		switch {
		case k == abi.Path && pathSelected(a[i]):
			return true
		case (k == abi.Fd || k == abi.DirFd) && fdSelected(int32(a[i])):
			return true
		}
	}
	return false
}

// noObject says whether a call's descriptors are not what -P means: they are
// its result, or no files.
func noObject(nr int64) bool {
	switch nr {
	case unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_BPF, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
		unix.SYS_LANDLOCK_ADD_RULE, unix.SYS_LANDLOCK_RESTRICT_SELF, unix.SYS_MQ_GETSETATTR, unix.SYS_MQ_NOTIFY,
		unix.SYS_MQ_TIMEDRECEIVE, unix.SYS_MQ_TIMEDSEND, unix.SYS_PERF_EVENT_OPEN, unix.SYS_SIGNALFD, unix.SYS_SIGNALFD4,
		unix.SYS_TIMERFD_GETTIME, unix.SYS_TIMERFD_SETTIME, unix.SYS_FSMOUNT, unix.SYS_FANOTIFY_INIT:
		return true
	}
	return false
}

// selectsFdset is selects for select(2).
func selectsFdset(a *[6]uint64) bool {
	n := int32(a[0])
	for set := 1; set <= 3; set++ {
		words := min((int64(n)+63)/64, 1<<14)
		if n <= 0 || a[set] == 0 {
			continue
		}
		if _, ok := systrap.ReadUint64(a[set] + uint64(words-1)*8); !ok {
			continue
		}
		for w := int32(0); int64(w) < words; w++ {
			bits, ok := systrap.ReadUint64(a[set] + uint64(w)*8)
			if !ok {
				break
			}
			for i := int32(0); i < 64 && w*64+i < n; i++ {
				if bits>>i&1 != 0 && fdSelected(w*64+i) {
					return true
				}
			}
		}
	}
	return false
}

// selectsPoll is selects for poll(2).
func selectsPoll(a *[6]uint64) bool {
	for i := uint64(0); i < uint64(uint32(a[1])) && i < 1<<20; i++ {
		v, ok := systrap.ReadUint64(a[0] + i*8)
		if !ok {
			return false
		}
		if fdSelected(int32(v)) {
			return true
		}
	}
	return false
}
