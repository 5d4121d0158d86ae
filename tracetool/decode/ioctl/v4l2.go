package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Video for Linux: what is a structure of its own (linux/videodev2.h). What
// strace does not look into is in no table.

var ioctlV4l2 = []Arg{
	{cmd: names.VIDIOC_QUERYCAP, k: Struct | Out, S: []text.Field{{Name: "driver", Kind: text.Str, Arg: 16}, {Name: "card", Kind: text.Str, Arg: 32}, {Name: "bus_info", Kind: text.Str, Arg: 32}, {Name: "version", Kind: text.Kernel},
		{Name: "capabilities", Kind: text.F32, Arg: names.V4l2Cap}, {Kind: text.Nonzero}, {Name: "device_caps", Kind: text.F32, Arg: names.V4l2Cap}, {Kind: text.Pad, Arg: 12}}},
	{cmd: names.VIDIOC_ENUM_FMT, k: Grow, S: []text.Field{{Name: "index", Kind: text.U32}, {Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Kind: text.At, Arg: 64}},
		s2: []text.Field{{Kind: text.At, Arg: 8}, {Name: "flags", Kind: text.F32, Arg: names.V4l2FmtFlag}, {Name: "description", Kind: text.Str, Arg: 32}, {Name: "pixelformat", Kind: text.Fourcc, Arg: names.V4l2Pix}}},
	{cmd: names.VIDIOC_G_FMT, k: Special}, {cmd: names.VIDIOC_S_FMT, k: Special}, {cmd: names.VIDIOC_TRY_FMT, k: Special},
	{cmd: names.VIDIOC_REQBUFS, k: Special}, {cmd: names.VIDIOC_CREATE_BUFS, k: Special},
	{cmd: names.VIDIOC_QUERYBUF, k: Special}, {cmd: names.VIDIOC_QBUF, k: Special}, {cmd: names.VIDIOC_DQBUF, k: Special},
	{cmd: names.VIDIOC_G_FBUF, k: Struct | Out, S: sV4l2Fbuf}, {cmd: names.VIDIOC_S_FBUF, k: Struct, S: sV4l2Fbuf},
	{cmd: names.VIDIOC_STREAMON, k: ValAt, X: names.V4l2BufType}, {cmd: names.VIDIOC_STREAMOFF, k: ValAt, X: names.V4l2BufType},
	{cmd: names.VIDIOC_G_PARM, k: Special}, {cmd: names.VIDIOC_S_PARM, k: Special},
	{cmd: names.VIDIOC_G_STD, k: X64At | Out}, {cmd: names.VIDIOC_S_STD, k: X64At},
	{cmd: names.VIDIOC_ENUMSTD, k: Grow, S: []text.Field{{Name: "index", Kind: text.U32}, {Kind: text.At, Arg: 72}},
		s2: []text.Field{{Kind: text.At, Arg: 16}, {Name: "name", Kind: text.Str, Arg: 24}, {Name: "frameperiod", Kind: text.Fraction}, {Name: "framelines", Kind: text.U32}}},
	{cmd: names.VIDIOC_ENUMINPUT, k: Grow, S: []text.Field{{Name: "index", Kind: text.U32}, {Kind: text.At, Arg: 80}},
		s2: []text.Field{{Kind: text.At, Arg: 4}, {Name: "name", Kind: text.Str, Arg: 32}, {Name: "type", Kind: text.V32, Arg: names.V4l2Input}}},
	{cmd: names.VIDIOC_G_INPUT, k: UintAt | Out}, {cmd: names.VIDIOC_S_INPUT, k: UintAt},
	{cmd: names.VIDIOC_G_CTRL, k: Grow, S: []text.Field{{Name: "id", Kind: text.Classed, Arg: names.V4l2Cid}, {Kind: text.At, Arg: 8}}, s2: []text.Field{{Kind: text.At, Arg: 4}, {Name: "value", Kind: text.D32}}},
	{cmd: names.VIDIOC_S_CTRL, k: Special}, {cmd: names.VIDIOC_QUERYCTRL, k: Special}, {cmd: names.VIDIOC_QUERY_EXT_CTRL, k: Special},
	{cmd: names.VIDIOC_G_EXT_CTRLS, k: Special}, {cmd: names.VIDIOC_S_EXT_CTRLS, k: Special}, {cmd: names.VIDIOC_TRY_EXT_CTRLS, k: Special},
	{cmd: names.VIDIOC_G_TUNER, k: Grow, S: []text.Field{{Name: "index", Kind: text.U32}, {Kind: text.At, Arg: 84}}, s2: sV4l2Tuner},
	{cmd: names.VIDIOC_S_TUNER, k: Special},
	{cmd: names.VIDIOC_CROPCAP, k: Grow, S: []text.Field{{Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Kind: text.At, Arg: 44}},
		s2: []text.Field{{Kind: text.At, Arg: 4}, {Name: "bounds", Kind: text.Rect}, {Name: "defrect", Kind: text.Rect}, {Name: "pixelaspect", Kind: text.Fraction}}},
	{cmd: names.VIDIOC_G_CROP, k: Grow, S: []text.Field{{Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Kind: text.At, Arg: 20}}, s2: []text.Field{{Kind: text.At, Arg: 4}, {Name: "c", Kind: text.Rect}}},
	{cmd: names.VIDIOC_S_CROP, k: Struct, S: []text.Field{{Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Name: "c", Kind: text.Rect}}},
	{cmd: names.VIDIOC_ENUM_FRAMESIZES, k: Special}, {cmd: names.VIDIOC_ENUM_FRAMEINTERVALS, k: Special},
}

