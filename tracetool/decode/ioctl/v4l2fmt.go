package tracetool

import "unsafe"

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
	s    []field
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
	sV4l2Pix = []field{{"", fAt, 8}, {"width", fU32, 0}, {"height", fU32, 0}, {"pixelformat", fFourcc, xV4l2Pix}, {"field", fV32, xV4l2Field},
		{"bytesperline", fU32, 0}, {"sizeimage", fU32, 0}, {"colorspace", fV32, xV4l2Colorspace}}
	sV4l2PixMp = []field{{"", fAt, 8}, {"width", fU32, 0}, {"height", fU32, 0}, {"pixelformat", fFourcc, xV4l2Pix}, {"field", fV32, xV4l2Field},
		{"colorspace", fV32, xV4l2Colorspace}}
	sV4l2PixMpEnd = []field{{"", fAt, 188}, {"num_planes", fU8, 0}}
	sV4l2Plane    = []field{{"sizeimage", fU32, 0}, {"bytesperline", fU32, 0}}
	sV4l2Win      = []field{{"", fAt, 8}, {"w", fRect, 0}, {"field", fV32, xV4l2Field}, {"chromakey", fX32, 0}}
	sV4l2WinEnd   = []field{{"", fAt, 40}, {"clipcount", fU32, 0}, {"bitmap", fPtr, 0}, {"", fNonzero, 0}, {"global_alpha", fX8, 0}}
	sV4l2Vbi      = []field{{"", fAt, 8}, {"sampling_rate", fU32, 0}, {"offset", fU32, 0}, {"samples_per_line", fU32, 0},
		{"sample_format", fFourcc, xV4l2Pix}}
	sV4l2VbiEnd    = []field{{"", fAt, 40}, {"flags", fF32, xV4l2Vbi}}
	sV4l2Sliced    = []field{{"", fAt, 8}, {"service_set", fF16, xV4l2Sliced}}
	sV4l2SlicedEnd = []field{{"", fAt, 108}, {"io_size", fU32, 0}}
	sV4l2Sdr       = []field{{"", fAt, 8}, {"pixelformat", fFourcc, xV4l2Sdr}, {"", fNonzero, 0}, {"buffersize", fU32, 0}}
	sV4l2Meta      = []field{{"", fAt, 8}, {"dataformat", fFourcc, xV4l2Meta}, {"buffersize", fU32, 0}}
)

// v4l2Format prints delim and the member of the struct v4l2_format at v that
// its type names. It says whether there is one, and all of it was shown.
//
//go:noinline
func (p *printer) v4l2Format(v uint64, delim string) bool {
	w := window{addr: v, end: v4l2FormatSize}
	t := w.num(0, 4)
	if t == 0 || t >= uint64(len(v4l2Formats)) {
		return false
	}
	all := true
	p.Str(delim)
	p.Str(v4l2Formats[t].name)
	p.Str("={")
	p.fieldsIn(&w, v4l2Formats[t].s, true)
	switch t {
	case v4l2Overlay, v4l2OutputOverlay:
		all = p.v4l2Clips(w.num(32, 8), w.num(40, 4))
		p.fieldsIn(&w, sV4l2WinEnd, false)
	case v4l2Vbi, v4l2VbiOutput:
		p.v4l2VbiLines(&w)
		p.fieldsIn(&w, sV4l2VbiEnd, false)
	case v4l2Sliced, v4l2SlicedOutput:
		p.v4l2Lines(&w)
		p.fieldsIn(&w, sV4l2SlicedEnd, false)
	case v4l2Planes, v4l2OutputPlanes:
		p.planeFormats(v, w.num(188, 1))
		p.fieldsIn(&w, sV4l2PixMpEnd, false)
	}
	p.Byte('}')
	return all
}

// v4l2Clips prints n structs v4l2_clip and says whether there are any and all
// could be read.
func (p *printer) v4l2Clips(addr, n uint64) bool {
	const size = 24
	var clip [size / 4]uint32
	p.field("clips")
	i := uint64(0)
	for ; p.each(unsafe.Pointer(&clip), size, addr, i, n); i++ {
		p.Str("{c=")
		p.rect(clip[0], clip[1], clip[2], clip[3])
		p.Byte('}')
	}
	return n > 0 && (i == n || p.shortened(addr+i*size, size, i))
}

// planeFormats prints the first n of plane_fmt, of which there are 8.
func (p *printer) planeFormats(v, n uint64) {
	const first, size, most = 28, 20, 8
	p.field("plane_fmt")
	p.Byte('[')
	for i := uint64(0); i < min(n, most); i++ {
		if i > 0 {
			p.comma()
		}
		if i >= look.strLen && !p.full() {
			p.Str("...")
			break
		}
		p.structAt(v+first+i*size, sV4l2Plane)
	}
	p.Byte(']')
}

// v4l2VbiLines prints start[2] and count[2]; -s does not shorten them.
func (p *printer) v4l2VbiLines(w *window) {
	p.Str(", start=[")
	p.Int(signed(w.num(24, 4), 4))
	p.comma()
	p.Int(signed(w.num(28, 4), 4))
	p.Str("], count=[")
	p.Uint(w.num(32, 4))
	p.comma()
	p.Uint(w.num(36, 4))
	p.Byte(']')
}

// v4l2Lines prints service_lines[2][24]; -s does not shorten them.
func (p *printer) v4l2Lines(w *window) {
	const first, fields, lines = 10, 2, 24
	p.Str(", service_lines=[")
	for i := uint64(0); i < fields*lines; i++ {
		switch {
		case i == 0:
			p.Byte('[')
		case i == lines:
			p.Str("], [")
		default:
			p.comma()
		}
		p.hex(w.num(first+2*i, 2))
	}
	p.Str("]]")
}

