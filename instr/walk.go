package instr

// pending is a candidate of the current batch.
type pending struct {
	off     int // in the text
	at      int // in the function
	lead    int // offset in the function behind the last instruction before it that ends a run
	kind    Class
	prefix  uint8
	reason  Reason
	source  Source
	reached bool  // directly, from the start of the function or by a branch to lead or behind
	before  uint8 // bytes of the instruction before it, 0 if that is not known
	inside  bool  // a direct branch leads into that instruction
	starts  starts
}

// starts are the instructions that begin in the 128 bytes up to an offset, one bit for each byte,
// that at the offset in bit 0 of the first word.
type starts [2]uint64

// advance moves the offset by n bytes, to the start of an instruction; n is at most MaxLen.
func (s *starts) advance(n uint) {
	s[1] = s[1]<<(n&63) | s[0]>>((64-n)&63)
	s[0] = s[0]<<(n&63) | 1
}

// has reports whether an instruction begins d bytes before the offset.
func (s *starts) has(d int) bool {
	return uint(d) < 128 && s[uint(d)>>6&1]>>(uint(d)&63)&1 != 0
}

// walk is the progress of decoding through one function.
type walk struct {
	cur     int // offset of the next instruction
	prev    int // of the one before it
	lead    int // offset behind the last instruction that ends flow
	batches int
	vendor  bool // a length before cur depends on the vendor
	broken  bool // nothing decodes at cur
	starts  starts

	// targets are those of the direct branches before cur, unless there are more than it holds.
	targets [maxTargets]int32
	known   int
	more    bool
}

// maxTargets is more than the branches before the last candidate of nearly all functions.
const maxTargets = 96

// begin starts over at the beginning of a function.
func (w *walk) begin() {
	w.cur, w.prev, w.lead, w.batches = 0, 0, 0, 0
	w.vendor, w.broken, w.more = false, false, false
	w.known = 0
	w.starts = starts{1}
}

// note remembers the target of the branch at offset p of code, n bytes long.
func (w *walk) note(code []byte, p, n int) {
	t := target(code, p, n)
	switch {
	case t < 0 || w.known > 0 && w.targets[w.known-1] == int32(t):
	case w.known == len(w.targets):
		w.more = true
	default:
		w.targets[w.known] = int32(t)
		w.known++
	}
}

// target returns the offset in code that the branch at offset p, n bytes long, leads to, or -1
// if it is indirect or leads elsewhere.
func target(code []byte, p, n int) int {
	t := p + n
	switch b := code[p]; {
	case b == 0xeb, b&0xf0 == 0x70:
		t += int(int8(code[t-1]))
	case b == 0xe9, b == 0x0f:
		t += int(int32(le32(code[t-4:])))
	default:
		var in Inst
		if Decode(code[p:], &in); !in.HasTarget {
			return -1
		}
		t += int(in.Rel)
	}
	if t >= len(code) {
		return -1
	}
	return max(t, -1)
}

// window is how many bytes before a candidate a branch target is followed. Decoding from a wrong
// offset falls into step within a few instructions, so farther targets cannot tell.
const window = 128

// settle decides on the candidates of batch, in ascending order, all in code.
func (w *walk) settle(code []byte, batch []pending) {
	open := false
	for i := range batch {
		p := &batch[i]
		if w.batches > maxBatches {
			p.prefix, p.reason = 0, TooMany
			continue
		}
		p.prefix, p.reason = w.reach(code, p.at)
		p.lead = w.lead
		p.reached = w.lead == 0
		p.before = uint8(w.cur - w.prev)
		p.starts = w.starts
		open = open || p.reason == Accepted
	}
	if !open {
		return
	}
	if w.more {
		branches(code, 0, batch)
	} else {
		for _, t := range w.targets[:w.known] {
			weigh(code, int(t), batch)
		}
		if !w.broken {
			branches(code, w.cur, batch)
		}
	}
	for i := range batch {
		if p := &batch[i]; p.reason == Accepted && !p.reached && !plausible(code, p) {
			p.reason = Unreachable
		}
	}
}

