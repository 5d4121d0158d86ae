package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"libsystrap/systrap/line"
)

// target says what an execve is about to start.
type target uint8

const (
	targetFollow  target = iota // a 64-bit program with a dynamic loader, as far as can be told
	targetMissing               // cannot be opened or executed: the kernel shall say why
	targetStatic
	target32
	targetSecure
	targetCapable
	targetOtherIds
	targetTraced  // its parent traces it (tracee.go)
	targetForeign // neither ELF nor a script: binfmt_misc or ENOEXEC
	targetLists   // the loader is asked for a program's libraries
	targetNoLibrary
	targetNoMemory
	targetFull // its arguments leave no room for ours
)

// why is the line that is printed for a target that cannot be followed.
func (t target) why() string {
	switch t {
	case targetStatic:
		return "statically linked, runs untraced"
	case target32:
		return "a 32-bit program, runs untraced"
	case targetTraced:
		return "traced by its parent, runs untraced"
	case targetSecure:
		return "set-user-ID or set-group-ID, runs untraced"
	case targetCapable:
		return "has file capabilities, runs untraced"
	case targetOtherIds:
		return "its caller's real and effective ids differ, runs untraced"
	case targetLists:
		return "asked for its libraries only (ldd), runs untraced"
	case targetNoLibrary:
		return "the library cannot be loaded where it runs, runs untraced"
	case targetNoMemory:
		return "its memory is limited too much for the library (RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK), runs untraced"
	case targetFull:
		return "its arguments leave no room for the library's name, runs untraced"
	}
	return "not an ELF program, runs untraced"
}

// maxScripts is how many interpreters the kernel goes through (fs/exec.c,
// exec_binprm).
const maxScripts = 5

// lookAt looks at the file that e executes. A script is as its interpreter is. What may
// be executed but not be read is taken for a program like most.
func lookAt(e *execCall) (target, outlook) {
	var st unix.Stat_t
	switch r := e.stat(&st); {
	case uintptr(r) == sys.Refused && seccomp.On:
		return targetFollow, doubtful // by a filter: the kernel may find it
	case r != 0 || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Mode&0o111 == 0:
		return targetMissing, fails
	}
	fd, own := e.open()
	for i := 0; ; i++ {
		if fd < 0 {
			return secureOr(targetFollow, -1, &st), succeeds
		}
		var head [scriptLine]byte
		n := max(pread(fd, head[:], 0), 0)
		if n < 2 || head[0] != '#' || head[1] != '!' {
			t, sure := classifyELF(fd, head[:n], st.Size)
			if t == targetForeign || t == target32 {
				var path [scriptLine]byte
				if known := miscFormat(path[:], head[:n], e.path); known == succeeds {
					if path[scriptLine-1] == miscCredentials && secureOr(targetFollow, fd, &st) != targetFollow {
						closeOwn(fd, own)
						return targetSecure, succeeds
					}
					closeOwn(fd, own)
					s := execCall{fd: unix.AT_FDCWD, path: uint64(uintptr(unsafe.Pointer(&path[0]))), argv: noArgsAddr()}
					if i >= maxScripts || s.stat(&st) != 0 {
						return targetForeign, doubtful
					}
					fd, own = s.open()
					continue
				} else if t == targetForeign {
					sure = known
				}
			}
			if t == targetLoader {
				if t = targetFollow; e.asksLoader() {
					t = targetLists
				}
			}
			t = secureOr(t, fd, &st)
			if refusesCapabilities(fd) {
				sure = fails
			}
			closeOwn(fd, own)
			return t, sure
		}
		closeOwn(fd, own)
		if i == maxScripts {
			return targetFollow, fails
		}
		var path [scriptLine]byte
		if !interpreter(path[:], head[:n]) {
			return targetFollow, fails
		}
		s := execCall{fd: unix.AT_FDCWD, path: uint64(uintptr(unsafe.Pointer(&path[0]))), argv: noArgsAddr()}
		if s.check(s.argv) != 0 || s.stat(&st) != 0 {
			return targetFollow, fails
		}
		fd, own = s.open()
	}
}

func closeOwn(fd int64, own bool) {
	if own {
		sys.Close(fd)
	}
}

// stat is fstatat(2) of what e executes.
func (e *execCall) stat(st *unix.Stat_t) int64 {
	return int64(rawsys.Syscall(unix.SYS_NEWFSTATAT, uintptr(e.fd), uintptr(e.path), uintptr(unsafe.Pointer(st)),
		uintptr(e.flags&(unix.AT_EMPTY_PATH|unix.AT_SYMLINK_NOFOLLOW)), 0, 0))
}

// open opens what e executes, a regular file, to be read, and says whether the
// descriptor is ours; it is negative if it cannot be. One of the program's is used as it
// is, but not if it was opened with O_PATH, or only to be written to.
func (e *execCall) open() (fd int64, own bool) {
	const flags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOCTTY | unix.O_NONBLOCK
	path := uintptr(e.path)
	at := uintptr(e.fd)
	var link [48]byte
	if e.flags&unix.AT_EMPTY_PATH != 0 && isEmpty(e.path) {
		var b [1]byte
		if pread(e.fd, b[:], 0) >= 0 {
			return e.fd, false
		}
		nameFd(link[:], e.fd)
		path = uintptr(unsafe.Pointer(&link[0]))
	}
	r := sys.OpenAt(at, path, flags, 0)
	if r == -int64(unix.EMFILE) {
		r = openLifted(at, path, flags)
	}
	return r, true
}

// isEmpty says whether the string at addr is empty.
func isEmpty(addr uint64) bool {
	var b [1]byte
	return mem.Read(b[:], addr) == 1 && b[0] == 0
}

// nameFd writes the name of descriptor fd in /proc, with its NUL.
func nameFd(link []byte, fd int64) {
	l := line.On(link[:len(link)-1])
	l.Str("/proc/self/fd/")
	l.Int(fd)
	link[l.Len()] = 0
}

// openLifted is openat(2) with a limit on descriptors that is lifted for the moment: the
// program has all numbers below it.
func openLifted(at, path, flags uintptr) int64 {
	var old unix.Rlimit
	ownfd.Prlimit(nil, &old)
	lim := unix.Rlimit{Cur: old.Cur + 1, Max: max(old.Max, old.Cur+1)}
	ownfd.Prlimit(&lim, nil)
	r := sys.OpenAt(at, path, flags, 0)
	ownfd.Prlimit(&old, nil)
	return r
}

// scriptLine is how much of a script's first line the kernel looks at, in bytes
// (BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h).
const scriptLine = 256

// interpreter takes the path of the interpreter out of a script's first bytes, as the
// kernel does (load_script, fs/binfmt_script.c).
func interpreter(path, head []byte) bool {
	i, n := 2, 0
	for i < len(head) && (head[i] == ' ' || head[i] == '\t') {
		i++
	}
	for ; i < len(head); i++ {
		if b := head[i]; b == ' ' || b == '\t' || b == '\n' || b == 0 {
			break
		}
		path[n] = head[i]
		n++
	}
	// A path that the buffer cuts off is none.
	return n > 0 && (i < len(head) || len(head) < scriptLine)
}

// pread makes pread64(2) untrapped and returns the count or a negated errno.
func pread(fd int64, b []byte, off uint64) int {
	return int(rawsys.Syscall(unix.SYS_PREAD64, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(off), 0, 0))
}
