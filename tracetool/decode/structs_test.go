package decode_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/tracetool/decode"
	"libsystrap/tracetool/decode/decodetest"
)

// The lines wanted here are what strace 6.1 printed for the same calls.

func TestAio(t *testing.T) {
	read := decodetest.Mem(decode.Iocb{Data: 0xfeed, Opcode: decode.IocbPread, Reqprio: 11, Buf: 0x1000, Nbytes: 4096, Offset: -5})
	write := decodetest.Mem(decode.Iocb{Data: 1, Opcode: decode.IocbPwrite, Fildes: 1, Buf: uint64(decodetest.Cstring("abc")), Nbytes: 3, Flags: decode.IocbResfd, Resfd: 7})
	odd := decodetest.Mem(decode.Iocb{Key: 3, RwFlags: 1, Opcode: 77})
	list := decodetest.Mem([3]uintptr{read, write, odd})
	decodetest.WantLine(t, decodetest.As(3, unix.SYS_IO_SUBMIT, 0x7f00, 3, list),
		`io_submit(0x7f00, 3, [{aio_data=0xfeed, aio_lio_opcode=IOCB_CMD_PREAD, aio_reqprio=11, aio_fildes=0, aio_buf=0x1000, aio_nbytes=4096, aio_offset=-5}, `+
			`{aio_data=0x1, aio_lio_opcode=IOCB_CMD_PWRITE, aio_fildes=1, aio_buf="abc", aio_nbytes=3, aio_offset=0, aio_flags=IOCB_FLAG_RESFD, aio_resfd=7}, `+
			`{aio_data=0, aio_key=3, aio_rw_flags=RWF_HIPRI, aio_lio_opcode=77 /* IOCB_CMD_??? */, aio_fildes=0}]) = 3`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_IO_SUBMIT, 0x7f00, decodetest.Minus1, 0x12345), `io_submit(0x7f00, -1, 0x12345)          = -1 EINVAL (Invalid argument)`)
	decodetest.WantLine(t, decodetest.As(1, unix.SYS_IO_GETEVENTS, 0x7f00, 1, 1, decodetest.Mem([4]int64{5, 6, -7, 8}), 0),
		`io_getevents(0x7f00, 1, 1, [{data=0x5, obj=0x6, res=-7, res2=8}], NULL) = 1`)
}