// plausible reports whether what leads to the candidate p, since the last instruction that ends
// flow, looks like a system call and not like data.
func plausible(code []byte, p *pending) bool {
	c := converge(code, p.lead, p.at)
	return c.reached && (c.sign || comparesError(code, p.at+2))
}

// reach decodes up to the candidate at offset at and judges it by the instruction that covers it.
func (w *walk) reach(code []byte, at int) (prefix uint8, r Reason) {
	for !w.broken {
		s := step(code[w.cur:])
		n := s.length()
		if n == 0 || w.cur+n > at {
			return w.judge(code, at)
		}
		c := s.class()
		if c == Jump || c == CondJump {
			w.note(code, w.cur, n)
		}
		w.prev = w.cur
		w.cur += n
		w.starts.advance(uint(n))
		w.vendor = w.vendor || s.vendor()
		if endsRun(c) {
			w.lead = w.cur
		}
	}
	return 0, Undecodable
}

// endsRun is Class.EndsFlow without ud2, which may be a site that was patched earlier.
func endsRun(c Class) bool { return c != UD2 && c.EndsFlow() }

// judge judges the candidate at offset at by the instruction at w.cur, which covers it unless it
// does not decode.
func (w *walk) judge(code []byte, at int) (prefix uint8, r Reason) {
	var in Inst
	switch Decode(code[w.cur:], &in) {
	case OK:
	case Truncated:
		w.broken = true
		return 0, FunctionEnd
	default:
		w.broken = true
		return 0, Undecodable
	}
	d := uint8(at - w.cur)
	switch {
	case d == in.PrefixLen && isEntry(in.Class):
		if w.vendor {
			return 0, Vendor
		}
		if !decodesFrom(code, w.cur+int(in.Len)) {
			return 0, Undecodable
		}
		return d, Accepted
	case in.ImmLen != 0 && d >= in.ImmOff:
		return 0, InImmediate
	case in.DispLen != 0 && d >= in.DispOff:
		return 0, InDisplacement
	case in.HasModRM && d >= in.ModRMOff:
		return 0, InModRM
	}
	return 0, InOpcode
}

// isEntry reports whether c is one of the instructions that candidates may be.
func isEntry(c Class) bool { return c == Syscall || c == Sysenter || c == Int80 }

// behind is how many instructions behind a candidate must decode.
const behind = 4

// decodesFrom reports whether a few instructions decode at offset p, or code ends between them.
func decodesFrom(code []byte, p int) bool {
	for i := 0; i < behind && p < len(code); i++ {
		n := Length(code[p:])
		if n == 0 {
			return false
		}
		p += n
	}
	return true
}

// branches goes through code from offset p on, up to what does not decode, and takes every direct
// branch as evidence for and against the candidates of batch.
func branches(code []byte, p int, batch []pending) {
	for p < len(code) {
		s := step(code[p:])
		if s == 0 {
			break
		}
		if c := s.class(); c == Jump || c == CondJump {
			if t := target(code, p, s.length()); t >= 0 {
				weigh(code, t, batch)
			}
		}
		p += s.length()
	}
}

// reaches reports whether decoding from offset p reaches the candidate at offset at: it is
// converge(code, p, at).reached without the rest.
func reaches(code []byte, p, at int) bool {
	for p <= at {
		n := step(code[p:]).length()
		if n == 0 {
			return false
		}
		if p+n > at {
			var in Inst
			Decode(code[p:], &in)
			return p+int(in.PrefixLen) == at && isEntry(in.Class)
		}
		p += n
	}
	return false
}

// weigh takes a branch to offset t as evidence.
func weigh(code []byte, t int, batch []pending) {
	for i := range batch {
		p := &batch[i]
		if p.reason != Accepted || t > p.at+1 {
			continue
		}
		if start := p.at - int(p.prefix); t < start && t > start-int(p.before) {
			p.inside = true
		}
		if t >= p.at-window {
			// From an instruction on the way to the candidate there is no other way.
			if !p.starts.has(p.at-int(p.prefix)-t) && !reaches(code, t, p.at) {
				p.reason = Overlap
				continue
			}
			p.reached = p.reached || t >= p.lead
		} else if t >= p.lead {
			p.reached = true
		}
	}
}
