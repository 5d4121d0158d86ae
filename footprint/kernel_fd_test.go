package footprint

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// descriptorCalls are those with descriptors, among them sockets.
func descriptorCalls(t *testing.T) (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	must := func(fd int, err error) uint64 {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		return uint64(fd)
	}
	file := must(unix.MemfdCreate("footprint", unix.MFD_CLOEXEC))
	if _, err := unix.Pwrite(int(file), make([]byte, 4096), 0); err != nil {
		t.Fatal(err)
	}
	dir := must(unix.Open("/", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0))
	zero := must(unix.Open("/dev/zero", unix.O_RDWR|unix.O_CLOEXEC, 0))
	add(unix.SYS_READ, "", 0, func(p *place) [6]uint64 { return args(zero, p.out("buf", 100), 100) })
	add(unix.SYS_PREAD64, "", 0, func(p *place) [6]uint64 { return args(file, p.out("buf", 100), 100, 0) })
	add(unix.SYS_PWRITE64, "", 0, func(p *place) [6]uint64 { return args(file, p.in("buf", make([]byte, 100)), 100, 0) })
	vector := func(p *place, put func(string, int) uint64) uint64 {
		a, b := put("base0", 10), put("base1", 20)
		return p.in("iov", words(a, 10, b, 20))
	}
	in := func(p *place) func(string, int) uint64 {
		return func(name string, n int) uint64 { return p.in(name, make([]byte, n)) }
	}
	add(unix.SYS_PREADV, "", 0, func(p *place) [6]uint64 { return args(file, vector(p, p.out), 2, 0, 0) })
	add(unix.SYS_PWRITEV, "", 0, func(p *place) [6]uint64 { return args(file, vector(p, in(p)), 2, 0, 0) })
	add(unix.SYS_PREADV2, "", 0, func(p *place) [6]uint64 { return args(file, vector(p, p.out), 2, 0, 0, 0) })
	add(unix.SYS_PWRITEV2, "", 0, func(p *place) [6]uint64 { return args(file, vector(p, in(p)), 2, 0, 0, 0) })
	add(unix.SYS_READV, "", 0, func(p *place) [6]uint64 { return args(zero, vector(p, p.out), 2) })
	add(unix.SYS_GETRANDOM, "", 0, func(p *place) [6]uint64 { return args(p.out("buf", 40), 40, 0) })
	add(unix.SYS_GETCWD, "", 0, func(p *place) [6]uint64 {
		wd, _ := os.Getwd()
		return args(p.out("buf", len(wd)+1), uint64(len(wd)+1))
	})
	add(unix.SYS_PIPE2, "", unix.EINVAL, func(p *place) [6]uint64 { return args(p.base+64, 1) })
	add(unix.SYS_SENDFILE, "", 0, func(p *place) [6]uint64 { return args(zero, file, p.both("offset", words(0)), 8) })
	add(unix.SYS_COPY_FILE_RANGE, "", 0, func(p *place) [6]uint64 {
		return args(file, p.both("off_in", words(0)), file, p.both("off_out", words(2048)), 8, 0)
	})
	add(unix.SYS_FCNTL, "/lock", 0, func(p *place) [6]uint64 {
		return args(file, 5, p.both("flock", append(halves(0, 0), make([]byte, 24)...)))
	})
	add(unix.SYS_FCNTL, "/ofd-lock", 0, func(p *place) [6]uint64 {
		return args(file, 36, p.both("flock", append(halves(0, 0), make([]byte, 24)...)))
	})
	add(unix.SYS_FCNTL, "/set-lock", 0, func(p *place) [6]uint64 {
		return args(file, 6, p.in("flock", append(halves(0, 0), make([]byte, 24)...)))
	})
	add(unix.SYS_FCNTL, "/owner", 0, func(p *place) [6]uint64 { return args(file, 16, p.out("owner", 8)) })
	add(unix.SYS_FCNTL, "/set-owner", 0, func(p *place) [6]uint64 { return args(file, 15, p.in("owner", halves(1, 0))) })
	add(unix.SYS_FCNTL, "/hint", 0, func(p *place) [6]uint64 { return args(file, 1035, p.out("hint", 8)) })
	add(unix.SYS_FCNTL, "/set-hint", 0, func(p *place) [6]uint64 { return args(file, 1036, p.in("hint", words(0))) })
	add(unix.SYS_GETDENTS64, "", 0, func(p *place) [6]uint64 {
		unix.Seek(int(dir), 0, 0)
		b := p.out("dirp", 24)
		p.loose("the last bytes of an entry are padding")
		return args(dir, b, 24)
	})
	add(unix.SYS_POLL, "", 0, func(p *place) [6]uint64 { return args(p.both("fds", halves(uint32(zero), 1)), 1, 0) })
	add(unix.SYS_PPOLL, "", 0, func(p *place) [6]uint64 {
		return args(p.both("fds", halves(uint32(zero), 1)), 1, p.both("tmo_p", words(0, 0)), p.in("sigmask", words(1<<64-1)), 8)
	})
	add(unix.SYS_SELECT, "", 0, func(p *place) [6]uint64 {
		return args(1, p.both("readfds", words(0)), p.both("writefds", words(0)), p.both("exceptfds", words(0)), p.both("timeout", words(0, 0)))
	})
	add(unix.SYS_PSELECT6, "", 0, func(p *place) [6]uint64 {
		mask := p.in("mask", words(1<<64-1))
		return args(1, p.both("readfds", words(0)), 0, 0, p.both("timeout", words(0, 0)), p.in("sig", words(mask, 8)))
	})
	epoll := must(unix.EpollCreate1(unix.EPOLL_CLOEXEC))
	event := must(unix.Eventfd(1, unix.EFD_CLOEXEC))
	add(unix.SYS_EPOLL_CTL, "", unix.ENOENT, func(p *place) [6]uint64 {
		return args(epoll, unix.EPOLL_CTL_MOD, event, p.in("event", make([]byte, 12)))
	})
	add(unix.SYS_EPOLL_CTL, "/delete", unix.ENOENT, func(p *place) [6]uint64 { return args(epoll, unix.EPOLL_CTL_DEL, event, 1) })
	ready := must(unix.EpollCreate1(unix.EPOLL_CLOEXEC))
	if err := unix.EpollCtl(int(ready), unix.EPOLL_CTL_ADD, int(event), &unix.EpollEvent{Events: unix.EPOLLIN}); err != nil {
		t.Fatal(err)
	}
	add(unix.SYS_EPOLL_WAIT, "", 0, func(p *place) [6]uint64 { return args(ready, p.out("events", 12), 1, 0) })
	add(unix.SYS_EPOLL_PWAIT, "", 0, func(p *place) [6]uint64 {
		return args(ready, p.out("events", 12), 1, 0, p.in("sigmask", words(1<<64-1)), 8)
	})
	add(unix.SYS_EPOLL_PWAIT2, "", 0, func(p *place) [6]uint64 {
		return args(ready, p.out("events", 12), 1, p.in("timeout", words(0, 0)), p.in("sigmask", words(1<<64-1)), 8)
	})
	add(unix.SYS_SIGNALFD4, "", unix.EINVAL, func(p *place) [6]uint64 { return args(file, p.in("mask", words(0)), 8, 0) })
	add(unix.SYS_CACHESTAT, "", 0, func(p *place) [6]uint64 { return args(file, p.in("range", words(0, 0)), p.out("stat", 40), 0) })
	ioctlCalls(t, add, file, must)
	socketCalls(t, add, must)
	return calls
}

