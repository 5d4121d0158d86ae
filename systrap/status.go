package systrap

import "golang.org/x/sys/unix"

// status is what /proc/thread-self/status says (proc_pid_status(5)): who traces the process, 0
// for nobody, its seccomp mode (seccomp(2)), and whether it can gain privileges no more
// (PR_SET_NO_NEW_PRIVS); -1 for what it does not say.
type status struct{ tracer, seccomp, noNewPrivs int64 }

// statusAtStart is what it said at the start, if it was read then.
var (
	statusAtStart status
	statusRead    bool
)

// readStatus reads /proc/thread-self/status into buf and looks at that.
func readStatus(buf []byte) status {
	s := status{-1, -1, -1}
	fd := openFile(&procThreadStatus[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return s
	}
	n := readFd(fd, buf)
	closeFd(fd)
	p := fieldsOf(buf[:max(n, 0)])
	for p.at(0) != 0 {
		line := p.rest()
		switch {
		case startsWith(line, "TracerPid:\t"):
			p.skip(len("TracerPid:\t"))
			s.tracer = int64(p.dec())
		case startsWith(line, "NoNewPrivs:\t"):
			p.skip(len("NoNewPrivs:\t"))
			s.noNewPrivs = int64(p.dec())
		case startsWith(line, "Seccomp:\t"):
			p.skip(len("Seccomp:\t"))
			s.seccomp = int64(p.dec())
		}
		for p.at(0) != 0 && p.at(0) != '\n' {
			p.skip(1)
		}
		p.skip(1)
	}
	return s
}

var procThreadStatus = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 'u', 's', 0}
