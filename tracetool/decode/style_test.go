package decode_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/socket"
	"libsystrap/tracetool/text"
)

// TestStyles compares the three styles of -X. The lines are those of strace
// 6.1's own tests.
func TestStyles(t *testing.T) {
	for _, c := range []struct {
		call                 func() string
		abbrev, raw, verbose string
	}{
		{func() string {
			return decodetest.As(0, unix.SYS_SETRLIMIT, 0, decodetest.Mem([2]uint64{^uint64(0), 8 << 20}))
		},
			`setrlimit(RLIMIT_CPU, {rlim_cur=RLIM64_INFINITY, rlim_max=8192*1024}) = 0`,
			`setrlimit(0, {rlim_cur=18446744073709551615, rlim_max=8388608}) = 0`,
			`setrlimit(0 /* RLIMIT_CPU */, {rlim_cur=18446744073709551615 /* RLIM64_INFINITY */, rlim_max=8388608 /* 8192*1024 */}) = 0`},
		{func() string { return decodetest.As(-22, unix.SYS_IOPRIO_SET, 2, 16765, 8191) },
			`ioprio_set(IOPRIO_WHO_PGRP, 16765, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 8191)) = -1 EINVAL (Invalid argument)`,
			`ioprio_set(0x2, 16765, 8191)            = -1 EINVAL (Invalid argument)`,
			`ioprio_set(0x2 /* IOPRIO_WHO_PGRP */, 16765, 8191 /* IOPRIO_PRIO_VALUE(0 /* IOPRIO_CLASS_NONE */, 8191) */) = -1 EINVAL (Invalid argument)`},
		{func() string { return decodetest.As(0, unix.SYS_KILL, 5, 9) },
			`kill(5, SIGKILL)                        = 0`,
			`kill(5, 9)                              = 0`,
			`kill(5, 9 /* SIGKILL */)                = 0`},
		{func() string {
			return decodetest.As(3, unix.SYS_OPENAT, ^uintptr(99), decodetest.Cstring("f"), unix.O_WRONLY|unix.O_TRUNC)
		},
			`openat(AT_FDCWD, "f", O_WRONLY|O_TRUNC) = 3`,
			`openat(-100, "f", 0x201)                = 3`,
			`openat(-100 /* AT_FDCWD */, "f", 0x201 /* O_WRONLY|O_TRUNC */) = 3`},
		{func() string {
			return decodetest.As(0, unix.SYS_MKNOD, decodetest.Cstring("f"), unix.S_IFCHR|0640, 0x103)
		},
			`mknod("f", S_IFCHR|0640, makedev(0x1, 0x3)) = 0`,
			`mknod("f", 020640, 0x103)               = 0`,
			`mknod("f", 020640 /* S_IFCHR|0640 */, 0x103 /* makedev(0x1, 0x3) */) = 0`},
		{func() string { return decodetest.As(0, unix.SYS_MEMFD_CREATE, decodetest.Cstring("m"), 4|21<<26) },
			`memfd_create("m", MFD_HUGETLB|21<<MFD_HUGE_SHIFT) = 0`,
			`memfd_create("m", 0x54000004)           = 0`,
			`memfd_create("m", 0x54000004 /* MFD_HUGETLB|21<<MFD_HUGE_SHIFT */) = 0`},
		{func() string { return decodetest.As(0, unix.SYS_MSYNC, 0, 0, 0xff00) },
			`msync(NULL, 0, 0xff00 /* MS_??? */)     = 0`,
			`msync(NULL, 0, 0xff00)                  = 0`,
			`msync(NULL, 0, 0xff00 /* MS_??? */)     = 0`},
		{func() string { return decodetest.As(0, unix.SYS_MSYNC, 0, 0, 0xff04) },
			`msync(NULL, 0, MS_SYNC|0xff00)          = 0`,
			`msync(NULL, 0, 0xff04)                  = 0`,
			`msync(NULL, 0, 0xff04 /* MS_SYNC|0xff00 */) = 0`},
		{func() string { return decodetest.As(0, unix.SYS_RT_SIGSUSPEND, decodetest.Mem(uint64(1<<9)), 8) },
			`rt_sigsuspend([USR1], 8)                = 0`,
			`rt_sigsuspend([10], 8)                  = 0`,
			`rt_sigsuspend([10 /* USR1 */], 8)       = 0`},
	} {
		decodetest.InStyle(text.StyleAbbrev, func() { decodetest.WantLine(t, c.call(), c.abbrev) })
		decodetest.InStyle(text.StyleRaw, func() { decodetest.WantLine(t, c.call(), c.raw) })
		decodetest.InStyle(text.StyleVerbose, func() { decodetest.WantLine(t, c.call(), c.verbose) })
	}
}

func TestStyleNames(t *testing.T) {
	for name, want := range map[string]text.Style{"abbrev": text.StyleAbbrev, "raw": text.StyleRaw, "verbose": text.StyleVerbose} {
		if got, ok := text.StyleNamed(name); !ok || got != want {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
	if _, ok := text.StyleNamed("abb"); ok {
		t.Error("abb is taken for a style")
	}
}

// TestStylesSeen has what -X showed by name in whole programs: types of sockets,
// statx' first part, and signals, which are no arguments.
func TestStylesSeen(t *testing.T) {
	line := func(sig int) string {
		var b [64]byte
		p := &text.Printer{Line: systrap.LineOn(b[:])}
		decode.SigAlone(p, int32(sig))
		return string(p.Bytes())
	}
	statx := func(flags uint32) string {
		var b [128]byte
		p := &text.Printer{Line: systrap.LineOn(b[:])}
		decode.StatxFlags(p, flags)
		return string(p.Bytes())
	}
	socket := func(kind uint32) string {
		var b [128]byte
		p := &text.Printer{Line: systrap.LineOn(b[:])}
		socket.SockType(p, kind)
		return string(p.Bytes())
	}
	for _, c := range []struct {
		f                    func() string
		abbrev, raw, verbose string
	}{
		{func() string { return line(17) }, "SIGCHLD", "SIGCHLD", "SIGCHLD"},
		{func() string { return line(34) }, "SIGRT_2", "SIGRT_2", "SIGRT_2"},
		{func() string { return socket(0x80801) }, "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK", "0x1|0x80800",
			"0x1 /* SOCK_STREAM */|0x80800 /* SOCK_CLOEXEC|SOCK_NONBLOCK */"},
		{func() string { return statx(0x100) }, "AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW", "|0x100",
			"0 /* AT_STATX_SYNC_AS_STAT */|0x100 /* AT_SYMLINK_NOFOLLOW */"},
		{func() string { return statx(0x802000) }, "AT_STATX_FORCE_SYNC|0x800000", "0x2000|0x800000",
			"0x2000 /* AT_STATX_FORCE_SYNC */|0x800000"},
	} {
		for s, want := range map[text.Style]string{text.StyleAbbrev: c.abbrev, text.StyleRaw: c.raw, text.StyleVerbose: c.verbose} {
			decodetest.InStyle(s, func() {
				if got := c.f(); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			})
		}
	}
}