var (
	sV4l2Capture = []field{{"", fAt, 4}, {"capability", fF32, xV4l2ParmCap}, {"capturemode", fF32, xV4l2ParmMode}, {"timeperframe", fFraction, 0},
		{"extendedmode", fX32, 0}, {"readbuffers", fU32, 0}}
	sV4l2Output = []field{{"", fAt, 4}, {"capability", fF32, xV4l2ParmCap}, {"outputmode", fF32, xV4l2ParmMode}, {"timeperframe", fFraction, 0},
		{"extendedmode", fX32, 0}, {"writebuffers", fU32, 0}}
)

// v4l2Parm prints delim and the member of the struct v4l2_streamparm at v that
// its type names.
func (p *printer) v4l2Parm(v uint64, delim string) {
	const size = 204
	w := window{addr: v, end: size}
	p.Str(delim)
	if w.num(0, 4) == v4l2Capture {
		p.Str("parm.capture={")
		p.fieldsIn(&w, sV4l2Capture, true)
	} else {
		p.Str("parm.output={")
		p.fieldsIn(&w, sV4l2Output, true)
	}
	p.Byte('}')
}

var (
	sV4l2Buf     = []field{{"", fAt, 4}, {"type", fV32, xV4l2BufType}, {"", fAt, 0}, {"index", fU32, 0}}
	sV4l2BufOut  = []field{{"", fAt, 4}, {"type", fV32, xV4l2BufType}}
	sV4l2BufMem  = []field{{"", fAt, 60}, {"memory", fV32, xV4l2Memory}}
	sV4l2BufUsed = []field{{"", fAt, 72}, {"length", fU32, 0}, {"", fAt, 8}, {"bytesused", fU32, 0}}
)

// v4l2Buffer prints the rest of struct v4l2_buffer; out says that index and
// timestamp come from the kernel, too.
//
//go:noinline
func (p *printer) v4l2Buffer(v uint64, out bool) {
	const size, mmap, userptr, timestamp = 88, 1, 2, 24
	w := window{addr: v, end: size}
	if out {
		p.fieldsIn(&w, sV4l2Index, false)
	}
	p.fieldsIn(&w, sV4l2BufMem, false)
	switch w.num(60, 4) {
	case mmap:
		p.fieldHex("m.offset", w.num(64, 4))
	case userptr:
		p.field("m.userptr")
		p.ptr(w.num(64, 8))
	}
	p.fieldsIn(&w, sV4l2BufUsed, false)
	p.field("flags")
	p.v4l2BufFlags(w.num(12, 4))
	if out {
		p.field("timestamp")
		p.timeval(v + timestamp)
	}
	p.Str(", ...")
}

// v4l2BufFlags prints flags with two numbers among them.
func (p *printer) v4l2BufFlags(v uint64) {
	const stamp, source = 0xe000, 0x70000 // V4L2_BUF_FLAG_TIMESTAMP_MASK, V4L2_BUF_FLAG_TSTAMP_SRC_MASK
	if look.xlat == xlatRaw {
		p.hex(v)
		return
	}
	if rest := v &^ (stamp | source); rest != 0 {
		p.flags(xV4l2BufFlag, rest)
		p.Byte('|')
	}
	p.val(xV4l2BufStamp, v&stamp)
	p.Byte('|')
	p.val(xV4l2BufSource, v&source)
}

var (
	sV4l2FrameType = []field{{"", fAt, 8}, {"type", fV32, xV4l2FrameSize}}
	sV4l2Discrete  = []field{{"", fAt, 12}, {"discrete", fOpen, 0}, {"width", fU32, 0}, {"height", fU32, 0}, {"", fClose, 0}}
	sV4l2Stepwise  = []field{{"", fAt, 12}, {"stepwise", fOpen, 0}, {"min_width", fU32, 0}, {"max_width", fU32, 0}, {"step_width", fU32, 0},
		{"min_height", fU32, 0}, {"max_height", fU32, 0}, {"step_height", fU32, 0}, {"", fClose, 0}}
	sV4l2IvalType     = []field{{"", fAt, 16}, {"type", fV32, xV4l2FrameIval}}
	sV4l2IvalDiscrete = []field{{"", fAt, 20}, {"discrete", fFraction, 0}}
	sV4l2IvalStepwise = []field{{"", fAt, 20}, {"stepwise", fOpen, 0}, {"min", fFraction, 0}, {"max", fFraction, 0}, {"step", fFraction, 0}, {"", fClose, 0}}
)

// enum v4l2_frmsizetypes and v4l2_frmivaltypes.
const (
	v4l2DiscreteFrame   = 1
	v4l2ContinuousFrame = 2
	v4l2StepwiseFrame   = 3
)

// v4l2FrameSize prints the rest of struct v4l2_frmsizeenum.
func (p *printer) v4l2FrameSize(v uint64) {
	const size = 44
	w := window{addr: v, end: size}
	p.fieldsIn(&w, sV4l2FrameType, false)
	switch w.num(8, 4) {
	case v4l2DiscreteFrame:
		p.fieldsIn(&w, sV4l2Discrete, false)
	case v4l2StepwiseFrame:
		p.fieldsIn(&w, sV4l2Stepwise, false)
	}
}

// v4l2FrameInterval prints the rest of struct v4l2_frmivalenum.
func (p *printer) v4l2FrameInterval(v uint64) {
	const size = 52
	w := window{addr: v, end: size}
	p.fieldsIn(&w, sV4l2IvalType, false)
	switch w.num(16, 4) {
	case v4l2DiscreteFrame:
		p.fieldsIn(&w, sV4l2IvalDiscrete, false)
	case v4l2ContinuousFrame, v4l2StepwiseFrame:
		p.fieldsIn(&w, sV4l2IvalStepwise, false)
	}
}