func TestSiginfo(t *testing.T) {
	send := func(w [32]int32) string { return decodetest.As(0, unix.SYS_RT_SIGQUEUEINFO, 5, 10, decodetest.Mem(w)) }
	decodetest.WantLine(t, send([32]int32{10, 0, -1, 0, 5, 6, 7, 8}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=5, si_uid=6, si_int=7, si_ptr=0x800000007}) = 0`)
	decodetest.WantLine(t, send([32]int32{10, 2, -3, 0, 5, -1}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_MESGQ, si_errno=ENOENT, si_pid=5, si_uid=-1}) = 0`)
	decodetest.WantLine(t, send([32]int32{17, 0, 1, 0, 5, 6, 42, 0, 123, 0, 100}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5, si_uid=6, si_status=42, si_utime=123 /* 1.23 s */, si_stime=100 /* 1.00 s */}) = 0`)
	decodetest.WantLine(t, send([32]int32{31, 0, 1, 0, 16, 0, 1, -0x40000000 + 62}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x10, si_syscall=__NR_write, si_arch=AUDIT_ARCH_X86_64}) = 0`)
	decodetest.WantLine(t, send([32]int32{11, 0, 4, 0, 16, 0, 0, 0, 3}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGSEGV, si_code=SEGV_PKUERR, si_addr=0x10, si_pkey=3}) = 0`)
	decodetest.WantLine(t, send([32]int32{29, 0, 1, 0, 4, 0, 9}), `rt_sigqueueinfo(5, SIGUSR1, {si_signo=SIGIO, si_code=POLL_IN, si_band=4, si_fd=9}) = 0`)
}

func TestWaitStatus(t *testing.T) {
	line := func(s uint32) string { return decodetest.As(7, unix.SYS_WAIT4, 7, decodetest.Mem(s), 0, 0) }
	decodetest.WantLine(t, line(0xffff), `wait4(7, [{WIFCONTINUED(s)}], 0, NULL)  = 7`)
	decodetest.WantLine(t, line(0x137f), `wait4(7, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], 0, NULL) = 7`)
	decodetest.WantLine(t, line(0x3057f), `wait4(7, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP}|PTRACE_EVENT_CLONE<<16], 0, NULL) = 7`)
	decodetest.WantLine(t, line(0x8b), `wait4(7, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL) = 7`)
}

func TestClone3(t *testing.T) {
	a := decodetest.Mem([12]uint64{unix.CLONE_PIDFD | unix.CLONE_CLEAR_SIGHAND, uint64(decodetest.Mem(int32(5))), 0, 0, 17, 0x1000, 16, 0, uint64(decodetest.Mem([2]int32{11, 12})), 2, 0, 0})
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_CLONE3, a, 88),
		`clone3({flags=CLONE_PIDFD|CLONE_CLEAR_SIGHAND, pidfd=‹hex›, exit_signal=SIGCHLD, stack=0x1000, stack_size=0x10, set_tid=[11, 12], set_tid_size=2}, 88) = -1 EFAULT (Bad address)`)
	decodetest.WantLine(t, decodetest.As(9, unix.SYS_CLONE3, a, 64),
		`clone3({flags=CLONE_PIDFD|CLONE_CLEAR_SIGHAND, pidfd=‹hex›, exit_signal=SIGCHLD, stack=0x1000, stack_size=0x10} => {pidfd=[5]}, 64) = 9`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_CLONE3, 0x12345, 63), `clone3(0x12345, 63)                     = -1 EINVAL (Invalid argument)`)
}

func TestNuma(t *testing.T) {
	mask := decodetest.Mem([2]uint64{0, 5})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SET_MEMPOLICY, 2|0x8000, mask, 129), `set_mempolicy(MPOL_BIND|MPOL_F_STATIC_NODES, [0000000000000000, 0x00000000000005], 129) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SET_MEMPOLICY, 0, mask, 0), `set_mempolicy(MPOL_DEFAULT, [], 0)      = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SET_MEMPOLICY, 0, 0x12345, 1), `set_mempolicy(MPOL_DEFAULT, 0x12345, 1) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MOVE_PAGES, 0, 2, decodetest.Mem([2]uint64{0, 0x1000}), decodetest.Mem([2]int32{0, 1}), decodetest.Mem([2]int32{-2, 0}), 2),
		`move_pages(0, 2, [NULL, 0x1000], [0, 1], [-ENOENT, 0], MPOL_MF_MOVE) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MINCORE, 0x1000, 4097, decodetest.Mem([2]byte{1, 2})), `mincore(0x1000, 4097, [1, 0])           = 0`)
}

func TestSchedAttr(t *testing.T) {
	s := decodetest.Mem(unix.SchedAttr{Size: 48, Policy: 1, Flags: 1, Nice: -5, Priority: 3, Runtime: 4, Deadline: 5, Period: 6})
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SCHED_SETATTR, 0, s, 0),
		`sched_setattr(0, {size=48, sched_policy=SCHED_FIFO, sched_flags=SCHED_FLAG_RESET_ON_FORK, sched_nice=-5, sched_priority=3, sched_runtime=4, sched_deadline=5, sched_period=6}, 0) = 0`)
	decodetest.WantLine(t, decodetest.As(-7, unix.SYS_SCHED_SETATTR, 0, decodetest.Mem(unix.SchedAttr{Size: 1}), 0), `sched_setattr(0, {size=1} => {size=1}, 0) = -1 E2BIG (Argument list too long)`)
}

func TestMount(t *testing.T) {
	a, b, c, d := decodetest.Cstring("src"), decodetest.Cstring("dst"), decodetest.Cstring("ext4"), decodetest.Cstring("data")
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MOUNT, a, b, c, 0xC0ED0000|1, d), `mount("src", "dst", "ext4", MS_MGC_VAL|MS_RDONLY, "data") = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MOUNT, a, b, 0x1000, unix.MS_REMOUNT|unix.MS_BIND, d), `mount("src", "dst", 0x1000, MS_REMOUNT|MS_BIND, "data") = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MOUNT, a, b, 0x1000, unix.MS_BIND, 0x2000), `mount("src", "dst", 0x1000, MS_BIND, 0x2000) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SWAPON, a, 0x8000|5), `swapon("src", SWAP_FLAG_PREFER|5)       = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MOUNT_SETATTR, decodetest.Minus1, a, 0, decodetest.Mem([5]uint64{0x100000, 0, 1 << 18, 9, 0}), 40),
		`mount_setattr(-1, "src", 0, {attr_set=MOUNT_ATTR_IDMAP, attr_clr=0, propagation=MS_PRIVATE, userns_fd=9}, 40) = 0`)
}

func TestSyslog(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SYSLOG, 0, 0x1000, decodetest.Minus1), `syslog(0 /* SYSLOG_ACTION_CLOSE */)     = 0`)
	decodetest.WantLine(t, decodetest.As(2, unix.SYS_SYSLOG, 3, decodetest.Cstring("ab"), 9), `syslog(3 /* SYSLOG_ACTION_READ_ALL */, "ab", 9) = 2`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_SYSLOG, 8, 0x1000, 8), `syslog(8 /* SYSLOG_ACTION_CONSOLE_LEVEL */, 0x1000, 8 /* LOGLEVEL_DEBUG+1 */) = -1 EINVAL (Invalid argument)`)
}

func TestPrctlOptions(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{decodetest.As(-22, unix.SYS_PRCTL, unix.PR_SET_TAGGED_ADDR_CTRL, 0x81, 1, 2, 3), `prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE|PR_MTE_TCF_NONE|0x10<<PR_MTE_TAG_SHIFT, 0x1, 0x2, 0x3) = -1 EINVAL (Invalid argument)`},
		{decodetest.As(-22, unix.SYS_PRCTL, unix.PR_SVE_SET_VL, 0x40010), `prctl(PR_SVE_SET_VL, PR_SVE_SET_VL_ONEXEC|0x10) = -1 EINVAL (Invalid argument)`},
		{decodetest.As(0x20010, unix.SYS_PRCTL, unix.PR_SVE_GET_VL), `prctl(PR_SVE_GET_VL)                    = 0x20010 (PR_SVE_VL_INHERIT|0x10)`},
		{decodetest.As(0, unix.SYS_PRCTL, unix.PR_SCHED_CORE, 0, 7, 1, decodetest.Mem(uint64(0x1234))), `prctl(PR_SCHED_CORE, PR_SCHED_CORE_GET, 7, 0x1 /* PIDTYPE_TGID */, [0x1234]) = 0`},
		{decodetest.As(3, unix.SYS_PRCTL, unix.PR_GET_SPECULATION_CTRL, 1), `prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_INDIRECT_BRANCH) = 0x3 (PR_SPEC_PRCTL|PR_SPEC_ENABLE)`},
		{decodetest.As(-22, unix.SYS_PRCTL, unix.PR_PAC_RESET_KEYS, 0x11, 1, 2, 3), `prctl(PR_PAC_RESET_KEYS, PR_PAC_APIAKEY|PR_PAC_APGAKEY, 0x1, 0x2, 0x3) = -1 EINVAL (Invalid argument)`},
		{decodetest.As(2, unix.SYS_PRCTL, unix.PR_MCE_KILL_GET, 0, 0, 0, 0), `prctl(PR_MCE_KILL_GET, 0, 0, 0, 0)      = 2 (PR_MCE_KILL_DEFAULT)`},
		{decodetest.As(0, unix.SYS_ARCH_PRCTL, decode.ArchXcompSupp, decodetest.Mem(uint64(0x60003))), `arch_prctl(ARCH_GET_XCOMP_SUPP, [0x60003 /* XFEATURE_MASK_FPSSE|XFEATURE_MASK_XTILE */]) = 0`},
		{decodetest.As(0, unix.SYS_ARCH_PRCTL, 0x1001, 0), `arch_prctl(ARCH_SET_GS, 0)              = 0`},
	} {
		decodetest.WantLine(t, c.got, c.want)
	}
}

func TestSendfile(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(5, unix.SYS_SENDFILE, 1, 2, decodetest.Mem(int64(7)), 9), `sendfile(1, 2, [7] => [7], 9)           = 5`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SENDFILE, 1, 2, decodetest.Mem(int64(7)), 9), `sendfile(1, 2, [7], 9)                  = 0`)
	decodetest.WantLine(t, decodetest.As(5, unix.SYS_SENDFILE, 1, 2, 0, 9), `sendfile(1, 2, NULL, 9)                 = 5`)
}

func TestUring(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-9, unix.SYS_IO_URING_REGISTER, decodetest.Minus1, decode.UringFilesUpdate, decodetest.Mem([2]uint64{3, uint64(decodetest.Mem([3]int32{-2, -1, 5}))}), 3),
		`io_uring_register(-1, IORING_REGISTER_FILES_UPDATE, {offset=3, fds=[IORING_REGISTER_FILES_SKIP, -1, 5]}, 3) = -1 EBADF (Bad file descriptor)`)
	decodetest.WantLine(t, decodetest.As(-9, unix.SYS_IO_URING_REGISTER, decodetest.Minus1, decode.UringRestrictions, decodetest.Mem([4]uint32{0x050001}), 1),
		`io_uring_register(-1, IORING_REGISTER_RESTRICTIONS, [{opcode=IORING_RESTRICTION_SQE_OP, sqe_op=IORING_OP_WRITE_FIXED}], 1) = -1 EBADF (Bad file descriptor)`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IO_URING_REGISTER, 3, decode.UringIowqMax, decodetest.Mem([2]uint32{8, 9}), 2),
		`io_uring_register(3, IORING_REGISTER_IOWQ_MAX_WORKERS, [[IO_WQ_BOUND]=8, [IO_WQ_UNBOUND]=9] => [[IO_WQ_BOUND]=8, [IO_WQ_UNBOUND]=9], 2) = 0`)
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_IO_URING_SETUP, 1, decodetest.Mem(decode.UringParams{Flags: 1 << 5, SqCPU: 16, WqFd: 4})),
		`io_uring_setup(1, {flags=IORING_SETUP_ATTACH_WQ, sq_thread_cpu=0x10, sq_thread_idle=0, wq_fd=4}) = -1 EFAULT (Bad address)`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_IO_URING_REGISTER, 3, decode.UringProbe, decodetest.Mem([4]uint64{1}), 2),
		`io_uring_register(3, IORING_REGISTER_PROBE, {last_op=IORING_OP_READV, ops_len=0, ops=[{op=IORING_OP_NOP, flags=0}, {op=IORING_OP_NOP, flags=0}]}, 2) = -1 EINVAL (Invalid argument)`)
}

// A year has as many digits as it needs, and there is one for each time that
// gmtime(3) knows a year of.
func TestDates(t *testing.T) {
	name := decodetest.Cstring("f")
	line := func(sec ...int64) string {
		return decodetest.As(0, unix.SYS_UTIMENSAT, 3, name, decodetest.Mem([4]int64{sec[0], 0, sec[1], 5}), 0)
	}
	decodetest.WantLine(t, line(-62135596801, -1), `utimensat(3, "f", [{tv_sec=-62135596801, tv_nsec=0} /* 0-12-31T23:59:59+0000 */, {tv_sec=-1, tv_nsec=5} /* 1969-12-31T23:59:59.000000005+0000 */], 0) = 0`)
	decodetest.WantLine(t, line(253402300800, -67768040609740800), `utimensat(3, "f", [{tv_sec=253402300800, tv_nsec=0} /* 10000-01-01T00:00:00+0000 */, `+
		`{tv_sec=-67768040609740800, tv_nsec=5} /* -2147481748-01-01T00:00:00.000000005+0000 */], 0) = 0`)
	decodetest.WantLine(t, line(-67768040609740801, 67768036191676800), `utimensat(3, "f", [{tv_sec=-67768040609740801, tv_nsec=0}, {tv_sec=67768036191676800, tv_nsec=5}], 0) = 0`)
}
