package ioctl

// Trusted execution environments (linux/tee.h).

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// teeRegisterFd shares a descriptor's memory; no released kernel has it.
const teeRegisterFd = 0xc020a408

var ioctlTee = []Arg{
	{cmd: names.TEE_IOC_VERSION, k: Special | Out},
	{cmd: names.TEE_IOC_SHM_ALLOC, k: Both, S: []text.Field{{Name: "size", Kind: text.X64}, {Name: "flags", Kind: text.F32, Arg: names.TeeShm}, {Kind: text.Pad, Arg: 4}},
		s2: []text.Field{{Name: "size", Kind: text.X64}, {Name: "flags", Kind: text.F32, Arg: names.TeeShm}, {Name: "id", Kind: text.D32}}},
	{cmd: names.TEE_IOC_SHM_REGISTER, k: Both, S: []text.Field{{Name: "addr", Kind: text.Ptr}, {Name: "length", Kind: text.X64}, {Name: "flags", Kind: text.F32, Arg: names.TeeShm}, {Kind: text.Pad, Arg: 4}},
		s2: []text.Field{{Kind: text.At, Arg: 8}, {Name: "length", Kind: text.X64}, {Name: "flags", Kind: text.F32, Arg: names.TeeShm}, {Name: "id", Kind: text.D32}}},
	{cmd: teeRegisterFd, k: Both, S: []text.Field{{Name: "fd", Kind: text.Fd64}, {Kind: text.At, Arg: 16}, {Name: "flags", Kind: text.F32, Arg: names.TeeShm}, {Kind: text.Pad, Arg: 12}},
		s2: []text.Field{{Kind: text.At, Arg: 8}, {Name: "size", Kind: text.X64}, {Kind: text.At, Arg: 24}, {Name: "id", Kind: text.D32}}},
	{cmd: names.TEE_IOC_CANCEL, k: Struct, S: []text.Field{{Name: "cancel_id", Kind: text.U32}, {Name: "session", Kind: text.X32}}},
	{cmd: names.TEE_IOC_CLOSE_SESSION, k: Struct, S: []text.Field{{Name: "session", Kind: text.X32}}},
	{cmd: names.TEE_IOC_OPEN_SESSION, k: Special}, {cmd: names.TEE_IOC_INVOKE, k: Special}, {cmd: names.TEE_IOC_SUPPL_RECV, k: Special},
	{cmd: names.TEE_IOC_SUPPL_SEND, k: Special},
}

var (
	sTeeImpl     = []text.Field{{Name: "impl_id", Kind: text.V32, Arg: names.TeeImpl}, {Kind: text.At, Arg: 8}, {Name: "gen_caps", Kind: text.F32, Arg: names.TeeGen}}
	sTeeOpen     = []text.Field{{Name: "uuid", Kind: text.Uuid}, {Kind: text.At, Arg: 32}, {Name: "clnt_login", Kind: text.V32, Arg: names.TeeLogin}}
	sTeeOpenRest = []text.Field{{Kind: text.At, Arg: 36}, {Name: "cancel_id", Kind: text.U32}, {Kind: text.At, Arg: 52}, {Name: "num_params", Kind: text.U32}}
	sTeeOpened   = []text.Field{{Kind: text.At, Arg: 40}, {Name: "session", Kind: text.X32}, {Name: "ret", Kind: text.U32}, {Name: "ret_origin", Kind: text.V32, Arg: names.TeeOrigin}}
	sTeeInvoke   = []text.Field{{Name: "func", Kind: text.U32}, {Name: "session", Kind: text.X32}, {Name: "cancel_id", Kind: text.U32}, {Kind: text.At, Arg: 20}, {Name: "num_params", Kind: text.U32}}
	sTeeInvoked  = []text.Field{{Kind: text.At, Arg: 12}, {Name: "ret", Kind: text.U32}, {Name: "ret_origin", Kind: text.V32, Arg: names.TeeOrigin}}
	sTeeRecv     = []text.Field{{Name: "func", Kind: text.U32}, {Name: "num_params", Kind: text.U32}}
	sTeeSent     = []text.Field{{Name: "ret", Kind: text.U32}}
	sTeeNum      = []text.Field{{Kind: text.At, Arg: 4}, {Name: "num_params", Kind: text.U32}}
)

// teeVersion prints struct tee_ioctl_version_data.
func teeVersion(p *text.Printer, v uint64) {
	const optee = 1 // TEE_IMPL_ID_OPTEE
	var d [3]uint32
	if !p.Fetch(unsafe.Pointer(&d), 12, v) {
		return
	}
	p.Byte('{')
	p.Fields(v, sTeeImpl, 12, true)
	p.Field("impl_caps")
	if d[0] == optee {
		p.Flags(names.TeeOptee, uint64(d[1]))
	} else {
		p.AltHex(uint64(d[1]))
	}
	p.Byte('}')
}

