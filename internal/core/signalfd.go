package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// A signalfd of the program's may be about our own signals, which the kernel never has
// pending, as we take them when they come and hold what the program blocks. So while
// a thread makes a call that waits for a descriptor or reads a signalfd, and the program
// blocks such a signal there, the kernel blocks it, too, and has what we hold:
// it is read, or makes the descriptor ready. Behind the call we take back what is
// left.
// See docs/decisions/signalfd-of-our-signals.md.

// signalfdOwn are those of our own signals that a signalfd was ever asked for.
var signalfdOwn uint64

// noteSignalfd takes in a signalfd of the signals in set.
func noteSignalfd(c *Call, set uint64) {
	if own := set & ownMask; own != 0 && !c.Failed() {
		atomic.StoreUint64(&signalfdOwn, signalfdOwn|own)
		setOdd(oddSignalfd, true)
	}
}

// exposes returns the own signals that the kernel blocks while c is made if the
// program does.
func exposes(c *Call) uint64 {
	if atomic.LoadUint64(&signalfdOwn) == 0 || seccomp.On || currentThread() == nil {
		return 0
	}
	switch c.Sysno {
	case unix.SYS_READ, unix.SYS_READV:
		if !isSignalfd(c.Args[0]) {
			return 0
		}
	case unix.SYS_POLL, unix.SYS_PPOLL, unix.SYS_SELECT, unix.SYS_PSELECT6, unix.SYS_EPOLL_WAIT, unix.SYS_EPOLL_PWAIT, unix.SYS_EPOLL_PWAIT2:
	default:
		return 0
	}
	return signalfdOwn
}

// isSignalfd says whether descriptor fd is one; where no link can be read, behind chroot(2) above all, whether it may be:
// a file without a type, which those of anon_inode_getfd are (fs/anon_inodes.c).
func isSignalfd(fd uint64) bool {
	const name = "anon_inode:[signalfd]"
	var to [32]byte
	if n := linkOfFd(fd, to[:]); n != 0 {
		return string(to[:n]) == name
	}
	var st unix.Stat_t
	return rawsys.Syscall(unix.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st)), 0, 0, 0, 0) == 0 && st.Mode&unix.S_IFMT == 0
}

// expose gives the kernel those of the signals in bits that the program blocks, for
// the call that t is about to make.
func (t *thread) expose(bits uint64) {
	if bits &= t.ownBlocked; bits == 0 {
		return
	}
	// Who holds one from here on finds t (keep), or t finds it.
	atomic.StoreUint64(&t.exposed, bits)
	sys.Sigprocmask(unix.SIG_BLOCK, bits)
	for i := range ownNumbers {
		var info restorer.Siginfo
		if bits&ownBit(i) != 0 && t.unhold(i, &info) {
			raise(ownNumbers[i], &info)
		}
	}
}

// siTkill is SI_TKILL: sent to a thread (include/uapi/asm-generic/siginfo.h).
const siTkill = -6

// conceal takes back what the kernel was given.
func (t *thread) conceal() {
	bits := t.exposed
	if bits == 0 {
		return
	}
	atomic.StoreUint64(&t.exposed, 0)
	var info restorer.Siginfo
	var now unix.Timespec
	for range 2 * numOwn { // one may be the thread's and one the process's
		sig := int(int64(rawsys.Syscall(unix.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(&bits)), uintptr(unsafe.Pointer(&info)),
			uintptr(unsafe.Pointer(&now)), sys.SigSetSize, 0, 0)))
		if sig <= 0 {
			break
		}
		if info.Code == siQueue && *siValue(&info) == passedOn() {
			info.Code = siUser
			*siValue(&info) = 0
		}
		t.keep(ownIndex(sig), &info)
	}
	sys.Sigprocmask(unix.SIG_UNBLOCK, bits)
}

// keep holds own signal i, which was sent while the program blocks it. One for the
// process goes to a thread that waits for a signalfd just now, if there is one.
func (t *thread) keep(i int, info *restorer.Siginfo) {
	t.hold(i, info)
	if signalfdOwn == 0 || seccomp.On || info.Code == siTkill {
		return
	}
	for k := range threadSlots[:slotsUsed] {
		s := &threadSlots[k]
		o := s.thread
		if o == nil || o == t || s.busy == 0 || atomic.LoadUint64(&o.exposed)&ownBit(i) == 0 {
			continue
		}
		var info restorer.Siginfo
		if t.unhold(i, &info) {
			if info.Code == siUser {
				info.Code = siQueue
				*siValue(&info) = passedOn()
			}
			rawsys.Syscall(unix.SYS_RT_TGSIGQUEUEINFO, uintptr(sys.Getpid()), uintptr(o.tid), uintptr(ownNumbers[i]),
				uintptr(unsafe.Pointer(&info)), 0, 0)
		}
		return
	}
}

// performExposed is performWith for a call that may be about a signalfd.
func (c *Call) performExposed(args *[6]uint64, bits uint64) {
	t := currentThread()
	t.expose(bits)
	c.performWith(args)
	t.conceal()
	c.restoreRead()
}

// A thread may not send what kill(2) sends to another one (do_rt_tgsigqueueinfo,
// kernel/signal.c). What it passes on is a queued signal with this value, and is made
// the program's again where it is read.
func passedOn() uint64 { return uint64(uintptr(unsafe.Pointer(&signalfdOwn))) }

// siValue is where a queued signal has its value, si_value, behind si_pid and si_uid.
func siValue(info *restorer.Siginfo) *uint64 { return (*uint64)(unsafe.Pointer(&info.Syscall)) }

const (
	siUser  = 0  // SI_USER (include/uapi/asm-generic/siginfo.h)
	siQueue = -1 // SI_QUEUE
)

// struct signalfd_siginfo (signalfd(2)), offsets and size in bytes.
const (
	ssiCode = 8
	ssiInt  = 44
	ssiPtr  = 48
	ssiSize = 128
)

// restoreRead looks through what has just been read from a signalfd.
func (c *Call) restoreRead() {
	at, n := c.Args[1], c.Result
	switch {
	case n < ssiSize || c.Sysno != unix.SYS_READ && c.Sysno != unix.SYS_READV:
		return
	case c.Sysno == unix.SYS_READV:
		v := (*mem.Iovec)(sys.Ptr(uintptr(at)))
		at, n = uint64(v.Base), min(n, int64(v.Len))
	}
	for ; n >= ssiSize; n -= ssiSize {
		p := uintptr(at)
		if *(*int32)(sys.Ptr(p + ssiCode)) == siQueue && *(*uint64)(sys.Ptr(p + ssiPtr)) == passedOn() {
			*(*int32)(sys.Ptr(p + ssiCode)) = siUser
			*(*uint64)(sys.Ptr(p + ssiPtr)) = 0
			*(*int32)(sys.Ptr(p + ssiInt)) = 0
		}
		at += ssiSize
	}
}