func ioctlCalls(t *testing.T, add func(int, string, unix.Errno, func(*place) [6]uint64), file uint64, must func(int, error) uint64) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	pipe := must(fds[0], nil)
	must(fds[1], nil)
	add(unix.SYS_IOCTL, "/FIONREAD", 0, func(p *place) [6]uint64 { return args(pipe, 0x541b, p.out("n", 4)) })
	add(unix.SYS_IOCTL, "/FIONBIO", 0, func(p *place) [6]uint64 { return args(pipe, 0x5421, p.in("on", halves(0))) })
	add(unix.SYS_IOCTL, "/FIOCLEX", 0, func(p *place) [6]uint64 { return args(pipe, 0x5451, 1) })
	add(unix.SYS_IOCTL, "/FS_IOC_GETFLAGS", 0, func(p *place) [6]uint64 { return args(file, unix.FS_IOC_GETFLAGS, p.out("flags", 4)) })
	if fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0); err == nil {
		tty := must(fd, nil)
		add(unix.SYS_IOCTL, "/TCGETS", 0, func(p *place) [6]uint64 { return args(tty, unix.TCGETS, p.out("termios", 36)) })
		add(unix.SYS_IOCTL, "/TCGETS2", 0, func(p *place) [6]uint64 { return args(tty, unix.TCGETS2, p.out("termios2", 44)) })
		add(unix.SYS_IOCTL, "/TIOCGWINSZ", 0, func(p *place) [6]uint64 { return args(tty, unix.TIOCGWINSZ, p.out("winsize", 8)) })
		add(unix.SYS_IOCTL, "/TIOCSWINSZ", 0, func(p *place) [6]uint64 { return args(tty, unix.TIOCSWINSZ, p.in("winsize", words(0))) })
		add(unix.SYS_IOCTL, "/TIOCGPTN", 0, func(p *place) [6]uint64 { return args(tty, unix.TIOCGPTN, p.out("number", 4)) })
		add(unix.SYS_IOCTL, "/TIOCSPTLCK", 0, func(p *place) [6]uint64 { return args(tty, unix.TIOCSPTLCK, p.in("lock", halves(0))) })
		add(unix.SYS_IOCTL, "/TIOCPKT", 0, func(p *place) [6]uint64 { return args(tty, unix.TIOCPKT, p.in("on", halves(0))) })
	}
	if fd, err := unix.Open("/dev/urandom", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		random := must(fd, nil)
		add(unix.SYS_IOCTL, "/RNDGETENTCNT", 0, func(p *place) [6]uint64 { return args(random, unix.RNDGETENTCNT, p.out("count", 4)) })
	}
}

