package footprint

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

func timeCalls() (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	add(unix.SYS_NANOSLEEP, "", 0, func(p *place) [6]uint64 { return args(p.in("req", words(0, 1))) })
	add(unix.SYS_CLOCK_NANOSLEEP, "", 0, func(p *place) [6]uint64 { return args(0, 0, p.in("req", words(0, 1))) })
	add(unix.SYS_CLOCK_GETTIME, "", 0, func(p *place) [6]uint64 { return args(0, p.out("tp", 16)) })
	add(unix.SYS_CLOCK_GETRES, "", 0, func(p *place) [6]uint64 { return args(0, p.out("res", 16)) })
	add(unix.SYS_CLOCK_ADJTIME, "", 0, func(p *place) [6]uint64 { return args(0, p.both("buf", make([]byte, 208))) })
	add(unix.SYS_ADJTIMEX, "", 0, func(p *place) [6]uint64 { return args(p.both("buf", make([]byte, 208))) })
	add(unix.SYS_GETTIMEOFDAY, "", 0, func(p *place) [6]uint64 { return args(p.out("tv", 16), p.out("tz", 8)) })
	add(unix.SYS_TIME, "", 0, func(p *place) [6]uint64 { return args(p.out("tloc", 8)) })
	add(unix.SYS_TIMES, "", 0, func(p *place) [6]uint64 { return args(p.out("buf", 32)) })
	add(unix.SYS_GETITIMER, "", 0, func(p *place) [6]uint64 { return args(1, p.out("curr_value", 32)) })
	add(unix.SYS_SETITIMER, "", 0, func(p *place) [6]uint64 {
		return args(1, p.in("new_value", make([]byte, 32)), p.out("old_value", 32))
	})
	add(unix.SYS_TIMER_CREATE, "", 0, func(p *place) [6]uint64 {
		return args(0, p.in("sevp", append(words(0), append(halves(0, 1), make([]byte, 48)...)...)), p.out("timerid", 4))
	})
	timer, _ := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC)
	add(unix.SYS_TIMERFD_SETTIME, "", 0, func(p *place) [6]uint64 {
		return args(uint64(timer), 0, p.in("new_value", make([]byte, 32)), p.out("old_value", 32))
	})
	add(unix.SYS_TIMERFD_GETTIME, "", 0, func(p *place) [6]uint64 { return args(uint64(timer), p.out("curr_value", 32)) })
	return calls
}

