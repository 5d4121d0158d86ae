package ioctl

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Formats, buffers and frames of Video for Linux (linux/videodev2.h).

const (
	v4l2FormatSize   = 208 // of struct v4l2_format
	v4l2CreateSize   = 256 // of struct v4l2_create_buffers
	v4l2CreateFormat = 16  // the offset of a format in it
)

// v4l2Formats are the members of struct v4l2_format, by its type, enum
// v4l2_buf_type, up to the first that is not plain.
var v4l2Formats = [...]struct {
	name string
	s    []text.Field
}{
	v4l2Capture: {"fmt.pix", sV4l2Pix}, v4l2Output: {"fmt.pix", sV4l2Pix},
	v4l2Overlay: {"fmt.win", sV4l2Win}, v4l2OutputOverlay: {"fmt.win", sV4l2Win},
	v4l2Vbi: {"fmt.vbi", sV4l2Vbi}, v4l2VbiOutput: {"fmt.vbi", sV4l2Vbi},
	v4l2Sliced: {"fmt.sliced", sV4l2Sliced}, v4l2SlicedOutput: {"fmt.sliced", sV4l2Sliced},
	v4l2Planes: {"fmt.pix_mp", sV4l2PixMp}, v4l2OutputPlanes: {"fmt.pix_mp", sV4l2PixMp},
	11: {"fmt.sdr", sV4l2Sdr}, 12: {"fmt.sdr", sV4l2Sdr},
	13: {"fmt.meta", sV4l2Meta}, 14: {"fmt.meta", sV4l2Meta},
}

const (
	v4l2Capture       = 1
	v4l2Output        = 2
	v4l2Overlay       = 3
	v4l2Vbi           = 4
	v4l2VbiOutput     = 5
	v4l2Sliced        = 6
	v4l2SlicedOutput  = 7
	v4l2OutputOverlay = 8
	v4l2Planes        = 9
	v4l2OutputPlanes  = 10
)

// The union begins at offset 8.
var (
	sV4l2Pix = []text.Field{{Kind: text.At, Arg: 8}, {Name: "width", Kind: text.U32}, {Name: "height", Kind: text.U32}, {Name: "pixelformat", Kind: text.Fourcc, Arg: names.V4l2Pix}, {Name: "field", Kind: text.V32, Arg: names.V4l2Field},
		{Name: "bytesperline", Kind: text.U32}, {Name: "sizeimage", Kind: text.U32}, {Name: "colorspace", Kind: text.V32, Arg: names.V4l2Colorspace}}
	sV4l2PixMp = []text.Field{{Kind: text.At, Arg: 8}, {Name: "width", Kind: text.U32}, {Name: "height", Kind: text.U32}, {Name: "pixelformat", Kind: text.Fourcc, Arg: names.V4l2Pix}, {Name: "field", Kind: text.V32, Arg: names.V4l2Field},
		{Name: "colorspace", Kind: text.V32, Arg: names.V4l2Colorspace}}
	sV4l2PixMpEnd = []text.Field{{Kind: text.At, Arg: 188}, {Name: "num_planes", Kind: text.U8}}
	sV4l2Plane    = []text.Field{{Name: "sizeimage", Kind: text.U32}, {Name: "bytesperline", Kind: text.U32}}
	sV4l2Win      = []text.Field{{Kind: text.At, Arg: 8}, {Name: "w", Kind: text.Rect}, {Name: "field", Kind: text.V32, Arg: names.V4l2Field}, {Name: "chromakey", Kind: text.X32}}
	sV4l2WinEnd   = []text.Field{{Kind: text.At, Arg: 40}, {Name: "clipcount", Kind: text.U32}, {Name: "bitmap", Kind: text.Ptr}, {Kind: text.Nonzero}, {Name: "global_alpha", Kind: text.X8}}
	sV4l2Vbi      = []text.Field{{Kind: text.At, Arg: 8}, {Name: "sampling_rate", Kind: text.U32}, {Name: "offset", Kind: text.U32}, {Name: "samples_per_line", Kind: text.U32},
		{Name: "sample_format", Kind: text.Fourcc, Arg: names.V4l2Pix}}
	sV4l2VbiEnd    = []text.Field{{Kind: text.At, Arg: 40}, {Name: "flags", Kind: text.F32, Arg: names.V4l2Vbi}}
	sV4l2Sliced    = []text.Field{{Kind: text.At, Arg: 8}, {Name: "service_set", Kind: text.F16, Arg: names.V4l2Sliced}}
	sV4l2SlicedEnd = []text.Field{{Kind: text.At, Arg: 108}, {Name: "io_size", Kind: text.U32}}
	sV4l2Sdr       = []text.Field{{Kind: text.At, Arg: 8}, {Name: "pixelformat", Kind: text.Fourcc, Arg: names.V4l2Sdr}, {Kind: text.Nonzero}, {Name: "buffersize", Kind: text.U32}}
	sV4l2Meta      = []text.Field{{Kind: text.At, Arg: 8}, {Name: "dataformat", Kind: text.Fourcc, Arg: names.V4l2Meta}, {Name: "buffersize", Kind: text.U32}}
)

