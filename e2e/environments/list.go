package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// environment is a way to run a program.
type environment struct {
	name, what string
	// missing says why it cannot be had here, or "".
	missing func() string
	// attr changes how the process is made.
	attr func(*syscall.SysProcAttr)
	// enter changes the process itself, in its only relevant thread.
	enter func(work string) error
	// env are variables to set; -NAME takes one away.
	env []string
	// wrap goes before the program.
	wrap []string
	// only are the programs to run, if not all.
	only []string
	// blind is set where there is no Syscall User Dispatch.
	blind bool
}

// Numbers that golang.org/x/sys/unix does not have.
const (
	prSetUserDispatch = 59
	madvWipeOnFork    = 18
	sysMseal          = 462
)

// newSince are the first call numbers of kernels.
const (
	linux5_11 = 441 // epoll_pwait2
	linux5_6  = 437 // openat2, pidfd_getfd, faccessat2...
	linux5_3  = 434 // pidfd_open, clone3
	linux5_0  = 424 // pidfd_send_signal
)

var noDispatch = rule{nr: unix.SYS_PRCTL, arg0: value(prSetUserDispatch)}

func environments() []environment {
	all := []environment{{name: "plain", what: "nothing is changed"}}
	add := func(e ...environment) { all = append(all, e...) }

	hide := func(name, features string) environment {
		return environment{name: name, what: "GLIBC_TUNABLES=glibc.cpu.hwcaps=" + features, env: []string{"GLIBC_TUNABLES=glibc.cpu.hwcaps=" + features}}
	}
	add(hide("no AVX-512", "-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ"), hide("no AVX", "-AVX512F,-AVX512VL,-AVX2,-AVX"),
		hide("no XSAVE", "-XSAVE,-XSAVEC,-AVX512F,-AVX2,-AVX"), hide("no ERMS", "-ERMS,-FSRM"),
		environment{name: "no rseq of glibc", what: "GLIBC_TUNABLES=glibc.pthread.rseq=0", env: []string{"GLIBC_TUNABLES=glibc.pthread.rseq=0"}},
		environment{name: "malloc in huge pages", what: "GLIBC_TUNABLES=glibc.malloc.hugetlb=1", env: []string{"GLIBC_TUNABLES=glibc.malloc.hugetlb=1"}})

	deny := func(name, what string, errno unix.Errno, from uint32, rules ...rule) environment {
		e := environment{name: name, what: what, enter: func(string) error { return filter(errno, from, rules) }}
		for _, r := range rules {
			e.blind = e.blind || r == noDispatch
		}
		return e
	}
	noSys := func(name string, numbers ...uint32) environment {
		return deny("no "+name, "seccomp filter: ENOSYS for it", unix.ENOSYS, 0, calls(numbers...)...)
	}
	add(deny("a filter that allows all", "seccomp filter", 0, 0),
		noSys("process_vm_readv", unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV),
		noSys("memfd_create", unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET), noSys("clone3", unix.SYS_CLONE3),
		noSys("close_range", unix.SYS_CLOSE_RANGE), noSys("statx", unix.SYS_STATX), noSys("faccessat2", unix.SYS_FACCESSAT2),
		noSys("openat2", unix.SYS_OPENAT2), noSys("rseq", unix.SYS_RSEQ),
		noSys("pkeys", unix.SYS_PKEY_ALLOC, unix.SYS_PKEY_FREE, unix.SYS_PKEY_MPROTECT), noSys("fallocate", unix.SYS_FALLOCATE),
		noSys("membarrier", unix.SYS_MEMBARRIER), noSys("io_uring", unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER),
		noSys("pidfds", unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_PIDFD_GETFD), noSys("getrandom", unix.SYS_GETRANDOM),
		noSys("getcpu and mincore", unix.SYS_GETCPU, unix.SYS_MINCORE),
		deny("no MADV_WIPEONFORK", "seccomp filter: EINVAL for it", unix.EINVAL, 0, rule{nr: unix.SYS_MADVISE, arg2: value(madvWipeOnFork)}),
		deny("no dispatch", "seccomp filter: EINVAL for prctl(PR_SET_SYSCALL_USER_DISPATCH)", unix.EINVAL, 0, noDispatch),
		deny("as Linux 5.10", "seccomp filter: ENOSYS for calls from 5.11 on, no dispatch", unix.ENOSYS, linux5_11, noDispatch),
		deny("as Linux 5.4", "the same for calls from 5.6 on", unix.ENOSYS, linux5_6, append(calls(unix.SYS_CLOSE_RANGE), noDispatch)...),
		deny("as Linux 4.19", "the same for calls from 5.0 on", unix.ENOSYS, linux5_0, noDispatch),
		deny("as Linux 4.14", "and without rseq, io_pgetevents, statx", unix.ENOSYS, linux5_0, append(calls(unix.SYS_RSEQ, unix.SYS_IO_PGETEVENTS, unix.SYS_STATX), noDispatch)...),
		deny("as Linux 4.4", "and without MADV_WIPEONFORK, pkeys, preadv2, copy_file_range", unix.ENOSYS, linux5_0, append(calls(unix.SYS_RSEQ, unix.SYS_IO_PGETEVENTS, unix.SYS_STATX,
			unix.SYS_PKEY_ALLOC, unix.SYS_PKEY_FREE, unix.SYS_PKEY_MPROTECT, unix.SYS_PREADV2, unix.SYS_PWRITEV2, unix.SYS_COPY_FILE_RANGE),
			noDispatch, rule{nr: unix.SYS_MADVISE, arg2: value(madvWipeOnFork)})...),
		deny("EPERM for new calls", "seccomp filter: EPERM for calls from 5.11 on, as old container runtimes", unix.EPERM, linux5_11),
	)

	prctl := func(name, what string, option int, args ...uintptr) environment {
		args = append(args, 0, 0, 0, 0)
		return environment{name: name, what: what, enter: func(string) error { return unix.Prctl(option, args[0], args[1], args[2], args[3]) }}
	}
	const mdwe, tscSegv, specDisable = 65, 2, 4 // PR_SET_MDWE, PR_TSC_SIGSEGV, PR_SPEC_DISABLE
	// glibc's ld.so executes RDTSC and dies; musl's does not.
	noTSC := prctl("no time stamp counter", "prctl(PR_SET_TSC, PR_TSC_SIGSEGV), a program with musl", unix.PR_SET_TSC, tscSegv)
	noTSC.only = []string{"musl_basics"}
	add(prctl("no_new_privs", "prctl(PR_SET_NO_NEW_PRIVS)", unix.PR_SET_NO_NEW_PRIVS, 1),
		prctl("no huge pages", "prctl(PR_SET_THP_DISABLE)", unix.PR_SET_THP_DISABLE, 1),
		noTSC,
		prctl("write or execute", "prctl(PR_SET_MDWE)", mdwe, 1),
		prctl("no speculation", "prctl(PR_SET_SPECULATION_CTRL)", unix.PR_SET_SPECULATION_CTRL, 0, specDisable),
		prctl("timer slack", "prctl(PR_SET_TIMERSLACK), 50 ms", unix.PR_SET_TIMERSLACK, 50e6),
		prctl("child subreaper", "prctl(PR_SET_CHILD_SUBREAPER)", unix.PR_SET_CHILD_SUBREAPER, 1))

	limit := func(name string, resource int, n uint64) environment {
		return environment{name: name, what: "setrlimit(2)", enter: func(string) error {
			return unix.Setrlimit(resource, &unix.Rlimit{Cur: n, Max: n})
		}}
	}
	add(limit("64 descriptors", unix.RLIMIT_NOFILE, 64), limit("stack of 256 KiB", unix.RLIMIT_STACK, 256<<10),
		limit("stack unlimited", unix.RLIMIT_STACK, unix.RLIM_INFINITY), limit("address space of 1 GiB", unix.RLIMIT_AS, 1<<30),
		limit("data of 64 MiB", unix.RLIMIT_DATA, 64<<20), limit("no locked memory", unix.RLIMIT_MEMLOCK, 0),
		limit("files of 16 MiB", unix.RLIMIT_FSIZE, 16<<20), limit("no core", unix.RLIMIT_CORE, 0),
		limit("no pending signals", unix.RLIMIT_SIGPENDING, 0), limit("no message queues", unix.RLIMIT_MSGQUEUE, 0))

	persona := func(name string, flags uintptr, what string) environment {
		return environment{name: name, what: "personality(" + what + ")", enter: func(string) error {
			if _, _, e := unix.RawSyscall(unix.SYS_PERSONALITY, flags, 0, 0); e != 0 {
				return e
			}
			return nil
		}}
	}
	// Bad pointers such as 8, which fixtures use, are good ones there.
	pageZero := persona("page zero mapped", 0x0100000, "MMAP_PAGE_ZERO")
	pageZero.only = []string{"signal_basic", "vfork_exec", "thread_tls", "exit_ways", "ls", "shell", "python"}
	add(persona("addresses not random", 0x0040000, "ADDR_NO_RANDOMIZE"), persona("old address space layout", 0x0200000, "ADDR_COMPAT_LAYOUT"),
		persona("reading implies executing", 0x0400000, "READ_IMPLIES_EXEC"), persona("3 GB of addresses", 0x8000000, "ADDR_LIMIT_3GB"),
		pageZero, persona("Linux 2.6 by name", 0x0020000, "UNAME26"),
		persona("whole seconds and sticky time-outs", 0x6000000, "WHOLE_SECONDS|STICKY_TIMEOUTS"))
	return append(append(append(all, processes()...), namespaces()...), variables()...)
}