func socketCalls(t *testing.T, add func(int, string, unix.Errno, func(*place) [6]uint64), must func(int, error) uint64) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	from, to := must(pair[0], nil), must(pair[1], nil)
	udp := must(unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0))
	if err := unix.Bind(int(udp), &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Skip(err)
	}
	name, _ := unix.Getsockname(int(udp))
	port := uint32(name.(*unix.SockaddrInet4).Port)
	address := append(halves(2|port>>8<<16|port&0xff<<24, 0x0100007f), make([]byte, 8)...)
	filled := func(fd uint64, p *place) {
		var b [16]byte
		for {
			if _, _, err := unix.Recvfrom(int(fd), b[:], 0); err != nil {
				break
			}
		}
		if fd == udp {
			unix.Sendto(int(fd), make([]byte, 10), 0, name)
			unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 60000)
		} else {
			unix.Write(int(from), make([]byte, 10))
		}
	}
	add(unix.SYS_BIND, "", unix.EINVAL, func(p *place) [6]uint64 { return args(udp, p.in("addr", address), 16) })
	add(unix.SYS_CONNECT, "", unix.EAFNOSUPPORT, func(p *place) [6]uint64 { return args(udp, p.in("addr", append(halves(99), make([]byte, 12)...)), 16) })
	add(unix.SYS_SENDTO, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		return args(udp, p.in("buf", make([]byte, 10)), 10, 0, p.in("dest_addr", address), 16)
	})
	add(unix.SYS_RECVFROM, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		return args(udp, p.out("buf", 10), 10, 0, p.out("src_addr", 16), p.both("addrlen", halves(16)))
	})
	for _, nr := range []int{unix.SYS_GETSOCKNAME} {
		add(nr, "", 0, func(p *place) [6]uint64 { return args(udp, p.out("addr", 16), p.both("addrlen", halves(16))) })
	}
	add(unix.SYS_GETSOCKOPT, "", 0, func(p *place) [6]uint64 {
		return args(udp, unix.SOL_SOCKET, unix.SO_TYPE, p.out("optval", 4), p.both("optlen", halves(4)))
	})
	add(unix.SYS_SETSOCKOPT, "", 0, func(p *place) [6]uint64 {
		return args(udp, unix.SOL_SOCKET, unix.SO_REUSEADDR, p.in("optval", halves(1)), 4)
	})
	add(unix.SYS_SETSOCKOPT, "/timeout", 0, func(p *place) [6]uint64 {
		return args(udp, unix.SOL_SOCKET, unix.SO_RCVTIMEO, p.in("optval", words(1, 0)), 16)
	})
	add(unix.SYS_SETSOCKOPT, "/filter", 0, func(p *place) [6]uint64 {
		filter := p.in("filter", append(halves(6), halves(0xffffffff)...))
		return args(udp, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, p.in("optval", words(1, filter)), 16)
	})
	add(unix.SYS_SOCKETPAIR, "", unix.EAFNOSUPPORT, func(p *place) [6]uint64 { return args(99, 1, 0, p.base+64) })
	add(unix.SYS_SENDMSG, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		base := p.in("base", make([]byte, 10))
		iov, dest := p.in("iov", words(base, 10)), p.in("name", address)
		return args(udp, p.in("msg", words(dest, 16, iov, 1, 0, 0, 0)), 0)
	})
	add(unix.SYS_SENDMSG, "/control", 0, func(p *place) [6]uint64 {
		filled(to, p)
		unix.Recvfrom(int(to), make([]byte, 16), 0)
		base := p.in("base", make([]byte, 10))
		iov := p.in("iov", words(base, 10))
		control := p.in("control", append(words(16+4), append(halves(1, 1), halves(0)...)...)) // SCM_RIGHTS: standard input
		return args(from, p.in("msg", words(0, 0, iov, 1, control, 20, 0)), 0)
	})
	add(unix.SYS_RECVMSG, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		base := p.out("base", 10)
		iov, src := p.in("iov", words(base, 10)), p.out("name", 16)
		return args(udp, p.in("msg", words(src, 16, iov, 1, 0, 0, 0)), 0)
	})
	add(unix.SYS_SENDMMSG, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		base := p.in("base", make([]byte, 10))
		iov, dest := p.in("iov", words(base, 10)), p.in("name", address)
		return args(udp, p.still(words(dest, 16, iov, 1, 0, 0, 0, 0)), 1, 0)
	})
	add(unix.SYS_RECVMMSG, "", 0, func(p *place) [6]uint64 {
		filled(udp, p)
		base := p.out("base", 10)
		iov := p.in("iov", words(base, 10))
		return args(udp, p.still(words(0, 0, iov, 1, 0, 0, 0, 0)), 1, 0, p.both("timeout", words(1, 0)))
	})
}