// tee prints a struct tee_ioctl_buf_data and the structure it points at, which
// is followed by parameters.
func tee(p *text.Printer, cmd uint32, v uint64) text.Step {
	var buf [2]uint64 // address, length
	if !p.Cont {
		p.Comma()
		if !p.Fetch(unsafe.Pointer(&buf), 16, v) {
			return text.Last
		}
		p.First("buf_len")
		p.Uint(buf[1])
		p.Field("buf_ptr")
		if !teeFits(teeHead(cmd), buf[0], buf[1]) {
			p.Ptr(buf[0])
			p.Byte('}')
			return text.Last
		}
		p.Byte('{')
		teeCall(p, cmd, buf[0], false)
		p.Byte('}')
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() {
		p.Str(" => ")
		if text.Peek(unsafe.Pointer(&buf), 16, v) && teeFits(teeHead(cmd), buf[0], buf[1]) {
			p.Byte('{')
			teeCall(p, cmd, buf[0], true)
			p.Byte('}')
		} else {
			p.Ptr(buf[0])
		}
	}
	p.Byte('}')
	return text.Last
}

// teeHead is the size of the structure that a command's buffer begins with.
func teeHead(cmd uint32) uint64 {
	switch cmd {
	case names.TEE_IOC_OPEN_SESSION:
		return 56
	case names.TEE_IOC_INVOKE:
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
	return size <= most && size >= head && text.Readable(addr, head) && text.Peek(unsafe.Pointer(&n), 4, addr+head-4) && size-head == teeParamSize*uint64(n)
}

//go:noinline
func teeCall(p *text.Printer, cmd uint32, addr uint64, done bool) {
	head := teeHead(cmd)
	w := text.Window{Addr: addr, End: head}
	n := w.Num(head-4, 4)
	switch cmd {
	case names.TEE_IOC_OPEN_SESSION:
		if done {
			p.FieldsIn(&w, sTeeOpened, true)
			break
		}
		p.FieldsIn(&w, sTeeOpen, true)
		teeClient(p, &w)
		p.FieldsIn(&w, sTeeOpenRest, false)
	case names.TEE_IOC_INVOKE:
		if done {
			p.FieldsIn(&w, sTeeInvoked, true)
		} else {
			p.FieldsIn(&w, sTeeInvoke, true)
		}
	case names.TEE_IOC_SUPPL_RECV:
		if done {
			p.FieldsIn(&w, sTeeNum, true)
		} else {
			p.FieldsIn(&w, sTeeRecv, true)
		}
	default:
		if done {
			p.FieldsIn(&w, sTeeSent, true)
		} else {
			p.FieldsIn(&w, sTeeNum, true)
		}
	}
	p.Field("params")
	if n == 0 {
		p.Str("NULL")
		return
	}
	teeParams(p, addr+head, n)
}

// teeClient prints who a session is opened for: of groups the UUID is made
// from the number in its first bytes.
func teeClient(p *text.Printer, w *text.Window) {
	const public, user, group, app, userApp, groupApp = 0, 1, 2, 4, 5, 6 // TEE_IOCTL_LOGIN_…
	switch w.Num(32, 4) {
	case public, user, app, userApp:
	case group, groupApp:
		p.Field("clnt_uuid")
		p.ID(uint32(w.Num(16, 4)))
	default:
		p.Str(", clnt_uuid=[")
		for i := uint64(16); i < 32; i++ { // all of them, whatever -s says
			if i > 16 {
				p.Comma()
			}
			p.AltHex(w.Num(i, 1))
		}
		p.Byte(']')
	}
}

// teeParams prints n struct tee_ioctl_param.
func teeParams(p *text.Printer, addr, n uint64) {
	const meta, none, firstRef, lastRef = 0x100, 0, 5, 7 // TEE_IOCTL_PARAM_ATTR_…
	var e [4]uint64
	for i := uint64(0); p.Each(unsafe.Pointer(&e), teeParamSize, addr, i, n); i++ {
		p.First("attr")
		p.Val(names.TeeAttr, uint64(uint32(e[0])&^meta))
		if e[0]&meta != 0 {
			p.Str("|TEE_IOCTL_PARAM_ATTR_META")
		}
		switch t := e[0]; { // with that bit no type is known
		case t == none:
		case t >= firstRef && t <= lastRef:
			p.FieldHex("shm_offs", e[1])
			p.FieldHex("size", e[2])
			p.FieldUint("shm_id", e[3])
		default:
			p.FieldHex("a", e[1])
			p.FieldHex("b", e[2])
			p.FieldHex("c", e[3])
		}
		p.Byte('}')
	}
}