func processCalls() (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	pid := uint64(os.Getpid())
	add(unix.SYS_UNAME, "", 0, func(p *place) [6]uint64 { return args(p.out("buf", 390)) })
	add(unix.SYS_SYSINFO, "", 0, func(p *place) [6]uint64 { return args(p.out("info", 112)) })
	add(unix.SYS_GETRUSAGE, "", 0, func(p *place) [6]uint64 { return args(0, p.out("usage", 144)) })
	add(unix.SYS_GETRLIMIT, "", 0, func(p *place) [6]uint64 { return args(7, p.out("rlim", 16)) })
	add(unix.SYS_PRLIMIT64, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, 7, p.in("new_limit", words(2, 1))) })
	add(unix.SYS_PRLIMIT64, "/old", 0, func(p *place) [6]uint64 { return args(0, 7, 0, p.out("old_limit", 16)) })
	add(unix.SYS_SETRLIMIT, "", unix.EINVAL, func(p *place) [6]uint64 { return args(7, p.in("rlim", words(2, 1))) })
	add(unix.SYS_GETRESUID, "", 0, func(p *place) [6]uint64 { return args(p.out("ruid", 4), p.out("euid", 4), p.out("suid", 4)) })
	add(unix.SYS_GETRESGID, "", 0, func(p *place) [6]uint64 { return args(p.out("rgid", 4), p.out("egid", 4), p.out("sgid", 4)) })
	add(unix.SYS_CAPGET, "", 0, func(p *place) [6]uint64 {
		return args(p.in("hdrp", halves(unix.LINUX_CAPABILITY_VERSION_3, 0)), p.out("datap", 24))
	})
	add(unix.SYS_CAPGET, "/1", 0, func(p *place) [6]uint64 {
		return args(p.in("hdrp", halves(unix.LINUX_CAPABILITY_VERSION_1, 0)), p.out("datap", 12))
	})
	add(unix.SYS_GETCPU, "", 0, func(p *place) [6]uint64 { return args(p.out("cpu", 4), p.out("node", 4)) })
	add(unix.SYS_SCHED_GETPARAM, "", 0, func(p *place) [6]uint64 { return args(0, p.out("param", 4)) })
	add(unix.SYS_SCHED_SETPARAM, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, p.in("param", halves(1))) })
	add(unix.SYS_SCHED_SETSCHEDULER, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, 99, p.in("param", halves(0))) })
	add(unix.SYS_SCHED_RR_GET_INTERVAL, "", 0, func(p *place) [6]uint64 { return args(0, p.out("tp", 16)) })
	add(unix.SYS_SCHED_GETATTR, "", 0, func(p *place) [6]uint64 { return args(0, p.out("attr", 48), 48, 0) })
	add(unix.SYS_SCHED_SETATTR, "", unix.EINVAL, func(p *place) [6]uint64 {
		return args(0, p.in("attr", append(halves(48, 99), make([]byte, 40)...)), 0)
	})
	if runtime.NumCPU() <= 64 {
		add(unix.SYS_SCHED_GETAFFINITY, "", 0, func(p *place) [6]uint64 { return args(0, 8, p.out("mask", 8)) })
	}
	add(unix.SYS_SCHED_SETAFFINITY, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, 8, p.in("mask", words(0))) })
	add(unix.SYS_GET_ROBUST_LIST, "", 0, func(p *place) [6]uint64 { return args(0, p.out("head_ptr", 8), p.out("len_ptr", 8)) })
	add(unix.SYS_WAITID, "", unix.ECHILD, func(p *place) [6]uint64 { return args(0, 0, p.out("infop", 28), unix.WEXITED|unix.WNOHANG) })
	add(unix.SYS_RT_SIGPROCMASK, "", 0, func(p *place) [6]uint64 { return args(unix.SIG_BLOCK, p.in("set", words(0)), p.out("oldset", 8), 8) })
	add(unix.SYS_RT_SIGPENDING, "", 0, func(p *place) [6]uint64 { return args(p.out("set", 8), 8) })
	add(unix.SYS_RT_SIGACTION, "", 0, func(p *place) [6]uint64 { return args(63, 0, p.out("oldact", 32), 8) })
	add(unix.SYS_RT_SIGACTION, "/set", unix.EINVAL, func(p *place) [6]uint64 { return args(9, p.in("act", make([]byte, 32)), 0, 8) })
	add(unix.SYS_RT_SIGTIMEDWAIT, "", unix.EAGAIN, func(p *place) [6]uint64 {
		return args(p.in("set", words(0)), 0, p.in("timeout", words(0, 0)), 8)
	})
	add(unix.SYS_RT_SIGQUEUEINFO, "", unix.EPERM, func(p *place) [6]uint64 {
		return args(1<<30-1, 0, p.in("info", append(halves(0, 0, 1), make([]byte, 36)...)))
	})
	add(unix.SYS_SIGALTSTACK, "", 0, func(p *place) [6]uint64 { return args(0, p.out("old_ss", 24)) })
	add(unix.SYS_SIGALTSTACK, "/set", unix.EINVAL, func(p *place) [6]uint64 { return args(p.in("ss", words(0, 77, 0))) })
	add(unix.SYS_PRCTL, "/name", 0, func(p *place) [6]uint64 { return args(unix.PR_GET_NAME, p.out("name", 16)) })
	add(unix.SYS_PRCTL, "/set-name", 0, func(p *place) [6]uint64 { return args(unix.PR_SET_NAME, p.in("name", text("foot"))) })
	add(unix.SYS_PRCTL, "/long-name", 0, func(p *place) [6]uint64 { return args(unix.PR_SET_NAME, p.in("name", []byte("123456789012345"))) })
	add(unix.SYS_PRCTL, "/pdeathsig", 0, func(p *place) [6]uint64 { return args(unix.PR_GET_PDEATHSIG, p.out("sig", 4)) })
	add(unix.SYS_PRCTL, "/subreaper", 0, func(p *place) [6]uint64 { return args(unix.PR_GET_CHILD_SUBREAPER, p.out("is", 4)) })
	add(unix.SYS_PRCTL, "/tid", 0, func(p *place) [6]uint64 { return args(unix.PR_GET_TID_ADDRESS, p.out("address", 8)) })
	add(unix.SYS_PRCTL, "/tsc", 0, func(p *place) [6]uint64 { return args(unix.PR_GET_TSC, p.out("mode", 4)) })
	add(unix.SYS_PRCTL, "/filter", unix.EINVAL, func(p *place) [6]uint64 {
		return args(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, p.in("fprog", words(1, 0)))
	})
	add(unix.SYS_ARCH_PRCTL, "", 0, func(p *place) [6]uint64 { return args(0x1003, p.out("addr", 8)) })
	add(unix.SYS_SECCOMP, "/sizes", 0, func(p *place) [6]uint64 { return args(unix.SECCOMP_GET_NOTIF_SIZES, 0, p.out("sizes", 6)) })
	add(unix.SYS_SECCOMP, "/action", 0, func(p *place) [6]uint64 {
		return args(unix.SECCOMP_GET_ACTION_AVAIL, 0, p.in("action", halves(0x7fff0000)))
	})
	add(unix.SYS_FUTEX, "/wait", unix.EAGAIN, func(p *place) [6]uint64 { return args(p.word("uaddr", Reads, 1), 128, 0, 0) })
	add(unix.SYS_FUTEX, "/timeout", unix.ETIMEDOUT, func(p *place) [6]uint64 {
		return args(p.word("uaddr", Reads, 1), 128, 1, p.in("timeout", words(0, 1)))
	})
	add(unix.SYS_FUTEX_WAITV, "", unix.EAGAIN, func(p *place) [6]uint64 {
		word := p.word("uaddr", Reads, 1)
		return args(p.in("waiters", append(words(0, word), halves(2|128, 0)...)), 1, 0, p.in("timeout", words(0, 0)), 1)
	})
	add(unix.SYS_FUTEX, "/wake-op", 0, func(p *place) [6]uint64 { return args(p.base+64, 5|128, 0, 0, p.word("uaddr2", Writes, 1), 0) })
	add(unix.SYS_FUTEX, "/lock-pi", unix.ESRCH, func(p *place) [6]uint64 { return args(p.word("uaddr", Writes, 1<<30-2), 6|128, 0, 0) })
	add(unix.SYS_PROCESS_VM_READV, "", 0, func(p *place) [6]uint64 {
		to, from := p.out("local", 5), p.in("remote", []byte("hello"))
		return args(pid, p.in("local_iov", words(to, 5)), 1, p.in("remote_iov", words(from, 5)), 1, 0)
	})
	add(unix.SYS_GET_MEMPOLICY, "", 0, func(p *place) [6]uint64 { return args(p.out("mode", 4), p.out("nodemask", 128), 1025, 0, 0) })
	add(unix.SYS_CLONE3, "", unix.EINVAL, func(p *place) [6]uint64 { return args(p.in("cl_args", words(1<<60, 0, 0, 0, 0, 0, 0, 0)), 64) })
	return calls
}
