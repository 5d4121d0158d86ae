package tracetool

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestArrayEnds shows how an array ends: after -s elements, or where memory does.
func TestArrayEnds(t *testing.T) {
	old := look.strLen
	defer func() { look.strLen = old }()
	look.strLen = 2
	ids := mem([3]uint32{1, ^uint32(0), 3})
	wantLine(t, as(0, unix.SYS_SETGROUPS, 3, ids), `setgroups(3, [1, -1, ...])              = 0`)
	wantLine(t, as(0, unix.SYS_SETGROUPS, 2, ids), `setgroups(2, [1, -1])                   = 0`)
	wantLine(t, as(0, unix.SYS_SETGROUPS, 0, ids), `setgroups(0, [])                        = 0`)
	wantLine(t, as(0, unix.SYS_SETGROUPS, 0, 0), `setgroups(0, NULL)                      = 0`)
	look.strLen = 32
	at := lastPage(t, 8)
	wantLine(t, as(-14, unix.SYS_SETGROUPS, 3, at), `setgroups(3, [0, 0, ... /* ‹hex› */]) = -1 EFAULT (Bad address)`)
	wantLine(t, as(-14, unix.SYS_SETGROUPS, 3, at+8), `setgroups(3, ‹hex›)            = -1 EFAULT (Bad address)`)
	look.strLen = 0
	wantLine(t, as(0, unix.SYS_POLL, mem(unix.PollFd{}), 1, 5), `poll([...], 1, 5)                       = 0 (Timeout)`)
}

// TestStringEnds: a string that is cut needs the byte behind the cut, too.
func TestStringEnds(t *testing.T) {
	at := lastPage(t, 32)
	wantLine(t, as(-14, unix.SYS_WRITE, 1, at, 33), `write(1, ‹hex›, 33)            = -1 EFAULT (Bad address)`)
	wantLine(t, as(5, unix.SYS_WRITE, 1, at+30, 2), `write(1, "\0\0", 2)                     = 5`)
	name := cstring("123456789abcdef0")
	wantLine(t, as(0, unix.SYS_PRCTL, unix.PR_SET_NAME, name), `prctl(PR_SET_NAME, "123456789abcdef"...) = 0`)
	wantLine(t, as(0, unix.SYS_PRCTL, unix.PR_SET_NAME, name+2), `prctl(PR_SET_NAME, "3456789abcdef0")    = 0`)
	wantLine(t, as(-22, unix.SYS_SETHOSTNAME, at, 65), `sethostname(‹hex›, 65)         = -1 EINVAL (Invalid argument)`)
	wantLine(t, as(-9, unix.SYS_FSETXATTR, 1, cstring("a"), cstring("v\x00w"), 4, 1), `fsetxattr(1, "a", "v\0w", 4, XATTR_CREATE) = -1 EBADF (Bad file descriptor)`)
}

// TestYounger: what a kernel younger than this text adds to a structure is
// shown as bytes.
func TestYounger(t *testing.T) {
	how := mem([4]uint64{unix.O_EXCL, 0, 0, 0x8786858483828180})
	wantLine(t, as(-7, unix.SYS_OPENAT2, ^uintptr(0), cstring("f"), how, 32),
		`openat2(-1, "f", {flags=O_RDONLY|O_EXCL, resolve=0, /* bytes 24..31 */ "\x80\x81\x82\x83\x84\x85\x86\x87"}, 32) = -1 E2BIG (Argument list too long)`)
	wantLine(t, as(-7, unix.SYS_OPENAT2, ^uintptr(0), cstring("f"), mem([4]uint64{}), 32),
		`openat2(-1, "f", {flags=O_RDONLY, resolve=0}, 32) = -1 E2BIG (Argument list too long)`)
	wantLine(t, as(-14, unix.SYS_OPENAT2, ^uintptr(0), cstring("f"), lastPage(t, 24), 32),
		`openat2(-1, "f", {flags=O_RDONLY, resolve=0, ???}, 32) = -1 EFAULT (Bad address)`)
}

// -s is the bound of arguments and events, too: gcc's collect2 under -s 100.
func TestArraysUnderStringLimit(t *testing.T) {
	defer func(n uint64) { look.strLen = n }(look.strLen)
	look.strLen = 2
	args := mem([4]uintptr{cstring("a"), cstring("b"), cstring("c"), 0})
	wantLine(t, as(-2, unix.SYS_EXECVE, cstring("/x"), args, 0), `execve("/x", ["a", "b", ...], NULL)     = -1 ENOENT (No such file or directory)`)
	wantLine(t, as(3, unix.SYS_EPOLL_WAIT, 3, mem([36]byte{1, 12: 1, 24: 1}), 5, 0),
		`epoll_wait(3, [{events=EPOLLIN, data={u32=0, u64=0}}, {events=EPOLLIN, data={u32=0, u64=0}}, ...], 5, 0) = 3`)
}
