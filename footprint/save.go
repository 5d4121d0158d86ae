package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// Saved is what After wants to know of memory as it was before the call: at most two
// lengths that the kernel replaces. It fits in Call.User.
type Saved uint64

const (
	savedKnown = 1 << 63
	savedBits  = 31
	savedMask  = 1<<savedBits - 1
)

func (s Saved) known() bool { return s&savedKnown != 0 }

// first and second are the lengths.
func (s Saved) first() uint32  { return uint32(s & savedMask) }
func (s Saved) second() uint32 { return uint32(s >> savedBits & savedMask) }

// page is the address that was saved as a page's number.
func (s Saved) page() uint64 {
	return (uint64(s.second())<<savedBits | uint64(s.first())) * pageSize
}

// saving makes a Saved of two lengths, which the kernel takes for ints.
func saving(a, b uint64) Saved {
	return savedKnown | Saved(min(a, savedMask)) | Saved(min(b, savedMask))<<savedBits
}

// Save looks at it. It costs next to nothing where there is nothing to be saved, and returns 0 then.
func Save(c *systrap.Call) Saved {
	var at uint64
	switch c.Sysno {
	case unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_GETSOCKNAME, unix.SYS_GETPEERNAME, unix.SYS_LSM_GET_SELF_ATTR:
		at = c.Args[2]
	case unix.SYS_LSM_LIST_MODULES:
		at = c.Args[1]
	case unix.SYS_RECVFROM:
		at = c.Args[5]
	case unix.SYS_GETSOCKOPT:
		at = c.Args[4]
	case unix.SYS_BRK:
		end := heapEnd() / pageSize
		return saving(end&savedMask, end>>savedBits)
	case unix.SYS_RECVMSG:
		return saveMessage(c.Args[1])
	default:
		return 0
	}
	v, ok := readUint32(at)
	if !ok {
		return 0
	}
	return saving(uint64(v), 0)
}

// saveMessage saves msg_namelen and msg_controllen of a struct msghdr.
func saveMessage(addr uint64) Saved {
	var b [msghdrSize]byte
	if systrap.Read(b[:], addr) != len(b) {
		return 0
	}
	return saving(uint64(le32(b[8:])), le64(b[40:]))
}
