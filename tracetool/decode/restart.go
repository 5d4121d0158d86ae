package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// restart is what a call returns inside the kernel when a signal ends it
// (include/linux/errno.h).
type restart uint8

const (
	endsEintr    restart = iota // -EINTR: a debugger sees what the program does
	restartSys                  // -ERESTARTSYS
	restartNoint                // -ERESTARTNOINTR
	restartNohnd                // -ERESTARTNOHAND
	restartBlock                // -ERESTART_RESTARTBLOCK
)

// restartText is what strace says of each.
var restartText = [...]string{
	restartSys:   "? ERESTARTSYS (To be restarted if SA_RESTART is set)",
	restartNoint: "? ERESTARTNOINTR (To be restarted)",
	restartNohnd: "? ERESTARTNOHAND (To be restarted if no handler)",
	restartBlock: "? ERESTART_RESTARTBLOCK (Interrupted by signal)",
}

// Where there is nothing else to be said, a call that a signal ends returns this.
// The rows are from the kernel's functions in parentheses; what is not here
// returns -EINTR, or is not ended by a signal.
var restarts = [...]struct {
	sysno int16
	code  restart
}{
	// fs/pipe.c, fs/eventfd.c, fs/timerfd.c, fs/signalfd.c, drivers/tty/n_tty.c; fs/splice.c
	{unix.SYS_READ, restartSys}, {unix.SYS_READV, restartSys}, {unix.SYS_PREADV, restartSys}, {unix.SYS_PREADV2, restartSys},
	{unix.SYS_WRITE, restartSys}, {unix.SYS_WRITEV, restartSys}, {unix.SYS_PWRITEV, restartSys}, {unix.SYS_PWRITEV2, restartSys},
	{unix.SYS_PREAD64, restartSys}, {unix.SYS_PWRITE64, restartSys},
	{unix.SYS_SPLICE, restartSys}, {unix.SYS_TEE, restartSys}, {unix.SYS_VMSPLICE, restartSys}, {unix.SYS_SENDFILE, restartSys},
	{unix.SYS_IOCTL, restartSys},
	// wait_for_partner (fs/pipe.c), __break_lease (fs/locks.c)
	{unix.SYS_OPEN, restartSys}, {unix.SYS_OPENAT, restartSys}, {unix.SYS_OPENAT2, restartSys}, {unix.SYS_CREAT, restartSys},
	{unix.SYS_TRUNCATE, restartSys}, {unix.SYS_FLOCK, restartSys}, {unix.SYS_FCNTL, restartSys},
	// sock_intr_errno (include/net/sock.h)
	{unix.SYS_RECVFROM, restartSys}, {unix.SYS_RECVMSG, restartSys}, {unix.SYS_RECVMMSG, restartSys}, {unix.SYS_SENDTO, restartSys},
	{unix.SYS_SENDMSG, restartSys}, {unix.SYS_SENDMMSG, restartSys}, {unix.SYS_ACCEPT, restartSys}, {unix.SYS_ACCEPT4, restartSys},
	{unix.SYS_CONNECT, restartSys},
	// do_wait (kernel/exit.c), wq_sleep (ipc/mqueue.c), do_msgsnd, do_msgrcv (ipc/msg.c)
	{unix.SYS_WAIT4, restartSys}, {unix.SYS_WAITID, restartSys},
	{unix.SYS_MQ_TIMEDSEND, restartSys}, {unix.SYS_MQ_TIMEDRECEIVE, restartSys},
	{unix.SYS_MSGSND, restartNohnd}, {unix.SYS_MSGRCV, restartNohnd},
	// fs/select.c, fs/aio.c
	{unix.SYS_SELECT, restartNohnd}, {unix.SYS_PSELECT6, restartNohnd}, {unix.SYS_PPOLL, restartNohnd}, {unix.SYS_POLL, restartBlock},
	{unix.SYS_IO_PGETEVENTS, restartNohnd},
	// kernel/signal.c, kernel/time/hrtimer.c, kernel/futex/
	{unix.SYS_PAUSE, restartNohnd}, {unix.SYS_RT_SIGSUSPEND, restartNohnd},
	{unix.SYS_NANOSLEEP, restartBlock}, {unix.SYS_CLOCK_NANOSLEEP, restartBlock}, {unix.SYS_RESTART_SYSCALL, restartBlock},
	{unix.SYS_FUTEX, restartSys}, {unix.SYS_FUTEX_WAITV, restartSys}, {sysFutexWait, restartSys},
	// wait_for_random_bytes (drivers/char/random.c), do_syslog, wait_for_key_construction
	{unix.SYS_GETRANDOM, restartSys}, {unix.SYS_SYSLOG, restartSys}, {unix.SYS_REQUEST_KEY, restartSys}, {unix.SYS_KEYCTL, restartSys},
}

