package proc

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
)

// status is what /proc/thread-self/status says (proc_pid_status(5)): who traces the process, 0
// for nobody, its seccomp mode (seccomp(2)), and whether it can gain privileges no more
// (PR_SET_NO_NEW_PRIVS); -1 for what it does not say.
type status struct{ Tracer, Seccomp, NoNewPrivs int64 }

// AtStart is what it said at the start, if it was read then.
var (
	AtStart     status
	AtStartRead bool
)

// ReadStatus reads /proc/thread-self/status into buf and looks at that.
func ReadStatus(buf []byte) status {
	s := status{-1, -1, -1}
	fd := sys.Open(&procThreadStatus[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return s
	}
	n := sys.Read(fd, buf)
	sys.Close(fd)
	p := ctext.FieldsOf(buf[:max(n, 0)])
	for p.At(0) != 0 {
		line := p.Rest()
		switch {
		case ctext.StartsWith(line, "TracerPid:\t"):
			p.Skip(len("TracerPid:\t"))
			s.Tracer = int64(p.Dec())
		case ctext.StartsWith(line, "NoNewPrivs:\t"):
			p.Skip(len("NoNewPrivs:\t"))
			s.NoNewPrivs = int64(p.Dec())
		case ctext.StartsWith(line, "Seccomp:\t"):
			p.Skip(len("Seccomp:\t"))
			s.Seccomp = int64(p.Dec())
		}
		for p.At(0) != 0 && p.At(0) != '\n' {
			p.Skip(1)
		}
		p.Skip(1)
	}
	return s
}

var procThreadStatus = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 'u', 's', 0}
