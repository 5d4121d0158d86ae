package decode_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

// TestArrayEnds shows how an array ends: after -s elements, or where memory does.
func TestArrayEnds(t *testing.T) {
	old := text.Opt.StrLen
	defer func() { text.Opt.StrLen = old }()
	text.Opt.StrLen = 2
	ids := decodetest.Mem([3]uint32{1, ^uint32(0), 3})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETGROUPS, 3, ids), `setgroups(3, [1, -1, ...])              = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETGROUPS, 2, ids), `setgroups(2, [1, -1])                   = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETGROUPS, 0, ids), `setgroups(0, [])                        = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETGROUPS, 0, 0), `setgroups(0, NULL)                      = 0`)
	text.Opt.StrLen = 32
	at := decodetest.LastPage(t, 8)
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_SETGROUPS, 3, at), `setgroups(3, [0, 0, ... /* ‹hex› */]) = -1 EFAULT (Bad address)`)
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_SETGROUPS, 3, at+8), `setgroups(3, ‹hex›)            = -1 EFAULT (Bad address)`)
	text.Opt.StrLen = 0
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_POLL, decodetest.Mem(unix.PollFd{}), 1, 5), `poll([...], 1, 5)                       = 0 (Timeout)`)
}

// TestStringEnds: a string that is cut needs the byte behind the cut, too.
func TestStringEnds(t *testing.T) {
	at := decodetest.LastPage(t, 32)
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_WRITE, 1, at, 33), `write(1, ‹hex›, 33)            = -1 EFAULT (Bad address)`)
	decodetest.WantLine(t, decodetest.As(5, unix.SYS_WRITE, 1, at+30, 2), `write(1, "\0\0", 2)                     = 5`)
	name := decodetest.Cstring("123456789abcdef0")
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRCTL, unix.PR_SET_NAME, name), `prctl(PR_SET_NAME, "123456789abcdef"...) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRCTL, unix.PR_SET_NAME, name+2), `prctl(PR_SET_NAME, "3456789abcdef0")    = 0`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_SETHOSTNAME, at, 65), `sethostname(‹hex›, 65)         = -1 EINVAL (Invalid argument)`)
	decodetest.WantLine(t, decodetest.As(-9, unix.SYS_FSETXATTR, 1, decodetest.Cstring("a"), decodetest.Cstring("v\x00w"), 4, 1), `fsetxattr(1, "a", "v\0w", 4, XATTR_CREATE) = -1 EBADF (Bad file descriptor)`)
}

// TestYounger: what a kernel younger than this text adds to a structure is
// shown as bytes.
func TestYounger(t *testing.T) {
	how := decodetest.Mem([4]uint64{unix.O_EXCL, 0, 0, 0x8786858483828180})
	decodetest.WantLine(t, decodetest.As(-7, unix.SYS_OPENAT2, ^uintptr(0), decodetest.Cstring("f"), how, 32),
		`openat2(-1, "f", {flags=O_RDONLY|O_EXCL, resolve=0, /* bytes 24..31 */ "\x80\x81\x82\x83\x84\x85\x86\x87"}, 32) = -1 E2BIG (Argument list too long)`)
	decodetest.WantLine(t, decodetest.As(-7, unix.SYS_OPENAT2, ^uintptr(0), decodetest.Cstring("f"), decodetest.Mem([4]uint64{}), 32),
		`openat2(-1, "f", {flags=O_RDONLY, resolve=0}, 32) = -1 E2BIG (Argument list too long)`)
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_OPENAT2, ^uintptr(0), decodetest.Cstring("f"), decodetest.LastPage(t, 24), 32),
		`openat2(-1, "f", {flags=O_RDONLY, resolve=0, ???}, 32) = -1 EFAULT (Bad address)`)
}

// -s is the bound of arguments and events, too: gcc's collect2 under -s 100.
func TestArraysUnderStringLimit(t *testing.T) {
	defer func(n uint64) { text.Opt.StrLen = n }(text.Opt.StrLen)
	text.Opt.StrLen = 2
	args := decodetest.Mem([4]uintptr{decodetest.Cstring("a"), decodetest.Cstring("b"), decodetest.Cstring("c"), 0})
	decodetest.WantLine(t, decodetest.As(-2, unix.SYS_EXECVE, decodetest.Cstring("/x"), args, 0), `execve("/x", ["a", "b", ...], NULL)     = -1 ENOENT (No such file or directory)`)
	decodetest.WantLine(t, decodetest.As(3, unix.SYS_EPOLL_WAIT, 3, decodetest.Mem([36]byte{1, 12: 1, 24: 1}), 5, 0),
		`epoll_wait(3, [{events=EPOLLIN, data={u32=0, u64=0}}, {events=EPOLLIN, data={u32=0, u64=0}}, ...], 5, 0) = 3`)
}