// sysFutexWait is SYS_futex_wait (Linux 6.7).
const sysFutexWait = 455

// restartOf says what the kernel's code of the interrupted call p is about was.
func restartOf(p *text.Printer) restart {
	r := endsEintr
	for i := range restarts {
		if int64(restarts[i].sysno) == p.C.Sysno {
			r = restarts[i].code
			break
		}
	}
	a := &p.C.Args
	switch p.C.Sysno {
	case unix.SYS_CLOCK_NANOSLEEP:
		if a[1]&unix.TIMER_ABSTIME != 0 {
			r = restartNohnd
		}
	case unix.SYS_FUTEX:
		const wait, lockPI, waitBitset, lockPI2 = 0, 6, 9, 13 // include/uapi/linux/futex.h
		switch op := a[1] & 0x7f; {
		case op == lockPI || op == lockPI2:
			r = restartNoint
		case a[3] != 0 && (op == wait || op == waitBitset):
			r = restartBlock
		}
	case unix.SYS_IOCTL:
		const tcsbrk, tcsbrkp, kvmRun = 0x5409, 0x5425, 0xae80
		if cmd := uint32(a[1]); cmd == tcsbrk || cmd == tcsbrkp || cmd == kvmRun {
			r = endsEintr
		}
	case unix.SYS_READ, unix.SYS_READV, unix.SYS_RECVFROM, unix.SYS_RECVMSG, unix.SYS_RECVMMSG, unix.SYS_ACCEPT, unix.SYS_ACCEPT4:
		if socketTimeout(int32(a[0]), unix.SO_RCVTIMEO) {
			r = endsEintr
		}
	case unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_SENDTO, unix.SYS_SENDMSG, unix.SYS_SENDMMSG, unix.SYS_CONNECT, unix.SYS_SENDFILE:
		if socketTimeout(int32(a[0]), unix.SO_SNDTIMEO) {
			r = endsEintr
		}
	}
	return r
}

// socketTimeout says whether fd is a socket with a time-out, with which a signal
// ends a call for good (sock_intr_errno, include/net/sock.h).
//
//go:noinline
func socketTimeout(fd int32, which uintptr) bool {
	var t unix.Timeval
	n := uint32(unsafe.Sizeof(t))
	return systrap.Syscall(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, which,
		uintptr(unsafe.Pointer(&t)), uintptr(unsafe.Pointer(&n)), 0) == 0 && (t.Sec != 0 || t.Usec != 0)
}

// restarted prints what an interrupted call returned before the kernel turned
// it into EINTR for the program, or into a call to be made again: a debugger sees
// that, and so does the user of strace. It returns false for a genuine EINTR.
func restarted(p *text.Printer) bool {
	r := endsEintr
	switch p.C.Errno() {
	case 512: // the kernel has backed up, and does not say for which of two codes
		if r = restartOf(p); r != restartNoint {
			r = restartSys
		}
	case 513:
		r = restartNoint
	case int(unix.EINTR):
		r = restartOf(p)
	}
	if r == endsEintr {
		return false
	}
	p.Str(restartText[r])
	return true
}
