package tracetool

// Trusted execution environments (linux/tee.h).

import "unsafe"

// teeRegisterFd shares a descriptor's memory; no released kernel has it.
const teeRegisterFd = 0xc020a408

var ioctlTee = []ioctlArg{
	{cmd: cmdTEE_IOC_VERSION, k: iSpecial | out},
	{cmd: cmdTEE_IOC_SHM_ALLOC, k: iBoth, s: []field{{"size", fX64, 0}, {"flags", fF32, xTeeShm}, {"", fPad, 4}},
		s2: []field{{"size", fX64, 0}, {"flags", fF32, xTeeShm}, {"id", fD32, 0}}},
	{cmd: cmdTEE_IOC_SHM_REGISTER, k: iBoth, s: []field{{"addr", fPtr, 0}, {"length", fX64, 0}, {"flags", fF32, xTeeShm}, {"", fPad, 4}},
		s2: []field{{"", fAt, 8}, {"length", fX64, 0}, {"flags", fF32, xTeeShm}, {"id", fD32, 0}}},
	{cmd: teeRegisterFd, k: iBoth, s: []field{{"fd", fFd64, 0}, {"", fAt, 16}, {"flags", fF32, xTeeShm}, {"", fPad, 12}},
		s2: []field{{"", fAt, 8}, {"size", fX64, 0}, {"", fAt, 24}, {"id", fD32, 0}}},
	{cmd: cmdTEE_IOC_CANCEL, k: iStruct, s: []field{{"cancel_id", fU32, 0}, {"session", fX32, 0}}},
	{cmd: cmdTEE_IOC_CLOSE_SESSION, k: iStruct, s: []field{{"session", fX32, 0}}},
	{cmd: cmdTEE_IOC_OPEN_SESSION, k: iSpecial}, {cmd: cmdTEE_IOC_INVOKE, k: iSpecial}, {cmd: cmdTEE_IOC_SUPPL_RECV, k: iSpecial},
	{cmd: cmdTEE_IOC_SUPPL_SEND, k: iSpecial},
}

var (
	sTeeImpl     = []field{{"impl_id", fV32, xTeeImpl}, {"", fAt, 8}, {"gen_caps", fF32, xTeeGen}}
	sTeeOpen     = []field{{"uuid", fUuid, 0}, {"", fAt, 32}, {"clnt_login", fV32, xTeeLogin}}
	sTeeOpenRest = []field{{"", fAt, 36}, {"cancel_id", fU32, 0}, {"", fAt, 52}, {"num_params", fU32, 0}}
	sTeeOpened   = []field{{"", fAt, 40}, {"session", fX32, 0}, {"ret", fU32, 0}, {"ret_origin", fV32, xTeeOrigin}}
	sTeeInvoke   = []field{{"func", fU32, 0}, {"session", fX32, 0}, {"cancel_id", fU32, 0}, {"", fAt, 20}, {"num_params", fU32, 0}}
	sTeeInvoked  = []field{{"", fAt, 12}, {"ret", fU32, 0}, {"ret_origin", fV32, xTeeOrigin}}
	sTeeRecv     = []field{{"func", fU32, 0}, {"num_params", fU32, 0}}
	sTeeSent     = []field{{"ret", fU32, 0}}
	sTeeNum      = []field{{"", fAt, 4}, {"num_params", fU32, 0}}
)

// teeVersion prints struct tee_ioctl_version_data.
func (p *printer) teeVersion(v uint64) {
	const optee = 1 // TEE_IMPL_ID_OPTEE
	var d [3]uint32
	if !p.fetch(unsafe.Pointer(&d), 12, v) {
		return
	}
	p.Byte('{')
	p.fields(v, sTeeImpl, 12, true)
	p.field("impl_caps")
	if d[0] == optee {
		p.flags(xTeeOptee, uint64(d[1]))
	} else {
		p.hex(uint64(d[1]))
	}
	p.Byte('}')
}

