package decode_test

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/ioctl"
)

// The lines wanted here are what strace 6.1 printed for the same calls.

func TestStrings(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(9, unix.SYS_WRITE, 6, decodetest.Cstring("a\x011\x022\n\xff\"\\"), 9), `write(6, "a\0011\0022\n\377\"\\", 9)    = 9`)
	decodetest.WantLine(t, decodetest.As(40, unix.SYS_WRITE, 6, decodetest.Cstring("0123456789012345678901234567890123456789"), 40),
		`write(6, "01234567890123456789012345678901"..., 40) = 40`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.EFAULT), unix.SYS_WRITE, 6, 1, 9), `write(6, 0x1, 9)                        = -1 EFAULT (Bad address)`)
	decodetest.WantLine(t, decodetest.Do(unix.SYS_OPEN, decodetest.Cstring("/none\texists"), unix.O_RDWR|unix.O_CLOEXEC),
		`open("/none\texists", O_RDWR|O_CLOEXEC) = -1 ENOENT (No such file or directory)`)
}

func TestIovec(t *testing.T) {
	a, b := decodetest.Cstring("0123"), decodetest.Cstring("456789")
	iov := decodetest.Mem([4]uintptr{a, 3, b, 100})
	decodetest.WantLine(t, decodetest.As(9, unix.SYS_READV, 5, iov, 2), `readv(5, [{iov_base="012", iov_len=3}, {iov_base="456789", iov_len=100}], 2) = 9`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.EAGAIN), unix.SYS_READV, 5, iov, 1),
		`readv(5, [{iov_base=‹hex›, iov_len=3}], 1) = -1 EAGAIN (Resource temporarily unavailable)`)
}

func TestPoll(t *testing.T) {
	fds := decodetest.Mem([2]unix.PollFd{{Fd: 5, Events: unix.POLLIN, Revents: unix.POLLIN}, {Fd: 6, Events: unix.POLLIN | unix.POLLPRI}})
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_POLL, fds, 2, 100), `poll([{fd=5, events=POLLIN}, {fd=6, events=POLLIN|POLLPRI}], 2, 100) = 1 ([{fd=5, revents=POLLIN}])`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_POLL, 0, 0, 1), `poll(NULL, 0, 1)                        = 0 (Timeout)`)
	ts := decodetest.Mem(unix.Timespec{Nsec: 999998715})
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_PPOLL, fds, 1, ts, 0, 8),
		`ppoll([{fd=5, events=POLLIN}], 1, {tv_sec=0, tv_nsec=999998715}, NULL, 8) = 1 ([{fd=5, revents=POLLIN}], left {tv_sec=0, tv_nsec=999998715})`)
}

func TestSelect(t *testing.T) {
	in, out := decodetest.Mem(uint64(1<<5)), decodetest.Mem(uint64(1<<6))
	ts := decodetest.Mem(unix.Timespec{Sec: 1})
	mask := decodetest.Mem([2]uintptr{decodetest.Mem(uint64(1 << 9)), 8})
	decodetest.WantLine(t, decodetest.As(2, unix.SYS_PSELECT6, 7, in, out, 0, ts, 0),
		`pselect6(7, [5], [6], NULL, {tv_sec=1, tv_nsec=0}, NULL) = 2 (in [5], out [6], left {tv_sec=1, tv_nsec=0})`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PSELECT6, 7, decodetest.Mem(uint64(0)), 0, 0, ts, mask),
		`pselect6(7, [], NULL, NULL, {tv_sec=1, tv_nsec=0}, {sigmask=[USR1], sigsetsize=8}) = 0 (Timeout)`)
}