// v4l2Format prints delim and the member of the struct v4l2_format at v that
// its type names. It says whether there is one, and all of it was shown.
//
//go:noinline
func v4l2Format(p *text.Printer, v uint64, delim string) bool {
	w := text.Window{Addr: v, End: v4l2FormatSize}
	t := w.Num(0, 4)
	if t == 0 || t >= uint64(len(v4l2Formats)) {
		return false
	}
	all := true
	p.Str(delim)
	p.Str(v4l2Formats[t].name)
	p.Str("={")
	p.FieldsIn(&w, v4l2Formats[t].s, true)
	switch t {
	case v4l2Overlay, v4l2OutputOverlay:
		all = v4l2Clips(p, w.Num(32, 8), w.Num(40, 4))
		p.FieldsIn(&w, sV4l2WinEnd, false)
	case v4l2Vbi, v4l2VbiOutput:
		v4l2VbiLines(p, &w)
		p.FieldsIn(&w, sV4l2VbiEnd, false)
	case v4l2Sliced, v4l2SlicedOutput:
		v4l2Lines(p, &w)
		p.FieldsIn(&w, sV4l2SlicedEnd, false)
	case v4l2Planes, v4l2OutputPlanes:
		planeFormats(p, v, w.Num(188, 1))
		p.FieldsIn(&w, sV4l2PixMpEnd, false)
	}
	p.Byte('}')
	return all
}

// v4l2Clips prints n structs v4l2_clip and says whether there are any and all
// could be read.
func v4l2Clips(p *text.Printer, addr, n uint64) bool {
	const size = 24
	var clip [size / 4]uint32
	p.Field("clips")
	i := uint64(0)
	for ; p.Each(unsafe.Pointer(&clip), size, addr, i, n); i++ {
		p.Str("{c=")
		p.Rect(clip[0], clip[1], clip[2], clip[3])
		p.Byte('}')
	}
	return n > 0 && (i == n || p.Shortened(addr+i*size, size, i))
}

// planeFormats prints the first n of plane_fmt, of which there are 8.
func planeFormats(p *text.Printer, v, n uint64) {
	const first, size, most = 28, 20, 8
	p.Field("plane_fmt")
	p.Byte('[')
	for i := uint64(0); i < min(n, most); i++ {
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		p.StructAt(v+first+i*size, sV4l2Plane)
	}
	p.Byte(']')
}

// v4l2VbiLines prints start[2] and count[2]; -s does not shorten them.
func v4l2VbiLines(p *text.Printer, w *text.Window) {
	p.Str(", start=[")
	p.Int(text.SignExtend(w.Num(24, 4), 4))
	p.Comma()
	p.Int(text.SignExtend(w.Num(28, 4), 4))
	p.Str("], count=[")
	p.Uint(w.Num(32, 4))
	p.Comma()
	p.Uint(w.Num(36, 4))
	p.Byte(']')
}

// v4l2Lines prints service_lines[2][24]; -s does not shorten them.
func v4l2Lines(p *text.Printer, w *text.Window) {
	const first, fields, lines = 10, 2, 24
	p.Str(", service_lines=[")
	for i := uint64(0); i < fields*lines; i++ {
		switch {
		case i == 0:
			p.Byte('[')
		case i == lines:
			p.Str("], [")
		default:
			p.Comma()
		}
		p.AltHex(w.Num(first+2*i, 2))
	}
	p.Str("]]")
}

var (
	sV4l2Capture = []text.Field{{Kind: text.At, Arg: 4}, {Name: "capability", Kind: text.F32, Arg: names.V4l2ParmCap}, {Name: "capturemode", Kind: text.F32, Arg: names.V4l2ParmMode}, {Name: "timeperframe", Kind: text.Fraction},
		{Name: "extendedmode", Kind: text.X32}, {Name: "readbuffers", Kind: text.U32}}
	sV4l2Output = []text.Field{{Kind: text.At, Arg: 4}, {Name: "capability", Kind: text.F32, Arg: names.V4l2ParmCap}, {Name: "outputmode", Kind: text.F32, Arg: names.V4l2ParmMode}, {Name: "timeperframe", Kind: text.Fraction},
		{Name: "extendedmode", Kind: text.X32}, {Name: "writebuffers", Kind: text.U32}}
)

// v4l2Parm prints delim and the member of the struct v4l2_streamparm at v that
// its type names.
func v4l2Parm(p *text.Printer, v uint64, delim string) {
	const size = 204
	w := text.Window{Addr: v, End: size}
	p.Str(delim)
	if w.Num(0, 4) == v4l2Capture {
		p.Str("parm.capture={")
		p.FieldsIn(&w, sV4l2Capture, true)
	} else {
		p.Str("parm.output={")
		p.FieldsIn(&w, sV4l2Output, true)
	}
	p.Byte('}')
}