// tee prints a struct tee_ioctl_buf_data and the structure it points at, which
// is followed by parameters.
func (p *printer) tee(cmd uint32, v uint64) step {
	var buf [2]uint64 // address, length
	if !p.cont {
		p.comma()
		if !p.fetch(unsafe.Pointer(&buf), 16, v) {
			return last
		}
		p.first("buf_len")
		p.Uint(buf[1])
		p.field("buf_ptr")
		if !teeFits(teeHead(cmd), buf[0], buf[1]) {
			p.ptr(buf[0])
			p.Byte('}')
			return last
		}
		p.Byte('{')
		p.teeCall(cmd, buf[0], false)
		p.Byte('}')
		if !p.exit {
			return wait
		}
	}
	if !p.failed() {
		p.Str(" => ")
		if peek(unsafe.Pointer(&buf), 16, v) && teeFits(teeHead(cmd), buf[0], buf[1]) {
			p.Byte('{')
			p.teeCall(cmd, buf[0], true)
			p.Byte('}')
		} else {
			p.ptr(buf[0])
		}
	}
	p.Byte('}')
	return last
}

// teeHead is the size of the structure that a command's buffer begins with.
func teeHead(cmd uint32) uint64 {
	switch cmd {
	case cmdTEE_IOC_OPEN_SESSION:
		return 56
	case cmdTEE_IOC_INVOKE:
		return 24
	}
	return 8
}

const teeParamSize = 32

// teeFits says whether a buffer has room for the parameters that its
// structure's last number announces, as the kernel wants it.
func teeFits(head, addr, size uint64) bool {
	const most = 1024 // TEE_MAX_ARG_SIZE
	var n uint32
	return size <= most && size >= head && readable(addr, head) && peek(unsafe.Pointer(&n), 4, addr+head-4) && size-head == teeParamSize*uint64(n)
}

//go:noinline
func (p *printer) teeCall(cmd uint32, addr uint64, done bool) {
	head := teeHead(cmd)
	w := window{addr: addr, end: head}
	n := w.num(head-4, 4)
	switch cmd {
	case cmdTEE_IOC_OPEN_SESSION:
		if done {
			p.fieldsIn(&w, sTeeOpened, true)
			break
		}
		p.fieldsIn(&w, sTeeOpen, true)
		p.teeClient(&w)
		p.fieldsIn(&w, sTeeOpenRest, false)
	case cmdTEE_IOC_INVOKE:
		if done {
			p.fieldsIn(&w, sTeeInvoked, true)
		} else {
			p.fieldsIn(&w, sTeeInvoke, true)
		}
	case cmdTEE_IOC_SUPPL_RECV:
		if done {
			p.fieldsIn(&w, sTeeNum, true)
		} else {
			p.fieldsIn(&w, sTeeRecv, true)
		}
	default:
		if done {
			p.fieldsIn(&w, sTeeSent, true)
		} else {
			p.fieldsIn(&w, sTeeNum, true)
		}
	}
	p.field("params")
	if n == 0 {
		p.Str("NULL")
		return
	}
	p.teeParams(addr+head, n)
}

// teeClient prints who a session is opened for: of groups the UUID is made
// from the number in its first bytes.
func (p *printer) teeClient(w *window) {
	const public, user, group, app, userApp, groupApp = 0, 1, 2, 4, 5, 6 // TEE_IOCTL_LOGIN_…
	switch w.num(32, 4) {
	case public, user, app, userApp:
	case group, groupApp:
		p.field("clnt_uuid")
		p.id(uint32(w.num(16, 4)))
	default:
		p.Str(", clnt_uuid=[")
		for i := uint64(16); i < 32; i++ { // all of them, whatever -s says
			if i > 16 {
				p.comma()
			}
			p.hex(w.num(i, 1))
		}
		p.Byte(']')
	}
}

// teeParams prints n struct tee_ioctl_param.
func (p *printer) teeParams(addr, n uint64) {
	const meta, none, firstRef, lastRef = 0x100, 0, 5, 7 // TEE_IOCTL_PARAM_ATTR_…
	var e [4]uint64
	for i := uint64(0); p.each(unsafe.Pointer(&e), teeParamSize, addr, i, n); i++ {
		p.first("attr")
		p.val(xTeeAttr, uint64(uint32(e[0])&^meta))
		if e[0]&meta != 0 {
			p.Str("|TEE_IOCTL_PARAM_ATTR_META")
		}
		switch t := e[0]; { // with that bit no type is known
		case t == none:
		case t >= firstRef && t <= lastRef:
			p.fieldHex("shm_offs", e[1])
			p.fieldHex("size", e[2])
			p.fieldUint("shm_id", e[3])
		default:
			p.fieldHex("a", e[1])
			p.fieldHex("b", e[2])
			p.fieldHex("c", e[3])
		}
		p.Byte('}')
	}
}
