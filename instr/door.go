package instr

// Door is how a jump can stand before a site, while the site keeps its trap: it takes the place of
// the instruction before the site, which is executed elsewhere. Whoever jumps to the site itself
// traps, so nothing needs to be known of jump targets but that none is inside that instruction.
type Door uint8

// The doors.
const (
	// NoDoor: the site is reached by its trap only.
	NoDoor Door = iota
	// DoorLong: the instruction has the five bytes or more of jmp rel32 (e9).
	DoorLong
	// DoorPunned4, DoorPunned3 and DoorPunned2: it has 4, 3 or 2 bytes; what is missing of rel32 are
	// the two bytes at the site as they are when it is patched (0f 0b), and for 2 bytes the first one
	// behind it. The jump leads to where these bytes say.
	DoorPunned4
	DoorPunned3
	DoorPunned2

	NumDoors
)

var doorNames = [NumDoors]string{"trap", "long", "punned 4", "punned 3", "punned 2"}

// String returns the door in lower case.
func (d Door) String() string {
	if d >= NumDoors {
		return "door?"
	}
	return doorNames[d]
}

// Refusal says why a site has no door.
type Refusal uint8

// The refusals.
const (
	Offered       Refusal = iota // it has one
	NotSyscall                   // it is no site, or not of a syscall
	NothingBefore                // it begins the function, or what is before it is not known
	OneByte                      // the instruction before has one byte
	Transfer                     // it transfers control, enters the kernel or traps
	Prefixed                     // it has prefixes that code jumps behind (lock, rep)
	RIPRelative                  // its memory operand is relative to its place
	Entered                      // a direct branch leads into it
	SitePrefixed                 // prefixes of the site stand where the jump's last bytes would be
	PageCrossed                  // the jump, with the bytes punned on, would lie in two pages, which programs protect one by one

	NumRefusals
)

var refusalNames = [NumRefusals]string{
	"offered", "not syscall", "nothing before", "one byte", "transfer", "prefixed", "rip-relative", "entered",
	"site prefixed", "page crossed",
}

// String returns the refusal in lower case.
func (r Refusal) String() string {
	if r >= NumRefusals {
		return "refusal?"
	}
	return refusalNames[r]
}

// jumpLen is the length of jmp rel32 in bytes, siteLen that of syscall and of ud2.
const (
	jumpLen = 5
	siteLen = 2
)

// pageShift is that of the pages that mprotect(2) and madvise(2) know.
const pageShift = 12

// DoorOf says how a jump can stand before candidate c of text, as [Finder.Next] has returned it, and
// if none can, why. n is the length in bytes of the instruction before the site, 0 if it is not known.
//
// See docs/decisions/kinds-of-doors.md.
func DoorOf(text []byte, c *Candidate) (d Door, n int, r Refusal) {
	if !c.Site || c.Kind != Syscall {
		return NoDoor, 0, NotSyscall
	}
	n = int(c.before)
	site := c.Off - int(c.PrefixLen)
	var in Inst
	if n == 0 || site < n || Decode(text[site-n:site], &in) != OK || int(in.Len) != n {
		return NoDoor, 0, NothingBefore
	}
	switch {
	case in.Class != Other && in.Class != Nop:
		return NoDoor, n, Transfer
	case in.Prefixes&PrefixLock != 0, in.Prefixes&(PrefixF2|PrefixF3) != 0 && in.Map == 0:
		return NoDoor, n, Prefixed
	case n == 1:
		return NoDoor, n, OneByte
	case in.RIPRelative:
		return NoDoor, n, RIPRelative
	case c.inside:
		return NoDoor, n, Entered
	case n < jumpLen && c.PrefixLen != 0:
		return NoDoor, n, SitePrefixed
	}
	// A part of what is patched that comes back as it is in the file must not leave half a jump.
	first := c.VAddr - uint64(c.PrefixLen) - uint64(n)
	last := c.VAddr + siteLen - 1
	switch {
	case n >= jumpLen:
		last = first + jumpLen - 1
	case n == 2:
		last++ // the byte behind the site
	}
	if first>>pageShift != last>>pageShift {
		return NoDoor, n, PageCrossed
	}
	switch {
	case n >= jumpLen:
		d = DoorLong
	case n == 4:
		d = DoorPunned4
	case n == 3:
		d = DoorPunned3
	case c.Off+siteLen >= len(text):
		return NoDoor, n, PageCrossed
	default:
		d = DoorPunned2
	}
	return d, n, Offered
}