// processes are environments of scheduling, signals, identity and descriptors.
func processes() []environment {
	sched := func(policy, priority int) func(string) error {
		return func(string) error {
			attr := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: uint32(policy), Priority: uint32(priority)}
			return unix.SchedSetAttr(0, attr, 0)
		}
	}
	return []environment{
		{name: "one processor", what: "sched_setaffinity(2)", enter: func(string) error {
			var set unix.CPUSet
			if err := unix.SchedGetaffinity(0, &set); err != nil {
				return err
			}
			for cpu := range 1024 {
				if set.IsSet(cpu) {
					set.Zero()
					set.Set(cpu)
					break
				}
			}
			return unix.SchedSetaffinity(0, &set)
		}},
		{name: "SCHED_IDLE", what: "the least of priorities", enter: sched(unix.SCHED_IDLE, 0)},
		{name: "SCHED_FIFO", what: "a real-time priority", enter: sched(unix.SCHED_FIFO, 1),
			missing: func() string { return needRoot("for real-time priorities") }},
		// Those that wait for signals wait for ever there.
		{name: "all signals blocked", what: "by the parent, across exec", only: []string{"clone_libc", "vfork_exec", "fork_threads", "thread_tls",
			"mem_mappings", "mem_jit", "redzone_leaf", "musl_basics", "ls", "python"}, enter: func(string) error {
			set := unix.Sigset_t{}
			for i := range set.Val {
				set.Val[i] = ^uint64(0)
			}
			return unix.PthreadSigmask(unix.SIG_SETMASK, &set, nil)
		}},
		{name: "signals ignored", what: "all that can be, by the parent", wrap: []string{"sh", "-c",
			`trap '' HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM CHLD TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS; exec "$@"`, "sh"}},
		{name: "standard input closed", what: "descriptor 0", wrap: []string{"sh", "-c", `exec "$@" <&-`, "sh"}},
		{name: "own session", what: "setsid(1)", wrap: []string{"setsid", "-w"}},
		{name: "umask 077", what: "umask(2)", enter: func(string) error { unix.Umask(0o077); return nil }},
		{name: "directory with spaces", what: "the working directory's name", enter: func(work string) error {
			dir := filepath.Join(work, "a b: $c")
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			return os.Chdir(dir)
		}},
		// Those that make files there go on for ever.
		{name: "directory removed", what: "the working directory", only: []string{"signal_basic", "mask_waits", "jmp_handlers", "vfork_exec", "clone_clone3",
			"clone_libc", "fork_threads", "thread_tls", "exit_ways", "mem_jit", "stack_small", "ls", "shell", "python"}, enter: func(work string) error {
			dir := filepath.Join(work, "gone")
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			if err := os.Chdir(dir); err != nil {
				return err
			}
			return os.Remove(dir)
		}},
		{name: "another user", what: "uid 65534, no groups", missing: func() string { return needRoot("to become another user") }, enter: func(string) error {
			// This thread's only, which executes the program.
			for _, call := range [][2]uintptr{{unix.SYS_SETGROUPS, 0}, {unix.SYS_SETGID, 65534}, {unix.SYS_SETUID, 65534}} {
				if _, _, e := unix.RawSyscall(call[0], call[1], 0, 0); e != 0 {
					return e
				}
			}
			return nil
		}},
		{name: "no capabilities", what: "root without any", missing: func() string { return needRoot("to give them up") }, enter: func(string) error {
			const noRoot, locked = 1 << 0, 1 << 1
			if err := unix.Prctl(unix.PR_SET_SECUREBITS, noRoot|locked, 0, 0, 0); err != nil {
				return err
			}
			hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
			var none [2]unix.CapUserData
			return unix.Capset(&hdr, &none[0])
		}},
		{name: "inside strace", what: "strace -f", wrap: []string{"strace", "-f", "-qq", "-o", "/dev/null"}, missing: func() string {
			if _, err := exec.LookPath("strace"); err != nil {
				return "strace is not installed"
			}
			return ""
		}},
	}
}

