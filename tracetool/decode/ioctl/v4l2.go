package tracetool

// Video for Linux: what is a structure of its own (linux/videodev2.h). What
// strace does not look into is in no table.

var ioctlV4l2 = []ioctlArg{
	{cmd: cmdVIDIOC_QUERYCAP, k: iStruct | out, s: []field{{"driver", fStr, 16}, {"card", fStr, 32}, {"bus_info", fStr, 32}, {"version", fKernel, 0},
		{"capabilities", fF32, xV4l2Cap}, {"", fNonzero, 0}, {"device_caps", fF32, xV4l2Cap}, {"", fPad, 12}}},
	{cmd: cmdVIDIOC_ENUM_FMT, k: iGrow, s: []field{{"index", fU32, 0}, {"type", fV32, xV4l2BufType}, {"", fAt, 64}},
		s2: []field{{"", fAt, 8}, {"flags", fF32, xV4l2FmtFlag}, {"description", fStr, 32}, {"pixelformat", fFourcc, xV4l2Pix}}},
	{cmd: cmdVIDIOC_G_FMT, k: iSpecial}, {cmd: cmdVIDIOC_S_FMT, k: iSpecial}, {cmd: cmdVIDIOC_TRY_FMT, k: iSpecial},
	{cmd: cmdVIDIOC_REQBUFS, k: iSpecial}, {cmd: cmdVIDIOC_CREATE_BUFS, k: iSpecial},
	{cmd: cmdVIDIOC_QUERYBUF, k: iSpecial}, {cmd: cmdVIDIOC_QBUF, k: iSpecial}, {cmd: cmdVIDIOC_DQBUF, k: iSpecial},
	{cmd: cmdVIDIOC_G_FBUF, k: iStruct | out, s: sV4l2Fbuf}, {cmd: cmdVIDIOC_S_FBUF, k: iStruct, s: sV4l2Fbuf},
	{cmd: cmdVIDIOC_STREAMON, k: iValAt, x: xV4l2BufType}, {cmd: cmdVIDIOC_STREAMOFF, k: iValAt, x: xV4l2BufType},
	{cmd: cmdVIDIOC_G_PARM, k: iSpecial}, {cmd: cmdVIDIOC_S_PARM, k: iSpecial},
	{cmd: cmdVIDIOC_G_STD, k: iX64At | out}, {cmd: cmdVIDIOC_S_STD, k: iX64At},
	{cmd: cmdVIDIOC_ENUMSTD, k: iGrow, s: []field{{"index", fU32, 0}, {"", fAt, 72}},
		s2: []field{{"", fAt, 16}, {"name", fStr, 24}, {"frameperiod", fFraction, 0}, {"framelines", fU32, 0}}},
	{cmd: cmdVIDIOC_ENUMINPUT, k: iGrow, s: []field{{"index", fU32, 0}, {"", fAt, 80}},
		s2: []field{{"", fAt, 4}, {"name", fStr, 32}, {"type", fV32, xV4l2Input}}},
	{cmd: cmdVIDIOC_G_INPUT, k: iUintAt | out}, {cmd: cmdVIDIOC_S_INPUT, k: iUintAt},
	{cmd: cmdVIDIOC_G_CTRL, k: iGrow, s: []field{{"id", fClassed, xV4l2Cid}, {"", fAt, 8}}, s2: []field{{"", fAt, 4}, {"value", fD32, 0}}},
	{cmd: cmdVIDIOC_S_CTRL, k: iSpecial}, {cmd: cmdVIDIOC_QUERYCTRL, k: iSpecial}, {cmd: cmdVIDIOC_QUERY_EXT_CTRL, k: iSpecial},
	{cmd: cmdVIDIOC_G_EXT_CTRLS, k: iSpecial}, {cmd: cmdVIDIOC_S_EXT_CTRLS, k: iSpecial}, {cmd: cmdVIDIOC_TRY_EXT_CTRLS, k: iSpecial},
	{cmd: cmdVIDIOC_G_TUNER, k: iGrow, s: []field{{"index", fU32, 0}, {"", fAt, 84}}, s2: sV4l2Tuner},
	{cmd: cmdVIDIOC_S_TUNER, k: iSpecial},
	{cmd: cmdVIDIOC_CROPCAP, k: iGrow, s: []field{{"type", fV32, xV4l2BufType}, {"", fAt, 44}},
		s2: []field{{"", fAt, 4}, {"bounds", fRect, 0}, {"defrect", fRect, 0}, {"pixelaspect", fFraction, 0}}},
	{cmd: cmdVIDIOC_G_CROP, k: iGrow, s: []field{{"type", fV32, xV4l2BufType}, {"", fAt, 20}}, s2: []field{{"", fAt, 4}, {"c", fRect, 0}}},
	{cmd: cmdVIDIOC_S_CROP, k: iStruct, s: []field{{"type", fV32, xV4l2BufType}, {"c", fRect, 0}}},
	{cmd: cmdVIDIOC_ENUM_FRAMESIZES, k: iSpecial}, {cmd: cmdVIDIOC_ENUM_FRAMEINTERVALS, k: iSpecial},
}

