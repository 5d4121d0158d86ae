package footprint

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// moreCalls are those that need something that was made for them.
func moreCalls(t *testing.T) (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	none := filepath.Join(t.TempDir(), "none", "none")
	add(unix.SYS_GETDENTS, "", 0, func(p *place) [6]uint64 {
		fd, _ := unix.Open("/", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		b := p.out("dirp", 24)
		p.loose("the last bytes of an entry are padding")
		return args(uint64(fd), b, 24)
	})
	var st unix.Stat_t
	unix.Stat("/", &st)
	add(unix.SYS_USTAT, "", 0, func(p *place) [6]uint64 { return args(st.Dev, p.out("ubuf", 32)) })
	add(unix.SYS_SYSFS, "", 0, func(p *place) [6]uint64 { return args(1, p.in("fsname", text("proc"))) })
	groups, _ := unix.Getgroups()
	if n := len(groups); n > 0 {
		add(unix.SYS_GETGROUPS, "", 0, func(p *place) [6]uint64 { return args(uint64(n), p.out("list", 4*n)) })
	}
	add(unix.SYS_SETGROUPS, "", unix.EINVAL, func(p *place) [6]uint64 { return args(1, p.in("list", halves(1<<32-1))) })
	for _, nr := range []int{unix.SYS_ACCT} {
		add(nr, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("path", text(none))) })
	}
	add(unix.SYS_PIVOT_ROOT, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("new_root", text(none)), p.base+64) })
	watch, _ := unix.InotifyInit1(unix.IN_CLOEXEC)
	t.Cleanup(func() { unix.Close(watch) })
	add(unix.SYS_INOTIFY_ADD_WATCH, "", unix.ENOENT, func(p *place) [6]uint64 { return args(uint64(watch), p.in("path", text(none)), 1) })
	add(unix.SYS_DELETE_MODULE, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("name", text("footprint_none")), 0) })
	add(unix.SYS_INIT_MODULE, "", unix.ENOEXEC, func(p *place) [6]uint64 {
		image := p.in("image", make([]byte, 64))
		return args(image, 64, p.base+64)
	})
	add(unix.SYS_SETHOSTNAME, "", 0, func(p *place) [6]uint64 {
		name, _ := os.Hostname()
		return args(p.in("name", []byte(name)), uint64(len(name)))
	})
	add(unix.SYS_MODIFY_LDT, "", unix.EINVAL, func(p *place) [6]uint64 {
		return args(1, p.in("desc", append(halves(1<<31), make([]byte, 12)...)), 16)
	})
	add(unix.SYS_MODIFY_LDT, "/default", 0, func(p *place) [6]uint64 { return args(2, p.out("ldt", 8), 8) })
	add(unix.SYS_RT_TGSIGQUEUEINFO, "", unix.EPERM, func(p *place) [6]uint64 {
		return args(1<<30-1, 1<<30-1, 0, p.in("info", append(halves(0, 0, 1), make([]byte, 36)...)))
	})
	add(unix.SYS_PIDFD_SEND_SIGNAL, "", unix.EINVAL, func(p *place) [6]uint64 {
		fd, _ := unix.PidfdOpen(os.Getpid(), 0)
		return args(uint64(fd), 10, p.in("info", append(halves(9, 0, 1), make([]byte, 36)...)), 0)
	})
	pid := uint64(os.Getpid())
	add(unix.SYS_PROCESS_VM_WRITEV, "", 0, func(p *place) [6]uint64 {
		from, to := p.in("local", []byte("hello")), p.out("remote", 5)
		return args(pid, p.in("local_iov", words(from, 5)), 1, p.in("remote_iov", words(to, 5)), 1, 0)
	})
	add(unix.SYS_FINIT_MODULE, "", unix.EBADF, func(p *place) [6]uint64 { return args(1<<31-1, p.base+64, 0) })
	add(unix.SYS_MEMFD_CREATE, "", 0, func(p *place) [6]uint64 { return args(p.in("name", text("footprint")), unix.MFD_CLOEXEC) })
	add(unix.SYS_EXECVEAT, "", unix.ENOENT, func(p *place) [6]uint64 { return args(at, p.in("path", text(none)), 0, 0, 0) })
	for _, nr := range []int{unix.SYS_PIPE, unix.SYS_PIPE2} {
		add(nr, "", 0, func(p *place) [6]uint64 { return args(p.out("pipefd", 8), 0) })
	}
	add(unix.SYS_SOCKETPAIR, "/made", 0, func(p *place) [6]uint64 { return args(unix.AF_UNIX, unix.SOCK_STREAM, 0, p.out("sv", 8)) })
	add(unix.SYS_TIMER_SETTIME, "", unix.EINVAL, func(p *place) [6]uint64 { return args(1<<31-1, 0, p.in("new_value", make([]byte, 32)), 0) })
	add(unix.SYS_CLOCK_SETTIME, "", unix.EINVAL, func(p *place) [6]uint64 { return args(0, p.in("tp", words(1, 1<<40))) })
	add(unix.SYS_SETTIMEOFDAY, "", unix.EINVAL, func(p *place) [6]uint64 { return args(p.in("tv", words(1, 1<<40))) })
	add(unix.SYS_FUTEX_WAIT, "", unix.EAGAIN, func(p *place) [6]uint64 { return args(p.word("uaddr", Reads, 1), 0, 1, 2|128, 0, 0) })
	add(unix.SYS_FUTEX_REQUEUE, "", unix.EAGAIN, func(p *place) [6]uint64 {
		a := p.word("uaddr", Reads, 1)
		return args(p.in("waiters", append(append(words(0, a), halves(2|128, 0)...), append(words(0, p.base+2048), halves(2|128, 0)...)...)), 0, 1, 1)
	})
	add(unix.SYS_LISTMOUNT, "", 0, func(p *place) [6]uint64 {
		return args(p.in("req", append(halves(24, 0), words(1<<64-1, 0)...)), p.out("ids", 8), 1, 0)
	})
	if unix.Prctl(unix.PR_SET_VMA, unix.PR_SET_VMA_ANON_NAME, 0, 0, 0) == nil {
		add(unix.SYS_PRCTL, "/vma-name", 0, func(p *place) [6]uint64 {
			return args(unix.PR_SET_VMA, unix.PR_SET_VMA_ANON_NAME, p.base, 4096, p.in("name", text("x")))
		})
	}
	add(unix.SYS_PRCTL, "/auxv", 0, func(p *place) [6]uint64 { return args(prGetAuxv, p.out("auxv", 16), 16) })
	if id, _, errno := unix.Syscall(unix.SYS_MSGGET, 0, 0o600, 0); errno == 0 {
		t.Cleanup(func() { unix.Syscall(unix.SYS_MSGCTL, id, 0, 0) })
		fill := func() {
			b := append(words(1), "abc"...)
			unix.Syscall6(unix.SYS_MSGSND, id, uintptr(unsafe.Pointer(&b[0])), 3, unix.IPC_NOWAIT, 0, 0)
		}
		add(unix.SYS_MSGRCV, "/one", 0, func(p *place) [6]uint64 {
			fill()
			return args(uint64(id), p.out("msgp", 11), 3, 0, 2048)
		})
		add(unix.SYS_MSGSND, "/one", 0, func(p *place) [6]uint64 {
			var b [64]byte
			unix.Syscall6(unix.SYS_MSGRCV, id, uintptr(unsafe.Pointer(&b[0])), 3, 0, 2048, 0)
			return args(uint64(id), p.in("msgp", append(words(1), "abc"...)), 3, 2048)
		})
	}
	queue := fmt.Sprint("footprint-", os.Getpid())
	name, attr := text(queue), words(0, 1, 8, 0, 0, 0, 0, 0)
	if fd, _, errno := unix.Syscall6(unix.SYS_MQ_OPEN, uintptr(unsafe.Pointer(&name[0])), unix.O_RDWR|unix.O_CREAT|unix.O_NONBLOCK, 0o600,
		uintptr(unsafe.Pointer(&attr[0])), 0, 0); errno == 0 {
		t.Cleanup(func() {
			unix.Syscall(unix.SYS_MQ_UNLINK, uintptr(unsafe.Pointer(&name[0])), 0, 0)
			unix.Close(int(fd))
		})
		drain := func() {
			var b [8]byte
			unix.Syscall6(unix.SYS_MQ_TIMEDRECEIVE, fd, uintptr(unsafe.Pointer(&b[0])), 8, 0, 0, 0)
		}
		add(unix.SYS_MQ_GETSETATTR, "", 0, func(p *place) [6]uint64 {
			return args(uint64(fd), p.in("newattr", words(unix.O_NONBLOCK, 0, 0, 0, 0, 0, 0, 0)), p.out("oldattr", 64))
		})
		add(unix.SYS_MQ_TIMEDSEND, "", 0, func(p *place) [6]uint64 {
			drain()
			return args(uint64(fd), p.in("msg", []byte("abc")), 3, 0, p.in("timeout", words(1, 0)))
		})
		add(unix.SYS_MQ_TIMEDRECEIVE, "", 0, func(p *place) [6]uint64 {
			b := []byte("12345678")
			unix.Syscall6(unix.SYS_MQ_TIMEDSEND, fd, uintptr(unsafe.Pointer(&b[0])), 8, 0, 0, 0)
			return args(uint64(fd), p.out("msg", 8), 8, p.out("prio", 4), p.in("timeout", words(1, 0)))
		})
		add(unix.SYS_MQ_NOTIFY, "", unix.EINVAL, func(p *place) [6]uint64 {
			return args(uint64(fd), p.in("sevp", append(append(words(0), halves(1, 99)...), make([]byte, 48)...)))
		})
	}
	calls = append(calls, asynchronous(t)...)
	return calls
}

