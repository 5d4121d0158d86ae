package sys

import "golang.org/x/sys/unix"

// Where getpid(2) may not be called, or nobody knows whether it may, /proc says what it would: in the status file, which has the number
// in each PID namespace from that of /proc down to the process's own (proc_pid_status(5), NStgid and NSpid, Linux 4.1). They
// differ where a namespace has been entered, and /proc is the one of before.

var (
	processStatus = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 'u', 's', 0}
	threadStatus  = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 't', 'h', 'r', 'e', 'a', 'd', '-', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 'u', 's', 0}
)

// ownNumber returns the last number of the line of the file at path that begins with key, or 0.
//
//go:noinline
func ownNumber(path *byte, key string) int64 {
	fd := Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return 0
	}
	var buf [256]byte
	l := lineNumber{key: key}
	for !l.ended {
		n := Read(fd, buf[:])
		if n <= 0 {
			break
		}
		for _, b := range buf[:n] {
			l.take(b)
		}
	}
	Close(fd)
	return l.n
}

// lineNumber looks for the last number of the line that begins with key, byte by byte.
type lineNumber struct {
	key     string
	matched int // how many bytes of key the line has so far, or -1
	n       int64
	between bool
	ended   bool
}

func (l *lineNumber) take(b byte) {
	switch {
	case l.ended:
	case b == '\n':
		l.ended = l.matched == len(l.key)
		l.matched = 0
	case l.matched == len(l.key) && b >= '0' && b <= '9':
		if l.between {
			l.n, l.between = 0, false
		}
		l.n = l.n*10 + int64(b-'0')
	case l.matched == len(l.key):
		l.between = true
	case l.matched >= 0 && b == l.key[l.matched]:
		l.matched++
	default:
		l.matched = -1
	}
}
