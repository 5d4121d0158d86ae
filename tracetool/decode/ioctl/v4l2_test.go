package ioctl_test

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

// The lines wanted here are what strace 6.1 printed for the same calls.

func v4l2(result int64, cmd, arg uintptr) string {
	return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg)
}

func TestV4l2Formats(t *testing.T) {
	pix := decodetest.Mem([52]uint32{0: 1, 2: 640, 3: 480, 4: 0x56595559, 5: 1, 6: 1280, 7: 614400, 8: 8})
	planes := decodetest.Mem([52]uint32{0: 9, 2: 64, 3: 48, 4: 0xfa5c2741, 5: 11, 6: 13, 7: 3072, 8: 64, 47: 1})
	sdr := decodetest.Mem([52]uint32{0: 11, 2: 0x38305543})
	const capture = `fmt.pix={width=640, height=480, pixelformat=v4l2_fourcc('Y', 'U', 'Y', 'V') /* V4L2_PIX_FMT_YUYV */, field=V4L2_FIELD_NONE, ` +
		`bytesperline=1280, sizeimage=614400, colorspace=V4L2_COLORSPACE_SRGB}`
	for _, c := range []struct{ got, want string }{
		{v4l2(0, names.VIDIOC_G_FMT, pix), `ioctl(4, VIDIOC_G_FMT, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, ` + capture + `}) = 0`},
		{v4l2(-22, names.VIDIOC_G_FMT, pix), `ioctl(4, VIDIOC_G_FMT, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE}) = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_S_FMT, pix), `ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, ` + capture + `} => {` + capture + `}) = 0`},
		{v4l2(-22, names.VIDIOC_TRY_FMT, planes), `ioctl(4, VIDIOC_TRY_FMT, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, fmt.pix_mp={width=64, height=48, ` +
			`pixelformat=v4l2_fourcc('A', '\'', '\\', '\xfa'), field=0xb /* V4L2_FIELD_??? */, colorspace=0xd /* V4L2_COLORSPACE_??? */, ` +
			`plane_fmt=[{sizeimage=3072, bytesperline=64}], num_planes=1}}) = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_G_FMT, sdr), `ioctl(4, VIDIOC_G_FMT, {type=V4L2_BUF_TYPE_SDR_CAPTURE, fmt.sdr={pixelformat=v4l2_fourcc('C', 'U', '0', '8') /* V4L2_SDR_FMT_CU8 */}}) = 0`},
		{v4l2(0, names.VIDIOC_S_FMT, decodetest.Mem([52]uint32{77})), `ioctl(4, VIDIOC_S_FMT, {type=0x4d /* V4L2_BUF_TYPE_??? */}) = 0`},
	} {
		decodetest.WantLine(t, c.got, c.want)
	}
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, v4l2(-22, names.VIDIOC_TRY_FMT, planes), `ioctl(4, 0xc0d05640, {type=0x9, fmt.pix_mp={width=64, height=48, pixelformat=0xfa5c2741, field=0xb, colorspace=0xd, `+
			`plane_fmt=[{sizeimage=3072, bytesperline=64}], num_planes=1}}) = -1 EINVAL (Invalid argument)`)
	})
}

// The window's format is shown again when the call has returned only if its
// clips could be read.
func TestV4l2Clips(t *testing.T) {
	format := func(clips uintptr, n uint64) uintptr {
		return decodetest.Mem([26]uint64{0: 3, 4: uint64(clips), 5: n})
	}
	const window = `fmt.win={w={left=0, top=0, width=0, height=0}, field=V4L2_FIELD_ANY, chromakey=0, clips=`
	shown := window + `[{c={left=-1, top=2, width=3, height=4}}], clipcount=1, bitmap=NULL}`
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_S_FMT, format(decodetest.Mem([6]int32{-1, 2, 3, 4}), 1)),
		`ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_OVERLAY, `+shown+`} => {`+shown+`}) = 0`)
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_S_FMT, format(0xdead000, 1)), `ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_OVERLAY, `+window+`0xdead000, clipcount=1, bitmap=NULL}}) = 0`)
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_S_FMT, format(0, 0)), `ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_OVERLAY, `+window+`NULL, clipcount=0, bitmap=NULL}}) = 0`)
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_S_FMT, format(decodetest.LastPage(t, 24), 2)), `ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_OVERLAY, `+window+
		`[{c={left=0, top=0, width=0, height=0}}, ... /* ‹hex› */], clipcount=2, bitmap=NULL}}) = 0`)
	defer func(was uint64) { text.Opt.StrLen = was }(text.Opt.StrLen)
	text.Opt.StrLen = 1
	short := window + `[{c={left=-1, top=2, width=3, height=4}}, ...], clipcount=2, bitmap=NULL}`
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_S_FMT, format(decodetest.Mem([12]int32{-1, 2, 3, 4}), 2)),
		`ioctl(4, VIDIOC_S_FMT, {type=V4L2_BUF_TYPE_VIDEO_OVERLAY, `+short+`} => {`+short+`}) = 0`)
}