// asynchronous are io_submit(2) and its kin.
func asynchronous(t *testing.T) (calls []kernelCall) {
	var ctx uint64
	if _, _, errno := unix.Syscall(unix.SYS_IO_SETUP, 8, uintptr(unsafe.Pointer(&ctx)), 0); errno != 0 {
		t.Logf("no asynchronous I/O: %v", errno)
		return nil
	}
	t.Cleanup(func() { unix.Syscall(unix.SYS_IO_DESTROY, uintptr(ctx), 0, 0) })
	fd, err := unix.Open("/dev/zero", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	submit := func(buf uint64) []byte {
		return append(append(words(0, 0), halves(0, uint32(fd))...), words(buf, 8, 0, 0, 0)...)
	}
	var place0 [8]byte
	drain := func() {
		var events [8 * 32]byte
		var zero unix.Timespec
		unix.Syscall6(unix.SYS_IO_GETEVENTS, uintptr(ctx), 0, 8, uintptr(unsafe.Pointer(&events)), uintptr(unsafe.Pointer(&zero)), 0)
	}
	fill := func() {
		drain()
		b := submit(uint64(uintptr(unsafe.Pointer(&place0))))
		list := words(uint64(uintptr(unsafe.Pointer(&b[0]))))
		unix.Syscall(unix.SYS_IO_SUBMIT, uintptr(ctx), 1, uintptr(unsafe.Pointer(&list[0])))
	}
	calls = append(calls, kernelCall{nr: unix.SYS_IO_SUBMIT, args: func(p *place) [6]uint64 {
		drain()
		one := p.in("iocb", submit(p.base+64))
		return args(ctx, 1, p.in("iocbpp", words(one)))
	}}, kernelCall{nr: unix.SYS_IO_GETEVENTS, args: func(p *place) [6]uint64 {
		fill()
		return args(ctx, 0, 1, p.out("events", 32), p.in("timeout", words(0, 0)))
	}}, kernelCall{nr: unix.SYS_IO_PGETEVENTS, args: func(p *place) [6]uint64 {
		fill()
		mask := p.in("sigmask", words(1<<64-1))
		return args(ctx, 0, 1, p.out("events", 32), p.in("timeout", words(0, 0)), p.in("usig", words(mask, 8)))
	}})
	return calls
}