var (
	sV4l2Fbuf  = []text.Field{{Name: "capability", Kind: text.X32}, {Name: "flags", Kind: text.X32}, {Name: "base", Kind: text.Ptr}, {Kind: text.At, Arg: 48}}
	sV4l2Tuner = []text.Field{{Kind: text.At, Arg: 4}, {Name: "name", Kind: text.Str, Arg: 32}, {Name: "type", Kind: text.V32, Arg: names.V4l2Tuner}, {Name: "capability", Kind: text.F32, Arg: names.V4l2TunerCap}, {Name: "rangelow", Kind: text.U32},
		{Name: "rangehigh", Kind: text.U32}, {Name: "rxsubchans", Kind: text.F32, Arg: names.V4l2TunerSub}, {Name: "audmode", Kind: text.V32, Arg: names.V4l2TunerMode}, {Name: "signal", Kind: text.D32}, {Name: "afc", Kind: text.D32}}
	sV4l2Index   = []text.Field{{Name: "index", Kind: text.U32}}
	sV4l2Type    = []text.Field{{Name: "type", Kind: text.V32, Arg: names.V4l2BufType}}
	sV4l2Reqbufs = []text.Field{{Kind: text.At, Arg: 4}, {Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Name: "memory", Kind: text.V32, Arg: names.V4l2Memory}, {Kind: text.At}, {Name: "count", Kind: text.U32}}
	sV4l2Create  = []text.Field{{Kind: text.At, Arg: 4}, {Name: "count", Kind: text.U32}, {Name: "memory", Kind: text.V32, Arg: names.V4l2Memory}}
	sV4l2Frame   = []text.Field{{Name: "index", Kind: text.U32}, {Name: "pixel_format", Kind: text.Fourcc, Arg: names.V4l2Pix}}
	sV4l2FrameWH = []text.Field{{Kind: text.At, Arg: 8}, {Name: "width", Kind: text.U32}, {Name: "height", Kind: text.U32}}
)

func v4l2Cmd(cmd uint32) bool { return cmd>>8&0xff == 'V' }

// v4l2 prints a structure that is shown differently when the call is made and
// when it has returned. Its size is in the command.
func v4l2(p *text.Printer, cmd uint32, v uint64) text.Step {
	size := uint64(cmd >> 16 & 0x3fff)
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, size) {
			p.Ptr(v)
			return text.Last
		}
		p.Byte('{')
		if !v4l2Enter(p, cmd, v, size) {
			p.Byte('}')
			return text.Last
		}
		if !p.Exit {
			return text.Wait
		}
	}
	if text.Readable(v, size) {
		v4l2Exit(p, cmd, v, size)
	}
	p.Byte('}')
	return text.Last
}