func TestSignals(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_RT_SIGPROCMASK, 2, decodetest.Mem(^uint64(3<<31)), decodetest.Mem(uint64(1<<9|1<<63)), 8),
		`rt_sigprocmask(SIG_SETMASK, ~[RTMIN RT_1], [USR1 RT_32], 8) = 0`)
	sa := decodetest.Mem([4]uint64{0x564fa6ac29a9, 0x14000004, 0x7fb5c698d050, 0})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_RT_SIGACTION, 17, sa, decodetest.Mem([4]uint64{}), 8),
		`rt_sigaction(SIGCHLD, {sa_handler=0x564fa6ac29a9, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART|SA_SIGINFO, sa_restorer=0x7fb5c698d050}, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_KILL, 5, 34), `kill(5, SIGRT_2)                        = 0`)
}

func TestWait(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(7, unix.SYS_WAIT4, decodetest.Minus1, decodetest.Mem(uint32(3<<8)), 0, 0),
		`wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 7`)
	decodetest.WantLine(t, decodetest.As(7, unix.SYS_WAIT4, decodetest.Minus1, decodetest.Mem(uint32(9)), unix.WNOHANG, 0),
		`wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], WNOHANG, NULL) = 7`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.ECHILD), unix.SYS_WAIT4, decodetest.Minus1, 0x7ffe754a43dc, unix.WNOHANG, 0x7ffe754a45e0),
		`wait4(-1, 0x7ffe754a43dc, WNOHANG, 0x7ffe754a45e0) = -1 ECHILD (No child processes)`)
}

func TestSockaddr(t *testing.T) {
	in := decodetest.Mem([16]byte{2, 0, 0xb6, 0x77, 127, 0, 0, 1})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_CONNECT, 14, in, 16),
		`connect(14, {sa_family=AF_INET, sin_port=htons(46711), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`)
	in6 := decodetest.Mem([28]byte{10, 0, 0, 5, 0, 0, 0, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 1, 24: 1})
	decodetest.WantLine(t, decodetest.As(-int64(unix.ENETUNREACH), unix.SYS_CONNECT, 17, in6, 28),
		`connect(17, {sa_family=AF_INET6, sin6_port=htons(5), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "fe80:0:0:1::", &sin6_addr), sin6_scope_id=if_nametoindex("lo")}, 28) = -1 ENETUNREACH (Network is unreachable)`)
	mapped := decodetest.Mem([28]byte{10, 0, 0, 5, 18: 0xff, 19: 0xff, 20: 1, 21: 2, 22: 3, 23: 4})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_CONNECT, 17, mapped, 28),
		`connect(17, {sa_family=AF_INET6, sin6_port=htons(5), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:1.2.3.4", &sin6_addr), sin6_scope_id=0}, 28) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_BIND, 18, decodetest.Cstring("\x01\x00\x00abs"), 6), `bind(18, {sa_family=AF_UNIX, sun_path=@"abs"}, 6) = 0`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.EINVAL), unix.SYS_CONNECT, 18, decodetest.Cstring("\x01\x00"), 2),
		`connect(18, {sa_family=AF_UNIX}, 2)     = -1 EINVAL (Invalid argument)`)
}

// TestSocklenChange has the kernel change the length between the two halves.
func TestSocklenChange(t *testing.T) {
	n := new(uint32)
	*n = 16
	decodetest.Kept = append(decodetest.Kept, n)
	at := uint64(uintptr(unsafe.Pointer(n)))
	c := &systrap.Call{Sysno: unix.SYS_RECVFROM, Args: [6]uint64{14, uint64(decodetest.Cstring("hi")), 10, 0, 0x7ffe754a4920, at}}
	in, p := decodetest.Entered(c)
	*n, c.Result = 0, 2
	decodetest.WantLine(t, decodetest.End(in, p), `recvfrom(14, "hi", 10, 0, 0x7ffe754a4920, [16 => 0]) = 2`)
}

func TestMsghdr(t *testing.T) {
	cmsg := decodetest.Mem([6]uint32{24, 0, 1, 1, 0, 1})
	iov := decodetest.Mem([2]uintptr{decodetest.Cstring("012"), 3})
	hdr := decodetest.Mem([7]uintptr{0, 0, iov, 1, cmsg, 24, 0})
	decodetest.WantLine(t, decodetest.As(3, unix.SYS_SENDMSG, 8, hdr, unix.MSG_NOSIGNAL),
		`sendmsg(8, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="012", iov_len=3}], msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[0, 1]}], msg_controllen=24, msg_flags=0}, MSG_NOSIGNAL) = 3`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.EAGAIN), unix.SYS_RECVMSG, 9, hdr, unix.MSG_DONTWAIT),
		`recvmsg(9, {msg_namelen=0}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)`)
}

