package footprint

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// untried are calls with memory that TestKernel cannot make, and why. The list only shrinks.
var untried = map[string]string{
	"clone":           "a child of a Go process that shares its memory",
	"ptrace":          "wants a child that is stopped",
	"syslog":          "the log is not known to be there",
	"getgroups":       "the process need not have any",
	"rt_sigsuspend":   "waits",
	"reboot":          "ends the machine",
	"kexec_load":      "replaces the kernel",
	"kexec_file_load": "likewise",
	"rseq":            "an area that is not there ends the process",
	"set_robust_list": "the kernel reads it later", "set_tid_address": "the kernel writes it later",
	"futex_wake":        "looks at no memory",
	"listns":            "younger than this list",
	"quotactl_fd":       "wants a file system with quotas",
	"lsm_get_self_attr": "wants a module that has attributes", "lsm_set_self_attr": "likewise",
	"file_setattr":   "changes a file's attributes that few file systems have",
	"open_tree_attr": "wants a mount of its own",
	"io_uring_enter": "no io_uring in many containers", "io_uring_register": "likewise",
	"landlock_add_rule": "no landlock in many kernels", "fanotify_mark": "wants a right", "fsconfig": "wants a right",
	"timer_gettime": "no timers of POSIX in some kernels", "kcmp": "not in every kernel",
	"msgsnd": "no System V IPC in some kernels", "semop": "likewise", "semtimedop": "likewise", "msgrcv": "likewise",
	"shmctl": "likewise", "msgctl": "likewise", "semctl": "likewise",
	"mq_getsetattr": "no message queues in some kernels", "mq_timedsend": "likewise", "mq_timedreceive": "likewise", "mq_notify": "likewise",
	"io_submit": "no asynchronous I/O in some kernels", "io_getevents": "likewise", "io_pgetevents": "likewise", "io_cancel": "likewise",
	"sched_getaffinity": "with more than 64 processors the mask is longer",
	"uselib":            "gone from the kernel", "_sysctl": "likewise", "create_module": "likewise", "lookup_dcookie": "likewise",
}

