package common

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
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

// PerfAttrArg prints the attributes of perf_event_open(2), which says in them
// how large they may be if they are too large.
func PerfAttrArg(p *text.Printer, addr uint64) text.Step {
	if !p.Exit {
		var n uint32
		if !text.Peek(unsafe.Pointer(&n), 4, addr+4) {
			p.Ptr(addr)
			return text.Next
		}
		p.Saved[0] = uint64(n)
		return text.Wait
	}
	PerfAttr(p, addr, uint32(p.Saved[0]))
	return text.Next
}

// PerfAttr prints struct perf_event_attr whose size field is, or was, size.
func PerfAttr(p *text.Printer, addr uint64, size uint32) {
	n := uint64(size)
	if n == 0 {
		n = perfSize0
	}
	n = min(n, perfSizeFull)
	if n < perfSize0 {
		p.Ptr(addr)
		return
	}
	if !p.Full() {
		n = perfShort
	}
	if !text.Readable(addr, n) {
		p.Ptr(addr)
		return
	}
	w := text.Window{Addr: addr, End: n}
	kind := w.Num(0, 4)
	bits := w.Num(40, 8)
	p.Str("{type=")
	p.Val(names.PerfType, kind)
	p.Field("size")
	p.Val(names.PerfSize, uint64(size))
	if p.Exit && p.C.Errno() == int(unix.E2BIG) {
		p.Str(" => ")
		p.Val(names.PerfSize, w.Num(4, 4))
	}
	p.Field("config")
	perfConfig(p, kind, w.Num(8, 8))
	if bits>>10&1 != 0 {
		p.FieldUint("sample_freq", w.Num(16, 8))
	} else {
		p.FieldUint("sample_period", w.Num(16, 8))
	}
	p.Field("sample_type")
	p.Flags(names.PerfSample, w.Num(24, 8))
	p.Field("read_format")
	p.Flags(names.PerfFormat, w.Num(32, 8))
	perfBitNames(p, bits)
	if p.Full() {
		perfMore(p, &w, kind, bits)
	}
	if size != 0 && uint64(size) > n || size == 0 && n < perfSize0 {
		p.Str(", ...")
	}
	p.Byte('}')
}

func perfBitNames(p *text.Printer, bits uint64) {
	const precise = 15
	for i := range perfBits {
		switch v := bits >> i & 1; {
		case i == precise:
			v = bits >> i & 3
			p.FieldUint(perfBits[i], v)
			p.Comment(preciseIP[v])
		case perfBits[i] != "" && (p.Full() || v != 0):
			p.FieldUint(perfBits[i], v)
		}
	}
	if rest := bits >> len(perfBits); rest != 0 {
		p.FieldHex("__reserved_1", rest)
		p.Comment("Bits 63..38")
	}
}

// perfConfig prints what is counted, which depends on the type.
func perfConfig(p *text.Printer, kind, v uint64) {
	switch kind {
	case unix.PERF_TYPE_HARDWARE:
		upper(p, v>>32, 32)
		p.Val(names.PerfHw, v&0xffffffff)
	case unix.PERF_TYPE_SOFTWARE:
		p.Val(names.PerfSw, v)
	case unix.PERF_TYPE_TRACEPOINT:
		p.Uint(v)
	case unix.PERF_TYPE_HW_CACHE:
		upper(p, v>>32, 32)
		upper(p, v&0xffffffff>>24, 24)
		p.Val(names.PerfCacheResult, v>>16&0xff)
		p.Str("<<16|")
		p.Val(names.PerfCacheOp, v>>8&0xff)
		p.Str("<<8|")
		p.Val(names.PerfCache, v&0xff)
	default:
		p.AltHex(v)
	}
}

// upper prints "v<<n|" if v is not 0.
func upper(p *text.Printer, v, n uint64) {
	if v == 0 {
		return
	}
	p.AltHex(v)
	p.Str("<<")
	p.Uint(n)
	p.Byte('|')
}

// perfMore prints the members that need not all be there. One that begins in
// the structure is shown, as the kernel takes what is behind its end for 0.
func perfMore(p *text.Printer, w *text.Window, kind, bits uint64) {
	const branchStack, stackUser = 1 << 11, 1 << 13 // PERF_SAMPLE_BRANCH_STACK, PERF_SAMPLE_STACK_USER
	breakpoint := kind == unix.PERF_TYPE_BREAKPOINT
	sample := w.Num(24, 8)
	if bits>>14&1 != 0 {
		p.FieldUint("wakeup_watermark", w.Num(48, 4))
	} else {
		p.FieldUint("wakeup_events", w.Num(48, 4))
	}
	if breakpoint {
		p.Field("bp_type")
		t := w.Num(52, 4)
		s := names.Tables[names.HwBp].Unknown.String()
		if t <= 7 { // HW_BREAKPOINT_X | HW_BREAKPOINT_RW
			s = "HW_BREAKPOINT_INVALID"
		}
		p.Constant(t, text.NameOf(names.HwBp, t), s, text.Hexadecimal)
		p.FieldHex("bp_addr", w.Num(56, 8))
	} else {
		p.FieldHex("config1", w.Num(56, 8))
	}
	if w.End <= 64 {
		return
	}
	if breakpoint {
		p.FieldUint("bp_len", w.Num(64, 8))
	} else {
		p.FieldHex("config2", w.Num(64, 8))
	}
	if w.End > 72 && sample&branchStack != 0 {
		p.Field("branch_sample_type")
		p.Flags(names.PerfBranch, w.Num(72, 8))
	}
	if w.End <= 80 {
		return
	}
	p.FieldHex("sample_regs_user", w.Num(80, 8))
	if w.End <= 88 {
		return
	}
	if sample&stackUser != 0 {
		p.FieldHex("sample_stack_user", w.Num(88, 4))
	}
	if bits>>25&1 != 0 {
		if w.End <= 92 {
			return
		}
		p.Field("clockid")
		p.Val(names.Clock, w.Num(92, 4))
	}
	if w.End > 96 {
		p.FieldHex("sample_regs_intr", w.Num(96, 8))
	}
	if w.End > 104 {
		p.FieldUint("aux_watermark", w.Num(104, 4))
	}
	if w.End > 108 {
		p.FieldUint("sample_max_stack", w.Num(108, 2))
	}
	if v := w.Num(110, 2); w.End > 110 && v != 0 {
		p.Str(" /* bytes 110..111: ")
		p.AltHex(v)
		p.Str(" */")
	}
	if w.End > 112 {
		p.FieldUint("aux_sample_size", w.Num(112, 4))
	}
	if v := w.Num(116, 4); w.End > 116 && v != 0 {
		p.Str(" /* bytes 116..119: ")
		p.AltHex(v)
		p.Str(" */")
	}
	if w.End > 120 {
		p.FieldHex("sig_data", w.Num(120, 8))
	}
}