var (
	sV4l2Fbuf  = []field{{"capability", fX32, 0}, {"flags", fX32, 0}, {"base", fPtr, 0}, {"", fAt, 48}}
	sV4l2Tuner = []field{{"", fAt, 4}, {"name", fStr, 32}, {"type", fV32, xV4l2Tuner}, {"capability", fF32, xV4l2TunerCap}, {"rangelow", fU32, 0},
		{"rangehigh", fU32, 0}, {"rxsubchans", fF32, xV4l2TunerSub}, {"audmode", fV32, xV4l2TunerMode}, {"signal", fD32, 0}, {"afc", fD32, 0}}
	sV4l2Index   = []field{{"index", fU32, 0}}
	sV4l2Type    = []field{{"type", fV32, xV4l2BufType}}
	sV4l2Reqbufs = []field{{"", fAt, 4}, {"type", fV32, xV4l2BufType}, {"memory", fV32, xV4l2Memory}, {"", fAt, 0}, {"count", fU32, 0}}
	sV4l2Create  = []field{{"", fAt, 4}, {"count", fU32, 0}, {"memory", fV32, xV4l2Memory}}
	sV4l2Frame   = []field{{"index", fU32, 0}, {"pixel_format", fFourcc, xV4l2Pix}}
	sV4l2FrameWH = []field{{"", fAt, 8}, {"width", fU32, 0}, {"height", fU32, 0}}
)

func v4l2Cmd(cmd uint32) bool { return cmd>>8&0xff == 'V' }

// v4l2 prints a structure that is shown differently when the call is made and
// when it has returned. Its size is in the command.
func (p *printer) v4l2(cmd uint32, v uint64) step {
	size := uint64(cmd >> 16 & 0x3fff)
	if !p.cont {
		p.comma()
		if !readable(v, size) {
			p.ptr(v)
			return last
		}
		p.Byte('{')
		if !p.v4l2Enter(cmd, v, size) {
			p.Byte('}')
			return last
		}
		if !p.exit {
			return wait
		}
	}
	if readable(v, size) {
		p.v4l2Exit(cmd, v, size)
	}
	p.Byte('}')
	return last
}