// restCalls are what the other lists lack.
func restCalls(t *testing.T, file, none string) (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	open := func(fd int, err error) uint64 {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		return uint64(fd)
	}
	mem := open(unix.MemfdCreate("footprint", unix.MFD_CLOEXEC))
	fd := open(unix.Open(file, unix.O_RDWR|unix.O_CLOEXEC, 0))
	path := func(p *place, s string) uint64 { return p.in("path", text(s)) }
	add(unix.SYS_WRITE, "", 0, func(p *place) [6]uint64 { return args(mem, p.in("buf", make([]byte, 50)), 50) })
	add(unix.SYS_WRITEV, "", 0, func(p *place) [6]uint64 {
		a, b := p.in("base0", make([]byte, 10)), p.in("base1", make([]byte, 20))
		return args(mem, p.in("iov", words(a, 10, b, 20)), 2)
	})
	add(unix.SYS_LSETXATTR, "", 0, func(p *place) [6]uint64 {
		return args(path(p, file), p.in("name", text("user.x")), p.in("value", []byte("val")), 3, 0)
	})
	add(unix.SYS_FSETXATTR, "", 0, func(p *place) [6]uint64 {
		return args(fd, p.in("name", text("user.x")), p.in("value", []byte("val")), 3, 0)
	})
	add(unix.SYS_LGETXATTR, "", 0, func(p *place) [6]uint64 {
		return args(path(p, file), p.in("name", text("user.x")), p.out("value", 3), 3)
	})
	add(unix.SYS_FGETXATTR, "", 0, func(p *place) [6]uint64 { return args(fd, p.in("name", text("user.x")), p.out("value", 3), 3) })
	add(unix.SYS_LLISTXATTR, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.out("list", 7), 7) })
	add(unix.SYS_FLISTXATTR, "", 0, func(p *place) [6]uint64 { return args(fd, p.out("list", 7), 7) })
	add(unix.SYS_LREMOVEXATTR, "", unix.ENODATA, func(p *place) [6]uint64 { return args(path(p, file), p.in("name", text("user.y"))) })
	add(unix.SYS_FREMOVEXATTR, "", unix.ENODATA, func(p *place) [6]uint64 { return args(fd, p.in("name", text("user.y"))) })
	add(unix.SYS_REMOVEXATTRAT, "", unix.ENODATA, func(p *place) [6]uint64 { return args(at, path(p, file), 0, p.in("name", text("user.y"))) })
	add(unix.SYS_FCHMODAT2, "", unix.ENOENT, func(p *place) [6]uint64 { return args(at, path(p, none), 0, 0) })
	add(unix.SYS_FILE_GETATTR, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), p.out("attr", 24), 24, 0) })
	add(unix.SYS_OPEN_BY_HANDLE_AT, "", unix.EINVAL, func(p *place) [6]uint64 { return args(fd, p.in("handle", halves(0, 0)), 0) })
	add(unix.SYS_MOVE_MOUNT, "", unix.ENOENT, func(p *place) [6]uint64 { return args(at, p.in("from", text(none)), at, p.in("to", text(file)), 0) })
	add(unix.SYS_MOUNT_SETATTR, "", unix.ENOENT, func(p *place) [6]uint64 {
		return args(at, path(p, none), 0, p.in("attr", words(1, 0, 0, 0)), 32)
	})
	add(unix.SYS_QUOTACTL, "", unix.ENOENT, func(p *place) [6]uint64 { return args(0x80000400, p.in("special", text(none)), 0, p.base+64) })
	add(unix.SYS_MBIND, "", unix.EINVAL, func(p *place) [6]uint64 { return args(p.base&^4095, 4096, 2, p.in("nodemask", words(0)), 65, 0) })
	add(unix.SYS_SET_MEMPOLICY, "", unix.EINVAL, func(p *place) [6]uint64 { return args(2, p.in("nodemask", words(0)), 65) })
	add(unix.SYS_MIGRATE_PAGES, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, 65, p.in("old", words(0)), p.in("new", words(0))) })
	add(unix.SYS_SIGNALFD, "", unix.EINVAL, func(p *place) [6]uint64 { return args(mem, p.in("mask", words(0)), 8) })
	add(unix.SYS_PROCESS_MADVISE, "", 0, func(p *place) [6]uint64 {
		self, _ := unix.PidfdOpen(os.Getpid(), 0)
		return args(uint64(self), p.in("iov", words(p.base&^4095, 4096)), 1, unix.MADV_COLD, 0)
	})
	add(unix.SYS_PERF_EVENT_OPEN, "", unix.E2BIG, func(p *place) [6]uint64 {
		a := p.in("attr", halves(0, 1<<20))
		p.objects[len(p.objects)-1].addr += 4
		p.objects[len(p.objects)-1].size = 4
		return args(a, 0, 1<<64-1, 1<<64-1, 0)
	})
	add(unix.SYS_SET_THREAD_AREA, "", 0, func(p *place) [6]uint64 { return args(p.both("u_info", halves(1<<32-1, 0, 0, 0x28))) })
	add(unix.SYS_GET_THREAD_AREA, "", 0, func(p *place) [6]uint64 { return args(p.both("u_info", halves(12, 0, 0, 0))) })
	add(unix.SYS_SETDOMAINNAME, "", 0, func(p *place) [6]uint64 {
		var u unix.Utsname
		unix.Uname(&u)
		name := []byte(unix.ByteSliceToString(u.Domainname[:]))
		return args(p.in("name", name), uint64(len(name)))
	})
	add(unix.SYS_CAPSET, "", 0, func(p *place) [6]uint64 {
		var h unix.CapUserHeader
		var d [2]unix.CapUserData
		h.Version = unix.LINUX_CAPABILITY_VERSION_3
		unix.Capget(&h, &d[0])
		return args(p.in("hdrp", halves(unix.LINUX_CAPABILITY_VERSION_3, 0)), p.in("datap", halves(
			d[0].Effective, d[0].Permitted, d[0].Inheritable, d[1].Effective, d[1].Permitted, d[1].Inheritable)))
	})
	add(unix.SYS_WAIT4, "", 0, func(p *place) [6]uint64 {
		pid, err := unixForkExec()
		if err != nil {
			t.Fatal(err)
		}
		return args(uint64(pid), p.out("wstatus", 4), 0, p.out("rusage", 144))
	})
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	out, in := open(pipe[0], nil), open(pipe[1], nil)
	empty := func() { unix.Read(int(out), make([]byte, 1<<16)) }
	add(unix.SYS_SPLICE, "", 0, func(p *place) [6]uint64 {
		empty()
		return args(fd, p.both("off_in", words(0)), in, 0, 8, 0)
	})
	add(unix.SYS_VMSPLICE, "", 0, func(p *place) [6]uint64 {
		empty()
		return args(in, p.in("iov", words(p.still(make([]byte, 8)), 8)), 1, 0)
	})
	calls = append(calls, connections(t, open)...)
	calls = append(calls, optional(open)...)
	return calls
}