var (
	sV4l2Buf     = []text.Field{{Kind: text.At, Arg: 4}, {Name: "type", Kind: text.V32, Arg: names.V4l2BufType}, {Kind: text.At}, {Name: "index", Kind: text.U32}}
	sV4l2BufOut  = []text.Field{{Kind: text.At, Arg: 4}, {Name: "type", Kind: text.V32, Arg: names.V4l2BufType}}
	sV4l2BufMem  = []text.Field{{Kind: text.At, Arg: 60}, {Name: "memory", Kind: text.V32, Arg: names.V4l2Memory}}
	sV4l2BufUsed = []text.Field{{Kind: text.At, Arg: 72}, {Name: "length", Kind: text.U32}, {Kind: text.At, Arg: 8}, {Name: "bytesused", Kind: text.U32}}
)

// v4l2Buffer prints the rest of struct v4l2_buffer; out says that index and
// timestamp come from the kernel, too.
//
//go:noinline
func v4l2Buffer(p *text.Printer, v uint64, out bool) {
	const size, mmap, userptr, timestamp = 88, 1, 2, 24
	w := text.Window{Addr: v, End: size}
	if out {
		p.FieldsIn(&w, sV4l2Index, false)
	}
	p.FieldsIn(&w, sV4l2BufMem, false)
	switch w.Num(60, 4) {
	case mmap:
		p.FieldHex("m.offset", w.Num(64, 4))
	case userptr:
		p.Field("m.userptr")
		p.Ptr(w.Num(64, 8))
	}
	p.FieldsIn(&w, sV4l2BufUsed, false)
	p.Field("flags")
	v4l2BufFlags(p, w.Num(12, 4))
	if out {
		p.Field("timestamp")
		p.Timeval(v + timestamp)
	}
	p.Str(", ...")
}

// v4l2BufFlags prints flags with two numbers among them.
func v4l2BufFlags(p *text.Printer, v uint64) {
	const stamp, source = 0xe000, 0x70000 // V4L2_BUF_FLAG_TIMESTAMP_MASK, V4L2_BUF_FLAG_TSTAMP_SRC_MASK
	if text.Opt.Style == text.StyleRaw {
		p.AltHex(v)
		return
	}
	if rest := v &^ (stamp | source); rest != 0 {
		p.Flags(names.V4l2BufFlag, rest)
		p.Byte('|')
	}
	p.Val(names.V4l2BufStamp, v&stamp)
	p.Byte('|')
	p.Val(names.V4l2BufSource, v&source)
}

var (
	sV4l2FrameType = []text.Field{{Kind: text.At, Arg: 8}, {Name: "type", Kind: text.V32, Arg: names.V4l2FrameSize}}
	sV4l2Discrete  = []text.Field{{Kind: text.At, Arg: 12}, {Name: "discrete", Kind: text.Open}, {Name: "width", Kind: text.U32}, {Name: "height", Kind: text.U32}, {Kind: text.Close}}
	sV4l2Stepwise  = []text.Field{{Kind: text.At, Arg: 12}, {Name: "stepwise", Kind: text.Open}, {Name: "min_width", Kind: text.U32}, {Name: "max_width", Kind: text.U32}, {Name: "step_width", Kind: text.U32},
		{Name: "min_height", Kind: text.U32}, {Name: "max_height", Kind: text.U32}, {Name: "step_height", Kind: text.U32}, {Kind: text.Close}}
	sV4l2IvalType     = []text.Field{{Kind: text.At, Arg: 16}, {Name: "type", Kind: text.V32, Arg: names.V4l2FrameIval}}
	sV4l2IvalDiscrete = []text.Field{{Kind: text.At, Arg: 20}, {Name: "discrete", Kind: text.Fraction}}
	sV4l2IvalStepwise = []text.Field{{Kind: text.At, Arg: 20}, {Name: "stepwise", Kind: text.Open}, {Name: "min", Kind: text.Fraction}, {Name: "max", Kind: text.Fraction}, {Name: "step", Kind: text.Fraction}, {Kind: text.Close}}
)

// enum v4l2_frmsizetypes and v4l2_frmivaltypes.
const (
	v4l2DiscreteFrame   = 1
	v4l2ContinuousFrame = 2
	v4l2StepwiseFrame   = 3
)

// v4l2FrameSize prints the rest of struct v4l2_frmsizeenum.
func v4l2FrameSize(p *text.Printer, v uint64) {
	const size = 44
	w := text.Window{Addr: v, End: size}
	p.FieldsIn(&w, sV4l2FrameType, false)
	switch w.Num(8, 4) {
	case v4l2DiscreteFrame:
		p.FieldsIn(&w, sV4l2Discrete, false)
	case v4l2StepwiseFrame:
		p.FieldsIn(&w, sV4l2Stepwise, false)
	}
}

// v4l2FrameInterval prints the rest of struct v4l2_frmivalenum.
func v4l2FrameInterval(p *text.Printer, v uint64) {
	const size = 52
	w := text.Window{Addr: v, End: size}
	p.FieldsIn(&w, sV4l2IvalType, false)
	switch w.Num(16, 4) {
	case v4l2DiscreteFrame:
		p.FieldsIn(&w, sV4l2IvalDiscrete, false)
	case v4l2ContinuousFrame, v4l2StepwiseFrame:
		p.FieldsIn(&w, sV4l2IvalStepwise, false)
	}
}