// v4l2Enter prints what the kernel is given and says whether there may be more
// to say when the call has returned.
func (p *printer) v4l2Enter(cmd uint32, v, size uint64) bool {
	switch cmd {
	case cmdVIDIOC_G_FMT:
		p.fields(v, sV4l2Type, size, true)
	case cmdVIDIOC_S_FMT, cmdVIDIOC_TRY_FMT:
		p.fields(v, sV4l2Type, size, true)
		return p.v4l2Format(v, ", ")
	case cmdVIDIOC_G_PARM, cmdVIDIOC_S_PARM:
		p.fields(v, sV4l2Type, size, true)
		w := window{addr: v, end: size}
		if t := w.num(0, 4); t != v4l2Capture && t != v4l2Output {
			return false
		}
		if cmd == cmdVIDIOC_S_PARM {
			p.v4l2Parm(v, ", ")
		}
	case cmdVIDIOC_REQBUFS:
		p.fields(v, sV4l2Reqbufs, size, true)
	case cmdVIDIOC_CREATE_BUFS:
		p.fields(v, sV4l2Create, size, true)
		p.field("format")
		p.Byte('{')
		p.fields(v+v4l2CreateFormat, sV4l2Type, v4l2FormatSize, true)
		p.v4l2Format(v+v4l2CreateFormat, ", ")
		p.Byte('}')
		return false
	case cmdVIDIOC_QUERYBUF, cmdVIDIOC_QBUF:
		p.fields(v, sV4l2Buf, size, true)
	case cmdVIDIOC_DQBUF:
		p.fields(v, sV4l2BufOut, size, true)
	case cmdVIDIOC_S_CTRL:
		p.fields(v, sV4l2Ctrl, size, true)
	case cmdVIDIOC_QUERYCTRL, cmdVIDIOC_QUERY_EXT_CTRL:
		w := window{addr: v, end: size}
		p.saved[0] = w.num(0, 4)
		p.Str("id=")
		p.queryCid(p.saved[0])
	case cmdVIDIOC_G_EXT_CTRLS, cmdVIDIOC_S_EXT_CTRLS, cmdVIDIOC_TRY_EXT_CTRLS:
		p.fields(v, sV4l2Ctrls, size, true)
		w := window{addr: v, end: size}
		return w.num(4, 4) != 0 && (cmd == cmdVIDIOC_G_EXT_CTRLS || p.v4l2Controls(v, ", "))
	case cmdVIDIOC_S_TUNER:
		p.fields(v, sV4l2Index, size, true)
		p.fields(v, sV4l2Tuner, size, false)
	case cmdVIDIOC_ENUM_FRAMESIZES:
		p.fields(v, sV4l2Frame, size, true)
	case cmdVIDIOC_ENUM_FRAMEINTERVALS:
		p.fields(v, sV4l2Frame, size, true)
		p.fields(v, sV4l2FrameWH, size, false)
	}
	return true
}

// v4l2Exit prints what the kernel has written.
func (p *printer) v4l2Exit(cmd uint32, v, size uint64) {
	switch cmd {
	case cmdVIDIOC_G_EXT_CTRLS:
		p.v4l2ControlsDone(v, ", ")
		return
	case cmdVIDIOC_S_EXT_CTRLS, cmdVIDIOC_TRY_EXT_CTRLS:
		p.v4l2ControlsDone(v, v4l2Then)
		return
	}
	if p.failed() {
		return
	}
	switch cmd {
	case cmdVIDIOC_G_FMT:
		p.v4l2Format(v, ", ")
	case cmdVIDIOC_S_FMT, cmdVIDIOC_TRY_FMT:
		p.v4l2Format(v, v4l2Then)
	case cmdVIDIOC_G_PARM:
		p.v4l2Parm(v, ", ")
	case cmdVIDIOC_S_PARM:
		p.v4l2Parm(v, v4l2Then)
	case cmdVIDIOC_REQBUFS:
		w := window{addr: v, end: size}
		p.Str(" => ")
		p.Uint(w.num(0, 4))
	case cmdVIDIOC_QUERYBUF, cmdVIDIOC_QBUF, cmdVIDIOC_DQBUF:
		p.v4l2Buffer(v, cmd == cmdVIDIOC_DQBUF)
	case cmdVIDIOC_S_CTRL:
		w := window{addr: v, end: size}
		p.Str(" => ")
		p.Int(signed(w.num(4, 4), 4))
	case cmdVIDIOC_QUERYCTRL, cmdVIDIOC_QUERY_EXT_CTRL:
		p.v4l2Queried(v, cmd == cmdVIDIOC_QUERY_EXT_CTRL)
	case cmdVIDIOC_S_TUNER:
		p.Str(v4l2Then)
		p.fields(v, sV4l2Tuner, size, true)
	case cmdVIDIOC_ENUM_FRAMESIZES:
		p.v4l2FrameSize(v)
	case cmdVIDIOC_ENUM_FRAMEINTERVALS:
		p.v4l2FrameInterval(v)
	}
}

// v4l2Then stands between what the kernel was given and what it has made of it.
const v4l2Then = "} => {"

// v4l2Result prints what VIDIOC_CREATE_BUFS has made, behind its result.
func (p *printer) v4l2Result() {
	v := p.c.Args[2]
	if uint32(p.c.Args[1]) != cmdVIDIOC_CREATE_BUFS || !look.verb.has(p.c.Sysno) || !readable(v, v4l2CreateSize) {
		return
	}
	p.Str(" ({")
	p.fields(v, sV4l2Created, v4l2CreateSize, true)
	p.Str("})")
}

var sV4l2Created = []field{{"index", fU32, 0}, {"count", fU32, 0}}