func unixForkExec() (int, error) {
	p, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}

// connections are accept(2) and getpeername(2), of connections to ourselves.
func connections(t *testing.T, open func(int, error) uint64) (calls []kernelCall) {
	server := open(unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0))
	if err := unix.Bind(int(server), &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Skip(err)
	}
	if err := unix.Listen(int(server), 64); err != nil {
		t.Fatal(err)
	}
	name, _ := unix.Getsockname(int(server))
	connect := func() int {
		fd, _ := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		unix.Connect(fd, name)
		return fd
	}
	client := open(connect(), nil)
	calls = append(calls, kernelCall{nr: unix.SYS_GETPEERNAME, args: func(p *place) [6]uint64 {
		return args(client, p.out("addr", 16), p.both("addrlen", halves(16)))
	}})
	for _, nr := range []int{unix.SYS_ACCEPT, unix.SYS_ACCEPT4} {
		calls = append(calls, kernelCall{nr: nr, args: func(p *place) [6]uint64 {
			connect()
			return args(server, p.out("addr", 16), p.both("addrlen", halves(16)), 0)
		}})
	}
	return calls
}

// optional are calls that want something that the machine may lack.
func optional(open func(int, error) uint64) (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	made := func(nr, a0, a1, a2 uintptr) (uint64, bool) {
		r, _, errno := unix.Syscall(nr, a0, a1, a2)
		if errno != 0 {
			return 0, false
		}
		return open(int(r), nil), true
	}
	params := make([]byte, 120)
	if ring, ok := made(unix.SYS_IO_URING_SETUP, 4, uintptr(unsafe.Pointer(&params[0])), 0); ok {
		add(unix.SYS_IO_URING_REGISTER, "/probe", 0, func(p *place) [6]uint64 { return args(ring, 8, p.both("probe", make([]byte, 16+3*8)), 3) })
		add(unix.SYS_IO_URING_REGISTER, "/files", unix.EBADF, func(p *place) [6]uint64 { return args(ring, 2, p.in("fds", halves(1<<30)), 1) })
		add(unix.SYS_IO_URING_REGISTER, "/workers", 0, func(p *place) [6]uint64 { return args(ring, 19, p.both("counts", halves(0, 0)), 2) })
		add(unix.SYS_IO_URING_ENTER, "", 0, func(p *place) [6]uint64 {
			mask := p.in("sigmask", words(1<<64-1))
			p.loose("it is read when the call waits")
			ts := p.in("ts", words(0, 1))
			return args(ring, 0, 0, 1|8, p.in("arg", append(append(words(mask), halves(8, 0)...), words(ts)...)), 24)
		})
	}
	handled := words(1)
	if rules, ok := made(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&handled[0])), 8, 0); ok {
		add(unix.SYS_LANDLOCK_ADD_RULE, "", unix.EBADF, func(p *place) [6]uint64 {
			return args(rules, 1, p.in("attr", append(words(1), halves(1<<32-1)...)), 0)
		})
	}
	if fan, ok := made(unix.SYS_FANOTIFY_INIT, 0, 0, 0); ok {
		add(unix.SYS_FANOTIFY_MARK, "", unix.ENOENT, func(p *place) [6]uint64 {
			return args(fan, 1, 1, at, p.in("path", text(filepath.Join("/none", "none"))))
		})
	}
	kind := text("tmpfs")
	if fs, ok := made(unix.SYS_FSOPEN, uintptr(unsafe.Pointer(&kind[0])), 0, 0); ok {
		add(unix.SYS_FSCONFIG, "", unix.EINVAL, func(p *place) [6]uint64 {
			return args(fs, 1, p.in("key", text("nothing")), p.in("value", text("x")), 0)
		})
	}
	var timer int32
	if _, _, errno := unix.Syscall(unix.SYS_TIMER_CREATE, 1, 0, uintptr(unsafe.Pointer(&timer))); errno == 0 {
		add(unix.SYS_TIMER_GETTIME, "", 0, func(p *place) [6]uint64 { return args(uint64(timer), p.out("curr_value", 32)) })
	}
	pid := uint64(os.Getpid())
	if _, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(pid), uintptr(pid), 1, 0, 0, 0); errno == 0 {
		add(unix.SYS_KCMP, "", unix.EBADF, func(p *place) [6]uint64 { return args(pid, pid, 7, 1<<30, p.in("slot", halves(0, 0, 0))) })
	}
	return calls
}
