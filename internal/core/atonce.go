package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
)

// A call that waits with a mask of its own looks for events before it looks for signals (do_select and do_poll, fs/select.c; ep_poll,
// fs/eventpoll.c; do_io_getevents, fs/aio.c). Where a signal of ours is held that its mask lets in, it is made without waiting:
// it returns what is there, and only if there is nothing the signal ends it. With io_pgetevents(2) the signal comes, too.

// performAtOnce makes such a call without waiting, and says whether there is something to return.
func (c *Call) performAtOnce(args *[6]uint64) bool {
	var now unix.Timespec
	a := *args
	switch c.Sysno {
	case unix.SYS_PSELECT6:
		return c.selectAtOnce(&a)
	case unix.SYS_PPOLL:
		a[2] = uint64(uintptr(unsafe.Pointer(&now)))
	case unix.SYS_EPOLL_PWAIT2:
		a[3] = uint64(uintptr(unsafe.Pointer(&now)))
	case unix.SYS_EPOLL_PWAIT:
		a[3] = 0
	case unix.SYS_IO_PGETEVENTS:
		a[4] = uint64(uintptr(unsafe.Pointer(&now)))
	default:
		return false
	}
	c.performWith(&a)
	return c.Result != 0 && c.Result != -int64(unix.EINTR)
}

// selectWords is the most words of a set that selectAtOnce looks at: those of fd_set (select(2)).
const selectWords = 1024 / 64

// selectAtOnce is performAtOnce for pselect6(2), which empties the sets it is given if there is nothing: it is given others.
func (c *Call) selectAtOnce(a *[6]uint64) bool {
	var now unix.Timespec
	var sets [3][selectWords]uint64
	n := int64(int32(a[0]))
	if n < 0 || n > selectWords*64 {
		return false
	}
	size := int((n + 63) / 64 * 8)
	for i := range sets {
		if a[i+1] == 0 {
			continue
		}
		if mem.Read(bytesOfSet(&sets[i], size), a[i+1]) != size {
			return false
		}
		a[i+1] = uint64(uintptr(unsafe.Pointer(&sets[i])))
	}
	a[4] = uint64(uintptr(unsafe.Pointer(&now)))
	c.performWith(a)
	for i := range sets {
		if c.Result > 0 && a[i+1] != 0 && mem.Write(c.Args[i+1], bytesOfSet(&sets[i], size)) != size {
			c.Result = -int64(unix.EFAULT)
		}
	}
	return c.Result != 0 && c.Result != -int64(unix.EINTR)
}

func bytesOfSet(set *[selectWords]uint64, size int) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(set)), size)
}
