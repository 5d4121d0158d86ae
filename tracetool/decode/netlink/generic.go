package netlink

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// genlType prints the type of a generic netlink message: the number of its family,
// which the kernel gives out as modules come (include/uapi/linux/genetlink.h), and
// so knows the name of.
func genlType(p *text.Printer, t uint16) {
	if text.NameOf(names.Genl, uint64(t)) != "" || text.Opt.Style == text.StyleRaw {
		p.Val(names.Genl, uint64(t))
		return
	}
	var family [unix.GENL_NAMSIZ]byte
	n := GenlFamily(t, &family)
	s := ""
	if n > 0 {
		s = unsafe.String(&family[0], n)
	}
	p.Constant(uint64(t), s, names.Tables[names.Genl].Unknown.String(), text.Hexadecimal)
}

// GenlFamily asks the kernel for the name of a family, and returns its length, 0 if
// it has none.
//
//go:noinline
func GenlFamily(id uint16, name *[unix.GENL_NAMSIZ]byte) int {
	fd := systrap.Syscall(unix.SYS_SOCKET, unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_GENERIC, 0, 0, 0)
	if fd < 0 {
		return 0
	}
	const head = 16 + 4 // struct nlmsghdr, struct genlmsghdr
	// Then struct nlattr, the family's number, and two bytes to align.
	req := [7]uint32{head + 8, unix.GENL_ID_CTRL | unix.NLM_F_REQUEST<<16, 0, 0,
		unix.CTRL_CMD_GETFAMILY | 1<<8, 6 | unix.CTRL_ATTR_FAMILY_ID<<16, uint32(id)}
	// The name is the first attribute of the answer; what follows, the family's
	// operations, is cut.
	var ans [32]uint32
	n := int64(0)
	if systrap.Syscall(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&req)), unsafe.Sizeof(req), 0, 0, 0) > 0 {
		n = systrap.Syscall(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&ans)), unsafe.Sizeof(ans), 0, 0, 0)
	}
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	if ans[1]&0xffff != unix.GENL_ID_CTRL {
		return 0
	}
	for at := int64(head); at+4 <= n; {
		size := int64(ans[at/4] & 0xffff)
		if size < 4 || at+size > n {
			return 0
		}
		if ans[at/4]>>16 == unix.CTRL_ATTR_FAMILY_NAME {
			text := unsafe.Slice((*byte)(unsafe.Pointer(&ans[at/4+1])), size-4)
			k := 0
			for k < len(text) && k < len(name) && text[k] != 0 {
				name[k] = text[k]
				k++
			}
			return k
		}
		at += (size + 3) &^ 3
	}
	return 0
}
