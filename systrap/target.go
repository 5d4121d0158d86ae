package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// target says what an execve is about to start.
type target uint8

const (
	targetFollow  target = iota // a 64-bit program with a dynamic loader
	targetMissing               // cannot be opened or executed: the kernel shall say why
	targetStatic
	target32
	targetSetuid
	targetTraced  // its parent traces it (tracee.go)
	targetForeign // neither ELF nor a script: binfmt_misc or ENOEXEC
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
	case targetSetuid:
		return "set-user-ID or set-group-ID, runs untraced"
	}
	return "not an ELF program, runs untraced"
}

// maxScripts is how many interpreters the kernel goes through (fs/exec.c,
// exec_binprm).
const maxScripts = 5

// classify looks at the file that is open at fd, and closes it. A script is as
// its interpreter is.
func classify(fd int64) target {
	for i := 0; i < maxScripts; i++ {
		var st unix.Stat_t
		var head [256]byte
		n := 0
		executable := rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 &&
			st.Mode&unix.S_IFMT == unix.S_IFREG && st.Mode&0o111 != 0
		if executable {
			n = pread(fd, head[:], 0)
		}
		if n < 4 {
			closeFd(fd)
			return targetMissing
		}
		if head[0] != '#' || head[1] != '!' {
			t := classifyELF(fd, head[:n])
			if t == targetFollow && raisesPrivilege(&st) {
				t = targetSetuid
			}
			closeFd(fd)
			return t
		}
		closeFd(fd)
		if fd = openInterpreter(head[:n]); fd < 0 {
			return targetMissing
		}
	}
	closeFd(fd)
	return targetMissing
}

// raisesPrivilege says whether the kernel would set AT_SECURE for st's mode, so
// that ld.so drops LD_PRELOAD (ld.so(8), "Secure-execution mode").
func raisesPrivilege(st *unix.Stat_t) bool {
	uid := uint32(rawsys.Syscall(unix.SYS_GETUID, 0, 0, 0, 0, 0, 0))
	gid := uint32(rawsys.Syscall(unix.SYS_GETGID, 0, 0, 0, 0, 0, 0))
	return st.Mode&unix.S_ISUID != 0 && st.Uid != uid ||
		st.Mode&(unix.S_ISGID|unix.S_IXGRP) == unix.S_ISGID|unix.S_IXGRP && st.Gid != gid
}

// openInterpreter opens the interpreter that a script's first line names.
func openInterpreter(head []byte) int64 {
	var path [256]byte
	i, n := 2, 0
	for i < len(head) && (head[i] == ' ' || head[i] == '\t') {
		i++
	}
	for ; i < len(head) && n < len(path)-1; i++ {
		if b := head[i]; b == ' ' || b == '\t' || b == '\n' || b == 0 {
			break
		}
		path[n] = head[i]
		n++
	}
	path[n] = 0
	return openFile(&path[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
}

// ELF header fields (gABI, chapters 4 and 5).
const (
	elfClass32   = 1
	elfPhoff     = 32
	elfPhentsize = 54
	elfPhnum     = 56
	ptInterp     = 3
)

// classifyELF looks for PT_INTERP. head is the beginning of the file.
func classifyELF(fd int64, head []byte) target {
	if len(head) < 64 || head[0] != 0x7f || head[1] != 'E' || head[2] != 'L' || head[3] != 'F' {
		return targetForeign
	}
	if head[4] == elfClass32 {
		return target32
	}
	off := *(*uint64)(unsafe.Pointer(&head[elfPhoff]))
	size := uint64(*(*uint16)(unsafe.Pointer(&head[elfPhentsize])))
	num := uint64(*(*uint16)(unsafe.Pointer(&head[elfPhnum])))
	var ph [4]byte
	for i := uint64(0); i < num; i++ {
		if pread(fd, ph[:], off+i*size) != len(ph) {
			return targetForeign
		}
		if ph[0] == ptInterp && ph[1]|ph[2]|ph[3] == 0 {
			return targetFollow
		}
	}
	return targetStatic
}

// pread makes pread64(2) untrapped and returns the count or a negated errno.
func pread(fd int64, b []byte, off uint64) int {
	return int(rawsys.Syscall(unix.SYS_PREAD64, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(off), 0, 0))
}
