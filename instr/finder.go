package instr

// Finder iterates over the candidates of one piece of text, in ascending order, and decides for
// each whether it is an instruction.
//
// In a function with known bounds it is one when all of this holds:
//
//   - decoding from the start of the function reaches it, as the opcode of an instruction that
//     ends in the function, and the instructions behind it decode too;
//   - no direct branch of the function contradicts: whatever branch target lies in the 128 bytes
//     before the candidate, or in its middle, decoding from there reaches the candidate too;
//   - control flow reaches it: since the last jump, return or trap before it there is the start of
//     the function or a direct branch target; or it may be reached by an indirect jump or by a
//     call from elsewhere, and what stands between looks like a system call in the sense of
//     [conservative].
//
// The last two catch data in text. Without a function, or where it does not decode up to the
// candidate, the rule is [conservative].
// See docs/decisions/sites-from-function-starts.md.
//
// A Finder is about 1 KB, owned by the caller, and holds no pointer but text and the view of im.
type Finder struct {
	Stats Stats // of the candidates returned so far
	// SyscallOnly, set before Init, leaves out sysenter and int 0x80: the search is twice as fast.
	SyscallOnly bool

	im    Image
	text  []byte
	vaddr uint64 // of text[0]
	next  int    // offset in text of the next candidate to look at, or -1

	fn   Func
	code []byte // bytes of fn, nil for no function
	walk walk

	batch [batchSize]pending
	i, n  int // of batch
}

// batchSize candidates of one function are settled in one pass over it.
const batchSize = 16

// maxBatches bounds the passes over one function.
const maxBatches = 64

// maxFunction is the size in bytes above which bounds are not believed.
const maxFunction = 16 << 20

// Init starts over with a text whose first byte is at vaddr. im is the image that contains it, or
// nil; im may go away afterwards, its view may not. A candidate whose second byte is in another
// piece of text is not seen, so adjacent pieces should be passed as one.
func (f *Finder) Init(im *Image, text []byte, vaddr uint64) {
	f.Stats = Stats{}
	if im != nil {
		f.im.view = im.view
		f.im.layout = im.layout
	} else {
		f.im.clear()
	}
	f.text = text
	f.vaddr = vaddr
	f.next = f.search(0)
	f.fn = Func{}
	f.code = nil
	f.i, f.n = 0, 0
}

// search returns the offset of the first candidate at or after from, or -1.
func (f *Finder) search(from int) int {
	if f.SyscallOnly {
		return SearchSyscall(f.text, from)
	}
	return Search(f.text, from)
}

// Next stores the next candidate in c and reports whether there was one.
func (f *Finder) Next(c *Candidate) bool {
	if f.i == f.n {
		if f.next < 0 {
			return false
		}
		f.fill()
	}
	p := &f.batch[f.i]
	f.i++
	c.Off = p.off
	c.VAddr = f.vaddr + uint64(p.off)
	c.FuncStart, c.FuncEnd, c.Source = f.fn.Start, f.fn.End, p.source
	c.Kind = p.kind
	c.Site = p.reason == Accepted
	c.PrefixLen = 0
	c.before, c.inside = 0, false
	if c.Site {
		c.PrefixLen = p.prefix
		c.before, c.inside = p.before, p.inside
	}
	c.Reason = p.reason
	f.Stats[p.reason]++
	return true
}

// fill settles the next batch, of at least one candidate.
func (f *Finder) fill() {
	f.i, f.n = 0, 0
	at := f.vaddr + uint64(f.next)
	if f.code == nil || at-f.fn.Start >= uint64(len(f.code)) {
		f.findCode(at)
	}
	if f.code == nil {
		p := &f.batch[0]
		p.off = f.next
		p.kind = kindOf(f.text[f.next:])
		p.prefix, p.before, p.reason = conservative(f.text, f.next)
		p.inside = false
		p.source = SourceConservative
		f.n = 1
		f.next = f.search(f.next + 1)
		return
	}
	for f.n < batchSize && f.next >= 0 {
		k := f.vaddr + uint64(f.next) - f.fn.Start
		if k >= uint64(len(f.code)) {
			break
		}
		p := &f.batch[f.n]
		p.off = f.next
		p.at = int(k)
		p.inside = false
		p.kind = kindOf(f.text[f.next:])
		f.n++
		f.next = f.search(f.next + 1)
	}
	f.walk.batches++
	f.walk.settle(f.code, f.batch[:f.n])
	for i := range f.batch[:f.n] {
		p := &f.batch[i]
		p.source = f.fn.Source
		if p.reason != Undecodable {
			continue
		}
		// Behind data in the function its start is no help.
		if prefix, before, r := conservative(f.text, p.off); r == Accepted {
			p.prefix, p.before, p.reason, p.source = prefix, before, r, SourceConservative
		}
	}
}

// findCode finds the function at addr and its bytes, in text or else in the image.
func (f *Finder) findCode(addr uint64) {
	f.code = nil
	f.walk.begin()
	if !f.im.Func(addr, &f.fn) || f.fn.End-f.fn.Start > maxFunction {
		f.fn = Func{}
		return
	}
	size := f.fn.End - f.fn.Start
	if off := f.fn.Start - f.vaddr; off < uint64(len(f.text)) && size <= uint64(len(f.text))-off {
		f.code = f.text[off : off+size]
	} else {
		f.code = f.im.Bytes(f.fn.Start, size)
	}
	if f.code == nil {
		f.fn = Func{}
	}
}
