package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
)

// A copy of text that is run elsewhere (copied.go) has our jumps in it, too, which lead as far from where they are
// wanted as the copy is from the text. Nothing is there, as a rule: the fault at their landing tells which jump it was
// of, and the copy gets its own instruction back.
// See docs/decisions/outposts.md and copied-traps.md.

// jumpedAstray says whether the signal of d is the fault of a copied jump, from which the program can go on now.
func jumpedAstray(d *door) bool {
	pc := d.uc.Mcontext.RIP
	if slotCount == 0 || d.info.Signo != int32(unix.SIGSEGV) || d.info.Code <= 0 || d.info.Addr != pc {
		return false
	}
	if s := farSlotAt(pc); s >= 0 && slotJump[s] == slotGone {
		turnSlot(&d.uc.Mcontext, s) // it was on its way there
		return true
	}
	for s := range slotPlace[:slotCount] {
		start := slotSite[s] - uint64(slotBefore[s])
		at := pc - slotPlace[s] + start
		if at>>47 == 0 && at != start && slotJump[s] != slotGone && isJumpCopy(s, at) && giveInstruction(s, at) {
			d.uc.Mcontext.RIP = at
			return true
		}
	}
	return false
}

// isJumpCopy says whether the jump to slot s and its trap are at at.
func isJumpCopy(s int, at uint64) bool {
	var want, have [maxInstruction + siteSize]byte
	n := int(slotBefore[s])
	copy(want[:], unsafe.Slice((*byte)(sys.Ptr(uintptr(slotPlace[s]))), n))
	emitJump(want[:], slotSite[s]-uint64(n), s)
	want[n], want[n+1] = siteBytes[0], siteBytes[1]
	return mem.Read(have[:n+siteSize], at) == n+siteSize && string(have[:n+siteSize]) == string(want[:n+siteSize])
}

// giveInstruction puts the instruction of slot s at at, where a copy of the jump in its place is, and says whether it
// could.
func giveInstruction(s int, at uint64) bool {
	n := min(jumpSize, uint64(slotBefore[s]))
	old := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotPlace[s]))), n)
	m := lockCode()
	var w codeWriter
	w.begin(at, at+n, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC)
	done := true
	if isJumpCopy(s, at) { // nobody else has done it
		jumpCopyAt = at
		done = w.replace(at, old)
		jumpCopyAt = 0
	}
	w.end()
	unlockCode(m)
	return done
}

// jumpCopyAt is where giveInstruction is at work.
var jumpCopyAt uint64

// resembles says whether x, which was read at another place, has what y has, which is that of the site pc: each byte as it is
// with jumps there, or without.
func (x *context) resembles(y *context, pc uint64) bool {
	if x.same(y) {
		return true
	}
	if slotCount == 0 {
		return false
	}
	z := *y
	for site := pc - contextSide; site <= pc+contextSide+maxInstruction; site++ {
		for s, i := nextSlot(site, slotHash(site)); s >= 0; s, i = nextSlot(site, i) {
			if slotJump[s] != slotGone {
				x.allow(&z, contextSide+int(site-pc)-int(slotBefore[s]), s)
			}
		}
	}
	return x.same(&z)
}

// allow gives z, from its byte at on, what x has of the instruction of slot s, or of the jump to it.
func (x *context) allow(z *context, at, s int) {
	var jump [maxInstruction]byte
	n := int(slotBefore[s])
	in := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotPlace[s]))), n)
	copy(jump[:], in)
	emitJump(jump[:], slotSite[s]-uint64(n), s)
	for k, b := range in {
		if i := at + k; i >= 0 && i < len(x.b) && (x.b[i] == b || x.b[i] == jump[k%len(jump)]) {
			z.b[i] = x.b[i]
		}
	}
}

// waitForCopy lets another thread go on that is at work at pc, and says whether there is one.
func waitForCopy(pc uint64) bool {
	if pc != jumpCopyAt {
		return false
	}
	sys.Pause(sys.PauseYields)
	return true
}