// namespaces are environments that need a namespace.
func namespaces() []environment {
	mounts := func(name, what string, enter func(work string) error) environment {
		return environment{name: name, what: what, missing: func() string { return needRoot("to mount") }, enter: func(work string) error {
			if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS); err != nil {
				return err
			}
			if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
				return err
			}
			return enter(work)
		}}
	}
	unshared := func(name, what string, flags int) environment {
		return environment{name: name, what: what, missing: func() string { return needRoot("for the namespace") }, enter: func(string) error { return unix.Unshare(flags) }}
	}
	return []environment{
		mounts("no /proc", "not mounted", noProc),
		mounts("no /proc and no dispatch", "not mounted; seccomp filter", func(string) error {
			if err := noProc(""); err != nil {
				return err
			}
			return filter(unix.EINVAL, 0, []rule{noDispatch})
		}),
		mounts("/proc with hidepid", "hidepid=2, another user", func(string) error {
			if err := unix.Mount("proc", "/proc", "proc", 0, "hidepid=2"); err != nil {
				return err
			}
			if _, _, e := unix.RawSyscall(unix.SYS_SETUID, 65534, 0, 0); e != 0 {
				return e
			}
			return nil
		}),
		mounts("no /dev/shm and no /sys", "empty directories", func(string) error {
			for _, dir := range []string{"/dev/shm", "/sys"} {
				if err := unix.Mount("none", dir, "tmpfs", unix.MS_RDONLY, ""); err != nil {
					return err
				}
			}
			return nil
		}),
		mounts("read-only", "all but the working directory", func(work string) error {
			if err := unix.Mount(work, work, "", unix.MS_BIND, ""); err != nil {
				return err
			}
			if err := os.Chdir(work); err != nil {
				return err
			}
			return unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, "")
		}),
		mounts("chroot", "into a second mount of the root", func(work string) error {
			root := filepath.Join(work, "root")
			if err := os.Mkdir(root, 0o755); err != nil {
				return err
			}
			if err := unix.Mount("/", root, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
				return err
			}
			if err := unix.Chroot(root); err != nil {
				return err
			}
			return os.Chdir(work)
		}),
		unshared("network namespace", "without devices", unix.CLONE_NEWNET),
		unshared("IPC and UTS namespace", "new ones", unix.CLONE_NEWIPC|unix.CLONE_NEWUTS),
		{name: "time namespace", what: "the monotonic clock a day ahead", missing: func() string {
			if _, err := os.Stat("/proc/self/timens_offsets"); err != nil {
				return "the kernel has no time namespaces"
			}
			return needRoot("for the namespace")
		}, enter: func(string) error {
			if err := unix.Unshare(unix.CLONE_NEWTIME); err != nil {
				return err
			}
			return os.WriteFile("/proc/self/timens_offsets", []byte("monotonic 86400 0\nboottime 86400 0\n"), 0)
		}},
		{name: "process 1", what: "of a PID namespace, with its /proc", missing: func() string { return needRoot("for the namespace") },
			attr: func(a *syscall.SysProcAttr) { a.Cloneflags |= unix.CLONE_NEWPID | unix.CLONE_NEWNS },
			enter: func(string) error {
				if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
					return err
				}
				return unix.Mount("proc", "/proc", "proc", 0, "")
			}},
		{name: "process of another /proc", what: "in a PID namespace, with the /proc of the one around; no dispatch, behind a seccomp filter", missing: func() string { return needRoot("for the namespace") },
			attr:  func(a *syscall.SysProcAttr) { a.Cloneflags |= unix.CLONE_NEWPID },
			enter: func(string) error { return filter(unix.EINVAL, 0, []rule{noDispatch}) }},
		{name: "user namespace", what: "root there, the tester here", missing: noUserNamespaces, attr: func(a *syscall.SysProcAttr) {
			a.Cloneflags |= unix.CLONE_NEWUSER
			a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}},
		{name: "user namespace of nobody", what: "no id is mapped", missing: noUserNamespaces, attr: func(a *syscall.SysProcAttr) {
			a.Cloneflags |= unix.CLONE_NEWUSER
		}},
	}
}