func TestV4l2Buffers(t *testing.T) {
	buf := decodetest.Mem([22]uint32{0: 2, 1: 1, 2: 99, 3: 0x12041, 6: 5, 8: 6, 15: 1, 16: 4096, 18: 8192})
	const rest = `memory=V4L2_MEMORY_MMAP, m.offset=0x1000, length=8192, bytesused=99, ` +
		`flags=V4L2_BUF_FLAG_MAPPED|V4L2_BUF_FLAG_ERROR|V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC|V4L2_BUF_FLAG_TSTAMP_SRC_SOE, `
	for _, c := range []struct{ got, want string }{
		{v4l2(0, names.VIDIOC_QBUF, buf), `ioctl(4, VIDIOC_QBUF, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, index=2, ` + rest + `...}) = 0`},
		{v4l2(0, names.VIDIOC_DQBUF, buf), `ioctl(4, VIDIOC_DQBUF, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, index=2, ` + rest + `timestamp={tv_sec=5, tv_usec=6}, ...}) = 0`},
		{v4l2(-11, names.VIDIOC_DQBUF, buf), `ioctl(4, VIDIOC_DQBUF, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE}) = -1 EAGAIN (Resource temporarily unavailable)`},
		{v4l2(0, names.VIDIOC_REQBUFS, decodetest.Mem([5]uint32{4, 1, 1})), `ioctl(4, VIDIOC_REQBUFS, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, memory=V4L2_MEMORY_MMAP, count=4 => 4}) = 0`},
		{v4l2(0, names.VIDIOC_CREATE_BUFS, decodetest.Mem([64]uint32{0: 7, 1: 4, 2: 1, 4: 13, 6: 0x44495649})), `ioctl(4, VIDIOC_CREATE_BUFS, {count=4, memory=V4L2_MEMORY_MMAP, ` +
			`format={type=V4L2_BUF_TYPE_META_CAPTURE, fmt.meta={dataformat=v4l2_fourcc('I', 'V', 'I', 'D'), buffersize=0}}}) = 0 ({index=7, count=4})`},
		{v4l2(-22, names.VIDIOC_CREATE_BUFS, 0), `ioctl(4, VIDIOC_CREATE_BUFS, NULL)      = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_CREATE_BUFS, 0xdead000), `ioctl(4, VIDIOC_CREATE_BUFS, 0xdead000) = 0`},
	} {
		decodetest.WantLine(t, c.got, c.want)
	}
	decodetest.InStyle(text.StyleVerbose, func() {
		decodetest.WantLine(t, v4l2(0, names.VIDIOC_QBUF, decodetest.Mem([22]uint32{15: 4})), `ioctl(4, 0xc058560f /* VIDIOC_QBUF */, {type=0 /* V4L2_BUF_TYPE_??? */, index=0, memory=0x4 /* V4L2_MEMORY_DMABUF */, `+
			`length=0, bytesused=0, flags=0 /* V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN */|0 /* V4L2_BUF_FLAG_TSTAMP_SRC_EOF */, ...}) = 0`)
	})
}

func TestV4l2Controls(t *testing.T) {
	chars := uint64(decodetest.Cstring("hi"))
	array := decodetest.Mem([10]uint32{0: 0x980900, 3: 0xffffffff, 5: 0x9c0001, 6: 2, 8: uint32(chars), 9: uint32(chars >> 32)})
	controls := func(addr uintptr, n uint64) uintptr {
		return decodetest.Mem([4]uint64{0x980000 | n<<32, 1, 0, uint64(addr)})
	}
	const both = `controls=[{id=V4L2_CID_BRIGHTNESS, size=0, value=-1, value64=4294967295}, {id=0x9c0001 /* V4L2_CID_??? */, size=2, string="hi"}]`
	query := decodetest.Mem([17]uint32{0: 0xc0990001, 1: 1})
	for _, c := range []struct{ got, want string }{
		{v4l2(-22, names.VIDIOC_S_EXT_CTRLS, controls(array, 2)),
			`ioctl(4, VIDIOC_S_EXT_CTRLS, {ctrl_class=V4L2_CTRL_CLASS_USER, count=2, ` + both + `} => {` + both + `, error_idx=1}) = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_G_EXT_CTRLS, controls(array, 2)), `ioctl(4, VIDIOC_G_EXT_CTRLS, {ctrl_class=V4L2_CTRL_CLASS_USER, count=2, ` + both + `}) = 0`},
		{v4l2(-22, names.VIDIOC_G_EXT_CTRLS, controls(0xdead000, 2)),
			`ioctl(4, VIDIOC_G_EXT_CTRLS, {ctrl_class=V4L2_CTRL_CLASS_USER, count=2, controls=0xdead000, error_idx=1}) = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_TRY_EXT_CTRLS, controls(array, 0)), `ioctl(4, VIDIOC_TRY_EXT_CTRLS, {ctrl_class=V4L2_CTRL_CLASS_USER, count=0}) = 0`},
		{v4l2(0, names.VIDIOC_S_CTRL, decodetest.Mem([2]int32{0x98ffff, -3})), `ioctl(4, VIDIOC_S_CTRL, {id=V4L2_CTRL_CLASS_USER+0xffff, value=-3 => -3}) = 0`},
		{v4l2(-22, names.VIDIOC_G_CTRL, decodetest.Mem([2]int32{0x970000, -3})), `ioctl(4, VIDIOC_G_CTRL, {id=0x970000 /* V4L2_CID_??? */}) = -1 EINVAL (Invalid argument)`},
		{v4l2(0, names.VIDIOC_QUERYCTRL, query), `ioctl(4, VIDIOC_QUERYCTRL, {id=V4L2_CTRL_FLAG_NEXT_CTRL|V4L2_CTRL_FLAG_NEXT_COMPOUND|V4L2_CTRL_CLASS_CODEC+0x1, ` +
			`type=V4L2_CTRL_TYPE_INTEGER, name="", ...}) = 0`},
	} {
		decodetest.WantLine(t, c.got, c.want)
	}
	defer func(was text.Numbers) { text.Opt.Abbrev = was }(text.Opt.Abbrev)
	text.Opt.Abbrev = text.Numbers{} // -v
	decodetest.WantLine(t, v4l2(0, names.VIDIOC_QUERY_EXT_CTRL, decodetest.Mem([58]uint32{0: 0x980900, 1: 0x106, 10: 1, 12: 2, 14: 3, 16: 4, 18: 1, 19: 5, 20: 6, 21: 9, 22: 7, 26: 8})),
		`ioctl(4, VIDIOC_QUERY_EXT_CTRL, {id=V4L2_CID_BRIGHTNESS, type=V4L2_CTRL_TYPE_AREA, name="", minimum=1, maximum=2, step=3, default_value=4, `+
			`flags=V4L2_CTRL_FLAG_DISABLED, elem_size=5, elems=6, nr_of_dims=9, dims=[7, 0, 0, 0], reserved=[0x8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, `+
			`0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}) = 0`)
}

// The control that is queried is not the one asked for, but the next.
func TestV4l2NextControl(t *testing.T) {
	q := new([17]uint32)
	q[0] = 0x80980900
	decodetest.Kept = append(decodetest.Kept, q)
	c := &systrap.Call{Sysno: unix.SYS_IOCTL, Args: [6]uint64{4, names.VIDIOC_QUERYCTRL, uint64(uintptr(unsafe.Pointer(q)))}}
	in, p := decodetest.Entered(c)
	q[0] = 0x980901
	decodetest.WantLine(t, decodetest.End(in, p), `ioctl(4, VIDIOC_QUERYCTRL, {id=V4L2_CTRL_FLAG_NEXT_CTRL|V4L2_CID_BRIGHTNESS => V4L2_CID_CONTRAST, type=0 /* V4L2_CTRL_TYPE_??? */, name="", ...}) = 0`)
}

func TestV4l2Rest(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{v4l2(0, names.VIDIOC_ENUM_FRAMESIZES, decodetest.Mem([11]uint32{1, 0x56595559, 3, 4, 5, 6, 7, 8, 9})), `ioctl(4, VIDIOC_ENUM_FRAMESIZES, {index=1, ` +
			`pixel_format=v4l2_fourcc('Y', 'U', 'Y', 'V') /* V4L2_PIX_FMT_YUYV */, type=V4L2_FRMSIZE_TYPE_STEPWISE, ` +
			`stepwise={min_width=4, max_width=5, step_width=6, min_height=7, max_height=8, step_height=9}}) = 0`},
		{v4l2(0, names.VIDIOC_ENUM_FRAMEINTERVALS, decodetest.Mem([13]uint32{1, 0, 3, 4, 1, 1, 30})),
			`ioctl(4, VIDIOC_ENUM_FRAMEINTERVALS, {index=1, pixel_format=v4l2_fourcc('\x00', '\x00', '\x00', '\x00'), width=3, height=4, type=V4L2_FRMIVAL_TYPE_DISCRETE, discrete=1/30}) = 0`},
		{v4l2(0, names.VIDIOC_S_PARM, decodetest.Mem([51]uint32{2, 0x1000, 3, 1, 30, 4, 5})), `ioctl(4, VIDIOC_S_PARM, {type=V4L2_BUF_TYPE_VIDEO_OUTPUT, ` +
			`parm.output={capability=V4L2_CAP_TIMEPERFRAME, outputmode=V4L2_MODE_HIGHQUALITY|0x2, timeperframe=1/30, extendedmode=0x4, writebuffers=5}} => ` +
			`{parm.output={capability=V4L2_CAP_TIMEPERFRAME, outputmode=V4L2_MODE_HIGHQUALITY|0x2, timeperframe=1/30, extendedmode=0x4, writebuffers=5}}) = 0`},
		{v4l2(0, names.VIDIOC_G_PARM, decodetest.Mem([51]uint32{5})), `ioctl(4, VIDIOC_G_PARM, {type=V4L2_BUF_TYPE_VBI_OUTPUT}) = 0`},
		{v4l2(0, names.VIDIOC_G_INPUT, decodetest.Mem(decodetest.Minus1)), `ioctl(4, VIDIOC_G_INPUT, [4294967295])  = 0`},
		{v4l2(0, names.VIDIOC_S_CROP, decodetest.Mem([5]int32{1, -2, 3, 4, -5})), `ioctl(4, VIDIOC_S_CROP, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, c={left=-2, top=3, width=4, height=4294967291}}) = 0`},
		{v4l2(-25, names.VIDIOC_QUERYCAP, 0x1234567890), `ioctl(4, VIDIOC_QUERYCAP, 0x1234567890) = -1 ENOTTY (Inappropriate ioctl for device)`},
		{v4l2(0, names.VIDIOC_QUERYBUF, decodetest.LastPage(t, 87)), `ioctl(4, VIDIOC_QUERYBUF, ‹hex›) = 0`},
		{v4l2(-25, 0x80085617, 0x1234567890), `ioctl(4, VIDIOC_G_STD, 0x1234567890)    = -1 ENOTTY (Inappropriate ioctl for device)`},
		{v4l2(-25, 0x4004560e, 0), `ioctl(4, VIDIOC_OVERLAY, 0)             = -1 ENOTTY (Inappropriate ioctl for device)`},
	} {
		decodetest.WantLine(t, c.got, c.want)
	}
}