// v4l2Enter prints what the kernel is given and says whether there may be more
// to say when the call has returned.
func v4l2Enter(p *text.Printer, cmd uint32, v, size uint64) bool {
	switch cmd {
	case names.VIDIOC_G_FMT:
		p.Fields(v, sV4l2Type, size, true)
	case names.VIDIOC_S_FMT, names.VIDIOC_TRY_FMT:
		p.Fields(v, sV4l2Type, size, true)
		return v4l2Format(p, v, ", ")
	case names.VIDIOC_G_PARM, names.VIDIOC_S_PARM:
		p.Fields(v, sV4l2Type, size, true)
		w := text.Window{Addr: v, End: size}
		if t := w.Num(0, 4); t != v4l2Capture && t != v4l2Output {
			return false
		}
		if cmd == names.VIDIOC_S_PARM {
			v4l2Parm(p, v, ", ")
		}
	case names.VIDIOC_REQBUFS:
		p.Fields(v, sV4l2Reqbufs, size, true)
	case names.VIDIOC_CREATE_BUFS:
		p.Fields(v, sV4l2Create, size, true)
		p.Field("format")
		p.Byte('{')
		p.Fields(v+v4l2CreateFormat, sV4l2Type, v4l2FormatSize, true)
		v4l2Format(p, v+v4l2CreateFormat, ", ")
		p.Byte('}')
		return false
	case names.VIDIOC_QUERYBUF, names.VIDIOC_QBUF:
		p.Fields(v, sV4l2Buf, size, true)
	case names.VIDIOC_DQBUF:
		p.Fields(v, sV4l2BufOut, size, true)
	case names.VIDIOC_S_CTRL:
		p.Fields(v, sV4l2Ctrl, size, true)
	case names.VIDIOC_QUERYCTRL, names.VIDIOC_QUERY_EXT_CTRL:
		w := text.Window{Addr: v, End: size}
		p.Saved[0] = w.Num(0, 4)
		p.Str("id=")
		queryCid(p, p.Saved[0])
	case names.VIDIOC_G_EXT_CTRLS, names.VIDIOC_S_EXT_CTRLS, names.VIDIOC_TRY_EXT_CTRLS:
		p.Fields(v, sV4l2Ctrls, size, true)
		w := text.Window{Addr: v, End: size}
		return w.Num(4, 4) != 0 && (cmd == names.VIDIOC_G_EXT_CTRLS || v4l2Controls(p, v, ", "))
	case names.VIDIOC_S_TUNER:
		p.Fields(v, sV4l2Index, size, true)
		p.Fields(v, sV4l2Tuner, size, false)
	case names.VIDIOC_ENUM_FRAMESIZES:
		p.Fields(v, sV4l2Frame, size, true)
	case names.VIDIOC_ENUM_FRAMEINTERVALS:
		p.Fields(v, sV4l2Frame, size, true)
		p.Fields(v, sV4l2FrameWH, size, false)
	}
	return true
}

// v4l2Exit prints what the kernel has written.
func v4l2Exit(p *text.Printer, cmd uint32, v, size uint64) {
	switch cmd {
	case names.VIDIOC_G_EXT_CTRLS:
		v4l2ControlsDone(p, v, ", ")
		return
	case names.VIDIOC_S_EXT_CTRLS, names.VIDIOC_TRY_EXT_CTRLS:
		v4l2ControlsDone(p, v, v4l2Then)
		return
	}
	if p.Failed() {
		return
	}
	switch cmd {
	case names.VIDIOC_G_FMT:
		v4l2Format(p, v, ", ")
	case names.VIDIOC_S_FMT, names.VIDIOC_TRY_FMT:
		v4l2Format(p, v, v4l2Then)
	case names.VIDIOC_G_PARM:
		v4l2Parm(p, v, ", ")
	case names.VIDIOC_S_PARM:
		v4l2Parm(p, v, v4l2Then)
	case names.VIDIOC_REQBUFS:
		w := text.Window{Addr: v, End: size}
		p.Str(" => ")
		p.Uint(w.Num(0, 4))
	case names.VIDIOC_QUERYBUF, names.VIDIOC_QBUF, names.VIDIOC_DQBUF:
		v4l2Buffer(p, v, cmd == names.VIDIOC_DQBUF)
	case names.VIDIOC_S_CTRL:
		w := text.Window{Addr: v, End: size}
		p.Str(" => ")
		p.Int(text.SignExtend(w.Num(4, 4), 4))
	case names.VIDIOC_QUERYCTRL, names.VIDIOC_QUERY_EXT_CTRL:
		v4l2Queried(p, v, cmd == names.VIDIOC_QUERY_EXT_CTRL)
	case names.VIDIOC_S_TUNER:
		p.Str(v4l2Then)
		p.Fields(v, sV4l2Tuner, size, true)
	case names.VIDIOC_ENUM_FRAMESIZES:
		v4l2FrameSize(p, v)
	case names.VIDIOC_ENUM_FRAMEINTERVALS:
		v4l2FrameInterval(p, v)
	}
}

// v4l2Then stands between what the kernel was given and what it has made of it.
const v4l2Then = "} => {"

// v4l2Result prints what VIDIOC_CREATE_BUFS has made, behind its result.
func v4l2Result(p *text.Printer) {
	v := p.C.Args[2]
	if uint32(p.C.Args[1]) != names.VIDIOC_CREATE_BUFS || !text.Opt.Verb.Has(p.C.Sysno) || !text.Readable(v, v4l2CreateSize) {
		return
	}
	p.Str(" ({")
	p.Fields(v, sV4l2Created, v4l2CreateSize, true)
	p.Str("})")
}

var sV4l2Created = []text.Field{{Name: "index", Kind: text.U32}, {Name: "count", Kind: text.U32}}