// variables are environments of environment variables.
func variables() []environment {
	return []environment{
		{name: "no variables", what: "but the tool's", env: []string{"-PATH", "-HOME", "-LANG", "-LC_ALL", "-TZ", "-TERM", "-TMPDIR"}},
		{name: "odd locale", what: "LC_ALL=xx_YY.ODD, LANGUAGE=tlh", env: []string{"LC_ALL=xx_YY.ODD", "LANG=xx", "LANGUAGE=tlh"}},
		{name: "UTF-8", what: "LC_ALL=C.UTF-8", env: []string{"LC_ALL=C.UTF-8"}},
		{name: "ten thousand variables", what: "1 MB of them", env: many(10000)},
		{name: "LD_BIND_NOW", what: "LD_BIND_NOW=1", env: []string{"LD_BIND_NOW=1"}},
		{name: "LD_LIBRARY_PATH", what: "directories that do not exist", env: []string{"LD_LIBRARY_PATH=/nonexistent:/none:"}},
		{name: "malloc checks", what: "MALLOC_PERTURB_, MALLOC_ARENA_MAX=1, mmap for each block", env: []string{"MALLOC_PERTURB_=85", "MALLOC_ARENA_MAX=1", "MALLOC_MMAP_THRESHOLD_=0"}},
		{name: "CI=true", what: "as test machines have it, TERM unset", env: []string{"CI=true", "-TERM"}},
	}
}

func many(n int) (vars []string) {
	for i := range n {
		vars = append(vars, "VARIABLE_"+strings.Repeat("x", i%7)+string(rune('A'+i%26))+"_"+itoa(i)+"="+strings.Repeat("v", 80))
	}
	return vars
}

// noProc takes /proc away, and those that it was mounted over.
func noProc(string) error {
	err := unix.Unmount("/proc", unix.MNT_DETACH)
	if err != nil {
		return err
	}
	for err == nil {
		err = unix.Unmount("/proc", unix.MNT_DETACH)
	}
	return nil
}
