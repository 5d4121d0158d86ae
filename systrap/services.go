package systrap

import (
	"libsystrap/internal/core"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/tracelog"
	"libsystrap/systrap/line"
)

// Line builds text in a fixed buffer that its owner supplies; it never allocates. Str, Raw,
// Byte, Int, Uint, UintPad, Hex, HexDigits, Oct, OctDigits and Pad append to it; Bytes is
// what it holds. Text that does not fit is dropped, and Overflow says so.
type Line = line.Line

// LineOn returns an empty line that writes to buf. On a buffer in the caller's
// frame it must be this, as escape analysis gives up on Line.Init.
func LineOn(buf []byte) Line { return line.On(buf) }

// Log adds b to the trace's stream, in one piece: standard error as it was at the start,
// wherever the program puts that later.
func Log(b []byte) { tracelog.Write(b) }

// Complain writes one line of the library's own, "NAME: text", to the trace's
// stream.
func Complain(l *Line) { tracelog.Complain(l) }

// Warn writes "NAME: s" and a newline to the trace's stream, as [Complain] does
// for text in a Line.
func Warn(s string) { tracelog.Warn(s) }

// Read copies len(dst) bytes of the program's memory at addr and returns how
// many could be read before the first unreadable page: a bad pointer of the
// program never faults here. With Tool.Signal set it costs no system call in
// the common case.
func Read(dst []byte, addr uint64) int { return mem.Read(dst, addr) }

// ReadUint64 reads one 8-byte word of the program's memory.
func ReadUint64(addr uint64) (v uint64, ok bool) { return mem.ReadUint64(addr) }

// Words reads a list of words of the program's memory one after the other, as execve(2) has them of pointers: for each some are read at a
// time. Set At to the address of the first.
type Words = mem.Words

// ReadString copies the string at addr, up to and without its NUL, into dst. It
// returns the bytes copied, and whether the NUL was found within dst; n is -1
// if not even the first byte can be read.
func ReadString(dst []byte, addr uint64) (n int, terminated bool) { return mem.ReadString(dst, addr) }

// Write copies src to the program's memory at addr, honouring the page
// protections, and returns how many bytes were written.
func Write(addr uint64, src []byte) int { return mem.Write(addr, src) }

// MapShared maps n bytes of zeroed memory that children made by fork share, or
// returns 0. The memory is reserved, not committed, and in no core file.
func MapShared(n uintptr) uintptr { return ownmem.Shared(n) }

// MapPrivate maps n bytes of zeroed memory, which a child made by fork finds
// zeroed again (MADV_WIPEONFORK, Linux 4.14), or returns 0. The memory is
// reserved, not committed, and in no core file.
func MapPrivate(n uintptr) uintptr { return ownmem.Private(n) }

// Unmap gives back memory of [MapShared] or [MapPrivate].
func Unmap(p, n uintptr) { ownmem.Unmap(p, n) }

// Syscall makes a system call of the tool's own: it is not trapped, and the
// tool does not see it. It returns a negated errno in [-4095, -1] or the
// result. Behind a seccomp filter of the program's that might not let it pass it
// is not made, and fails with EPERM: the filter is asked with the arguments. The program's
// handlers wait for it: [Call.Perform] is for the program's own call. A descriptor that open(2), openat(2), openat2(2),
// socket(2) or memfd_create(2) gives has not the lowest free number where there are other threads, which may be about to
// use that: it is 40 or above, unless the limit forbids.
func Syscall(nr int, a0, a1, a2, a3, a4, a5 uintptr) int64 {
	return ownfd.Syscall(nr, a0, a1, a2, a3, a4, a5)
}

// PrivateFd is a descriptor of the tool's that the program cannot see or close.
type PrivateFd int

// Private makes the file behind fd the tool's alone: it gets a number that the program
// is not given, for which the program's calls answer EBADF, which is not listed in
// /proc/PID/fd, and which close_range(2), closefrom(3) and dup2(2) leave open. fd itself is
// closed. A child made by fork(2) has it, too; an execve(2) closes it, and the next image's
// Init opens its own. The errno is 0, or EBADF for a bad fd, EMFILE where the process has
// no number left or there are 8 already; fd is open then.
func Private(fd int64) (p PrivateFd, errno int) {
	own, errno := ownfd.Private(fd)
	return PrivateFd(own), errno
}

// Fd returns the descriptor's number just now, for [Syscall], or -1 if it is closed.
// It changes when the program wants the number for itself (dup2(2)), so it is asked for
// at each use.
func (p PrivateFd) Fd() int64 { return ownfd.PrivateFd(p).Fd() }

// Close closes the descriptor. Threads that have a table of descriptors of their own
// (unshare(2), CLONE_FILES) keep theirs.
func (p PrivateFd) Close() { ownfd.PrivateFd(p).Close() }

// FdPath writes what descriptor fd of the calling thread is open on to buf, as its link in
// /proc/self/fd says ("/etc/passwd", "socket:[123]", "/tmp/x (deleted)"); for AT_FDCWD it
// is the working directory. It returns the length in bytes, or a negated errno: EBADF for a
// descriptor that is not open or the library's own, ENAMETOOLONG if buf is too
// short, ENOENT where /proc is not mounted. It is a system call, or two.
func FdPath(buf []byte, fd int) int { return ownfd.Path(buf, fd) }

// Getenv returns the value of a variable of the environment that this process image was
// started with, and whether it has one; without what is the library's own. What the program
// changes later is not seen. The value lies in the program's memory: a tool that keeps it
// copies it, as the program may write over it (setproctitle(3)). It makes no call, and works in
// Init and after.
func Getenv(name string) (value string, ok bool) { return core.Getenv(name) }

// Tid returns the calling thread's id. It costs no system call once it is
// known.
func Tid() int { return core.Tid() }

// Pid returns the id of the process whose memory this is: in a vfork child
// that is still its parent's.
func Pid() int { return core.Pid() }

// Vforked says whether the caller is a child that shares its parent's memory
// (vfork, posix_spawn) and so its parent's copy of the tool's variables, too.
// Such a child's exit reaches [Tool.Fini] as any process's does.
func Vforked() bool { return core.Vforked() }