func TestFcntl(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0x8000, unix.SYS_FCNTL, 0, unix.F_GETFL), `fcntl(0, F_GETFL)                       = 0x8000 (flags O_RDONLY|O_LARGEFILE)`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_FCNTL, 5, unix.F_SETFL, unix.O_APPEND|unix.O_NONBLOCK), `fcntl(5, F_SETFL, O_RDONLY|O_APPEND|O_NONBLOCK) = 0`)
	lock := decodetest.Mem(unix.Flock_t{Type: unix.F_UNLCK, Len: 10})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_FCNTL, 22, unix.F_GETLK, lock), `fcntl(22, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=10, l_pid=0}) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_FCNTL, 22, unix.F_OFD_SETLK, lock), `fcntl(22, F_OFD_SETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=10}) = 0`)
}

func TestClone(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(31872, unix.SYS_CLONE, unix.CLONE_CHILD_CLEARTID|unix.CLONE_CHILD_SETTID|17, 0, 0, 0x7fb5c694ea10),
		`clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7fb5c694ea10) = 31872`)
}

func TestFutex(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-int64(unix.EAGAIN), unix.SYS_FUTEX, 0x7ffe754a418c, 128, 1, 0), `futex(0x7ffe754a418c, FUTEX_WAIT_PRIVATE, 1, NULL) = -1 EAGAIN (Resource temporarily unavailable)`)
	ts := decodetest.Mem(unix.Timespec{Nsec: 5})
	decodetest.WantLine(t, decodetest.As(-int64(unix.ETIMEDOUT), unix.SYS_FUTEX, 0x7ffe754a418c, 256|9, 0, ts, 0, decodetest.U32),
		`futex(0x7ffe754a418c, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=5}, FUTEX_BITSET_MATCH_ANY) = -1 ETIMEDOUT (Connection timed out)`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_FUTEX, 0x7ffe754a418c, 5, 1, 2, 0x7ffe754a418c, 1<<28|4<<24|3<<12|5),
		`futex(0x7ffe754a418c, FUTEX_WAKE_OP, 1, 2, 0x7ffe754a418c, FUTEX_OP_ADD<<28|0x3<<12|FUTEX_OP_CMP_GT<<24|0x5) = 0`)
}

func TestStatAndTime(t *testing.T) {
	decodetest.WantLine(t, decodetest.Do(unix.SYS_STAT, decodetest.Cstring("/dev/null"), decodetest.Mem(unix.Stat_t{})),
		`stat("/dev/null", {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}) = 0`)
	ts := decodetest.Mem([2]unix.Timespec{{Sec: 1700000000, Nsec: 5}, {Sec: 1700000000}})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_UTIMENSAT, 22, 0, ts, 0),
		`utimensat(22, NULL, [{tv_sec=1700000000, tv_nsec=5} /* 2023-11-14T22:13:20.000000005+0000 */, {tv_sec=1700000000, tv_nsec=0} /* 2023-11-14T22:13:20+0000 */], 0) = 0`)
	now := decodetest.Mem([2]unix.Timespec{{Nsec: unix.UTIME_NOW}, {Sec: 5, Nsec: unix.UTIME_OMIT}})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_UTIMENSAT, ^uintptr(99), decodetest.Cstring("f"), now, 0), `utimensat(AT_FDCWD, "f", [UTIME_NOW, UTIME_OMIT], 0) = 0`)
}

func TestRlimit(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRLIMIT64, 0, 3, 0, decodetest.Mem([2]uint64{8 << 20, ^uint64(0)})),
		`prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0`)
}

func TestExecve(t *testing.T) {
	argv := decodetest.Mem([3]uintptr{decodetest.Cstring("ls"), decodetest.Cstring("-l"), 0})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_EXECVE, decodetest.Cstring("/bin/ls"), argv, argv), `execve("/bin/ls", ["ls", "-l"], ‹hex› /* 2 vars */) = 0`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.ENOENT), unix.SYS_EXECVE, decodetest.Cstring("/bin/ls"), decodetest.Mem([1]uintptr{0}), argv), `execve("/bin/ls", [], ‹hex› /* 2 vars */) = -1 ENOENT (No such file or directory)`)
}

func TestPrctl(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRCTL, unix.PR_SET_NAME, decodetest.Cstring("hello")), `prctl(PR_SET_NAME, "hello")             = 0`)
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_PRCTL, unix.PR_GET_DUMPABLE), `prctl(PR_GET_DUMPABLE)                  = 1 (SUID_DUMP_USER)`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRCTL, unix.PR_GET_PDEATHSIG, decodetest.Mem(uint32(15))), `prctl(PR_GET_PDEATHSIG, [SIGTERM])      = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), `prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  = 0`)
}

