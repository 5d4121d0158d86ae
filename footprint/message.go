package footprint

import "libsystrap/systrap"

// Messages: sendmsg(2), recvmsg(2), sendmmsg(2), recvmmsg(2); struct user_msghdr in include/linux/socket.h.

const (
	msghdrSize  = 56
	mmsghdrSize = 64 // struct mmsghdr: msg_hdr, msg_len
)

// header is a struct msghdr as it is in memory.
type header struct {
	name, iov, iovlen, control, controllen uint64
	namelen                                uint32
}

func readHeader(addr uint64) (h header, ok bool) {
	var b [msghdrSize]byte
	if systrap.Read(b[:], addr) != len(b) {
		return h, false
	}
	h = header{
		name: le64(b[0:]), namelen: le32(b[8:]), iov: le64(b[16:]), iovlen: le64(b[24:]),
		control: le64(b[32:]), controllen: le64(b[40:]),
	}
	if int32(h.namelen) < 0 {
		h.namelen = 0 // EINVAL
	}
	h.namelen = min(h.namelen, sockaddrMax)
	return h, true
}

const sockaddrMax = 128 // struct sockaddr_storage

// sendMessage adds what a message to be sent consists of, at addr.
func (it *Iterator) sendMessage(addr uint64, field *messageFields, slot uint8) {
	it.reads(addr, msghdrSize, it.flags, field.all)
	h, ok := readHeader(addr)
	if !ok || it.when != before {
		return
	}
	if h.name != 0 {
		it.reads(h.name, uint64(h.namelen), MayChange, field.name)
	}
	if h.control != 0 {
		it.reads(h.control, h.controllen, MayChange, field.control)
	}
	it.flags |= MayChange
	it.vector(Reads, h.iov, h.iovlen, field.iov, slot)
}

// receiveMessage adds what a message that is received is put into. received is how many bytes it had, once
// that is known, allowed what Save knows of the lengths.
func (it *Iterator) receiveMessage(addr uint64, field *messageFields, slot uint8, received uint64, allowed Saved) {
	it.reads(addr, msghdrSize, it.flags, field.all)
	h, ok := readHeader(addr)
	if !ok {
		return
	}
	f := MayChange | Bound
	if it.when == succeeded && allowed.known() {
		// The kernel says how long the address is, and how much of the control data it used.
		h.namelen, f = min(h.namelen, allowed.first()), MayChange
		h.controllen = min(h.controllen, uint64(allowed.second()))
	}
	if h.name != 0 {
		it.writes(addr+8, 4, it.flags, field.namelen)
		it.writes(h.name, uint64(h.namelen), f, field.name)
	}
	it.writes(addr+40, 8, it.flags, field.controllen)
	it.writes(addr+48, 4, it.flags, field.flags)
	if h.control != 0 {
		it.writes(h.control, h.controllen, f, field.control)
	}
	it.flags |= MayChange
	it.vectorOf(Writes, h.iov, h.iovlen, field.iov, slot, received)
}

// messageFields are the names of a message's parts.
type messageFields struct {
	all, name, namelen, control, controllen, flags, iov string
}

var oneMessage = messageFields{
	all: "", name: "msg_name", namelen: "msg_namelen", control: "msg_control",
	controllen: "msg_controllen", flags: "msg_flags", iov: "msg_iov[#].iov_base",
}

var manyMessages = messageFields{
	all: "[#].msg_hdr", name: "[#].msg_hdr.msg_name", namelen: "[#].msg_hdr.msg_namelen", control: "[#].msg_hdr.msg_control",
	controllen: "[#].msg_hdr.msg_controllen", flags: "[#].msg_hdr.msg_flags", iov: "[#].msg_hdr.msg_iov[#].iov_base",
}

// messages adds the next of the messages of sendmmsg(2) or recvmmsg(2): of the number that argument 2 gives,
// or of those that were done.
func (it *Iterator) messages(addr uint64, receive bool) (more bool) {
	n := min(it.count(2), maxVector)
	if it.when == succeeded {
		n = min(n, uint64(max(it.call.Result, 0)))
	}
	if uint64(it.pos) >= n {
		return false
	}
	at := addr + uint64(it.pos)*mmsghdrSize
	it.index[0] = int32(it.pos)
	it.pos++
	if receive {
		it.receiveMessage(at, &manyMessages, 1, uint64(read32(at+msghdrSize)), 0)
	} else {
		it.sendMessage(at, &manyMessages, 1)
	}
	if it.when <= succeeded {
		it.writes(at+msghdrSize, 4, 0, "[#].msg_len")
	}
	if !readable(at) {
		return false
	}
	return uint64(it.pos) < n
}
