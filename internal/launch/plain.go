package launch

import (
	"golang.org/x/sys/unix"
)

// Plain starts the command without a library, as far as its fields say of that, and returns its process id once it has been executed.
// An errno is execve's; there is no process then.
func Plain(c *Command) (int, error) {
	one.Lock()
	defer one.Unlock()
	var executed [2]int // its end is closed by execve(2)
	if err := unix.Pipe2(executed[:], unix.O_CLOEXEC); err != nil {
		return 0, err
	}
	defer unix.Close(executed[0])
	child, err := begin(c)
	unix.Close(executed[1])
	if err != nil {
		return 0, err
	}
	defer child.done()
	child.release()
	for {
		if _, err := unix.Read(executed[0], make([]byte, 1)); err != unix.EINTR {
			break
		}
	}
	if errno := child.execErrno(); errno != 0 {
		child.reap()
		return 0, errno
	}
	return child.pid, nil
}