func TestIoctl(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 20, unix.TIOCGWINSZ, decodetest.Mem([4]uint16{24, 80})), `ioctl(20, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0`)
	decodetest.WantLine(t, decodetest.As(-int64(unix.ENOTTY), unix.SYS_IOCTL, 0, unix.TCGETS, 0x7ffe754a48a0), `ioctl(0, TCGETS, 0x7ffe754a48a0)        = -1 ENOTTY (Inappropriate ioctl for device)`)
	tio := decodetest.Mem([9]uint32{0x500, 5, 0xbf, 0x8a3b})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 20, unix.TCSETS, tio),
		`ioctl(20, SNDCTL_TMR_START or TCSETS, {c_iflag=ICRNL|IXON, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|OPOST|ONLCR, c_cflag=B38400|CS8|CREAD, c_lflag=ISIG|ICANON|ECHO|ECHOE|ECHOK|IEXTEN|ECHOCTL|ECHOKE, ...}) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 5, ioctl.Fioclex), `ioctl(5, FIOCLEX)                       = 0`)
}

// Found on whole programs: curl's and python's poll, perf's CPU masks, stty's flags.
func TestSeenInPrograms(t *testing.T) {
	pair := func(v uint16) uintptr { return decodetest.Mem(unix.PollFd{Fd: 5, Events: int16(v), Revents: int16(v)}) }
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_POLL, pair(0x8114), 1, 0),
		`poll([{fd=5, events=POLLOUT|POLLHUP|POLLWRNORM|POLL_BUSY_LOOP}], 1, 0) = 1 ([{fd=5, revents=POLLOUT|POLLHUP|POLLWRNORM|POLL_BUSY_LOOP}])`)
	var cpus [512]byte
	cpus[200] = 1
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_SCHED_SETAFFINITY, 0, 512, decodetest.Mem(cpus)), `sched_setaffinity(0, 512, [...])        = -1 EINVAL (Invalid argument)`)
	cpus[0] = 5
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SCHED_SETAFFINITY, 0, 512, decodetest.Mem(cpus)), `sched_setaffinity(0, 512, [0 2 ...])    = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SCHED_SETAFFINITY, 0, 128, decodetest.Mem(cpus)), `sched_setaffinity(0, 128, [0 2])        = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 20, unix.TCSETSW, decodetest.Mem([60]byte{})),
		`ioctl(20, SNDCTL_TMR_STOP or TCSETSW, {c_iflag=, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|, c_cflag=B0|CS5|, c_lflag=, ...}) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETSOCKOPT, 4, unix.SOL_IPV6, 0x40, 0, 0), `setsockopt(4, SOL_IPV6, IP6T_SO_SET_REPLACE, NULL, 0) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SETSOCKOPT, 4, unix.SOL_IP, 0x61, 0, 0), `setsockopt(4, SOL_IP, ARPT_SO_SET_ADD_COUNTERS, NULL, 0) = 0`)
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_SELECT, 4, decodetest.Mem([2]uint64{8}), 0, 0, 0), `select(4, [3], NULL, NULL, NULL)        = 1 (in [3])`)
}
