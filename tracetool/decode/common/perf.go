package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	perfSize0    = 64  // PERF_ATTR_SIZE_VER0
	perfSizeFull = 128 // PERF_ATTR_SIZE_VER7
	perfShort    = 48  // what is shown without -v
)

// perfBits are the bits of struct perf_event_attr at offset 40, but for the two
// of precise_ip (linux/perf_event.h).
var perfBits = [...]string{"disabled", "inherit", "pinned", "exclusive", "exclude_user", "exclude_kernel", "exclude_hv", "exclude_idle", "mmap",
	"comm", "freq", "inherit_stat", "enable_on_exec", "task", "watermark", "precise_ip", "", "mmap_data", "sample_id_all", "exclude_host",
	"exclude_guest", "exclude_callchain_kernel", "exclude_callchain_user", "mmap2", "comm_exec", "use_clockid", "context_switch",
	"write_backward", "namespaces", "ksymbol", "bpf_event", "aux_output", "cgroup", "text_poke", "build_id", "inherit_thread",
	"remove_on_exec", "sigtrap"}

var preciseIP = [...]string{"arbitrary skid", "constant skid", "requested to have 0 skid", "must have 0 skid"}

// perfAttrArg prints the attributes of perf_event_open(2), which says in them
// how large they may be if they are too large.
func (p *printer) perfAttrArg(addr uint64) step {
	if !p.exit {
		var n uint32
		if !peek(unsafe.Pointer(&n), 4, addr+4) {
			p.ptr(addr)
			return next
		}
		p.saved[0] = uint64(n)
		return wait
	}
	p.perfAttr(addr, uint32(p.saved[0]))
	return next
}

// perfAttr prints struct perf_event_attr whose size field is, or was, size.
func (p *printer) perfAttr(addr uint64, size uint32) {
	n := uint64(size)
	if n == 0 {
		n = perfSize0
	}
	n = min(n, perfSizeFull)
	if n < perfSize0 {
		p.ptr(addr)
		return
	}
	if !p.full() {
		n = perfShort
	}
	if !readable(addr, n) {
		p.ptr(addr)
		return
	}
	w := window{addr: addr, end: n}
	kind := w.num(0, 4)
	bits := w.num(40, 8)
	p.Str("{type=")
	p.val(xPerfType, kind)
	p.field("size")
	p.val(xPerfSize, uint64(size))
	if p.exit && p.c.Errno() == int(unix.E2BIG) {
		p.Str(" => ")
		p.val(xPerfSize, w.num(4, 4))
	}
	p.field("config")
	p.perfConfig(kind, w.num(8, 8))
	if bits>>10&1 != 0 {
		p.fieldUint("sample_freq", w.num(16, 8))
	} else {
		p.fieldUint("sample_period", w.num(16, 8))
	}
	p.field("sample_type")
	p.flags(xPerfSample, w.num(24, 8))
	p.field("read_format")
	p.flags(xPerfFormat, w.num(32, 8))
	p.perfBitNames(bits)
	if p.full() {
		p.perfMore(&w, kind, bits)
	}
	if size != 0 && uint64(size) > n || size == 0 && n < perfSize0 {
		p.Str(", ...")
	}
	p.Byte('}')
}

func (p *printer) perfBitNames(bits uint64) {
	const precise = 15
	for i := range perfBits {
		switch v := bits >> i & 1; {
		case i == precise:
			v = bits >> i & 3
			p.fieldUint(perfBits[i], v)
			p.comment(preciseIP[v])
		case perfBits[i] != "" && (p.full() || v != 0):
			p.fieldUint(perfBits[i], v)
		}
	}
	if rest := bits >> len(perfBits); rest != 0 {
		p.fieldHex("__reserved_1", rest)
		p.comment("Bits 63..38")
	}
}

// perfConfig prints what is counted, which depends on the type.
func (p *printer) perfConfig(kind, v uint64) {
	switch kind {
	case unix.PERF_TYPE_HARDWARE:
		p.upper(v>>32, 32)
		p.val(xPerfHw, v&0xffffffff)
	case unix.PERF_TYPE_SOFTWARE:
		p.val(xPerfSw, v)
	case unix.PERF_TYPE_TRACEPOINT:
		p.Uint(v)
	case unix.PERF_TYPE_HW_CACHE:
		p.upper(v>>32, 32)
		p.upper(v&0xffffffff>>24, 24)
		p.val(xPerfCacheResult, v>>16&0xff)
		p.Str("<<16|")
		p.val(xPerfCacheOp, v>>8&0xff)
		p.Str("<<8|")
		p.val(xPerfCache, v&0xff)
	default:
		p.hex(v)
	}
}

// upper prints "v<<n|" if v is not 0.
func (p *printer) upper(v, n uint64) {
	if v == 0 {
		return
	}
	p.hex(v)
	p.Str("<<")
	p.Uint(n)
	p.Byte('|')
}

// perfMore prints the members that need not all be there. One that begins in
// the structure is shown, as the kernel takes what is behind its end for 0.
func (p *printer) perfMore(w *window, kind, bits uint64) {
	const branchStack, stackUser = 1 << 11, 1 << 13 // PERF_SAMPLE_BRANCH_STACK, PERF_SAMPLE_STACK_USER
	breakpoint := kind == unix.PERF_TYPE_BREAKPOINT
	sample := w.num(24, 8)
	if bits>>14&1 != 0 {
		p.fieldUint("wakeup_watermark", w.num(48, 4))
	} else {
		p.fieldUint("wakeup_events", w.num(48, 4))
	}
	if breakpoint {
		p.field("bp_type")
		t := w.num(52, 4)
		s := xtabs[xHwBp].dflt
		if t <= 7 { // HW_BREAKPOINT_X | HW_BREAKPOINT_RW
			s = "HW_BREAKPOINT_INVALID"
		}
		p.constant(t, name(xHwBp, t), s, hexBase)
		p.fieldHex("bp_addr", w.num(56, 8))
	} else {
		p.fieldHex("config1", w.num(56, 8))
	}
	if w.end <= 64 {
		return
	}
	if breakpoint {
		p.fieldUint("bp_len", w.num(64, 8))
	} else {
		p.fieldHex("config2", w.num(64, 8))
	}
	if w.end > 72 && sample&branchStack != 0 {
		p.field("branch_sample_type")
		p.flags(xPerfBranch, w.num(72, 8))
	}
	if w.end <= 80 {
		return
	}
	p.fieldHex("sample_regs_user", w.num(80, 8))
	if w.end <= 88 {
		return
	}
	if sample&stackUser != 0 {
		p.fieldHex("sample_stack_user", w.num(88, 4))
	}
	if bits>>25&1 != 0 {
		if w.end <= 92 {
			return
		}
		p.field("clockid")
		p.val(xClock, w.num(92, 4))
	}
	if w.end > 96 {
		p.fieldHex("sample_regs_intr", w.num(96, 8))
	}
	if w.end > 104 {
		p.fieldUint("aux_watermark", w.num(104, 4))
	}
	if w.end > 108 {
		p.fieldUint("sample_max_stack", w.num(108, 2))
	}
	if v := w.num(110, 2); w.end > 110 && v != 0 {
		p.Str(" /* bytes 110..111: ")
		p.hex(v)
		p.Str(" */")
	}
	if w.end > 112 {
		p.fieldUint("aux_sample_size", w.num(112, 4))
	}
	if v := w.num(116, 4); w.end > 116 && v != 0 {
		p.Str(" /* bytes 116..119: ")
		p.hex(v)
		p.Str(" */")
	}
	if w.end > 120 {
		p.fieldHex("sig_data", w.num(120, 8))
	}
}
