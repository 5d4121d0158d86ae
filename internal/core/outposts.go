package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// An outpost is a page of ours at a place that a jump before a site can reach: our text may be farther away than
// 2 GB, and the jump in the place of an instruction of less than five bytes leads to where the site's bytes say. It
// has nothing but slots, and a pointer to jumpDoor at its beginning.
//
// The program does not know of outposts: where it wants the memory for itself they give way (giveWay).
// See docs/decisions/outposts.md.

const (
	maxOutposts = 256
	// outpostCell is what a slot begins at a multiple of; the pointer has the first one.
	outpostCell  = 16
	outpostCells = sys.PageSize / outpostCell
)

// outpost is one of these pages; page is 0 when it is no more.
type outpost struct {
	page uint64
	used [outpostCells / 64]uint64 // a bit for each cell
}

var (
	outposts     [maxOutposts]outpost
	outpostCount int32
	// outpostBits has a bit for each page number's lower 16 bits: where it is not set there is no
	// outpost. handlerEntry looks there.
	outpostBits [1 << 16 / 32]uint32
)

// nearOutpost is false for most of what lies in no outpost.
func nearOutpost(pc uint64) bool {
	n := pc / sys.PageSize % (1 << 16)
	return atomic.LoadUint32(&outpostBits[n/32])>>(n%32)&1 != 0
}

func setOutpostBit(page uint64) {
	n := page / sys.PageSize % (1 << 16)
	atomic.StoreUint32(&outpostBits[n/32], outpostBits[n/32]|1<<(n%32))
}

// outpostIn says whether there is an outpost in [lo, hi).
func outpostIn(lo, hi uint64) bool {
	for i := range outposts[:outpostCount] {
		if p := outposts[i].page; p != 0 && p < hi && lo < p+sys.PageSize {
			return true
		}
	}
	return false
}

// takeCells returns the address of size bytes in an outpost, from lo on and below hi, and that of the outpost's
// pointer, or 0: if there is no room it makes an outpost, by w, near near.
func takeCells(w *codeWriter, lo, hi, size, near uint64) (addr, far uint64) {
	if lo>>47 != 0 {
		return 0, 0
	}
	for i := range outposts[:outpostCount] {
		o := &outposts[i]
		if o.page != 0 && o.page < hi && lo < o.page+sys.PageSize {
			if addr := o.take(lo, hi, size); addr != 0 {
				return addr, o.page
			}
		}
	}
	o := newOutpost(w, lo, hi, near)
	if o == nil {
		return 0, 0
	}
	if addr = o.take(lo, hi, size); addr == 0 {
		return 0, 0
	}
	return addr, o.page
}

// take returns the address of size free bytes of o that begin at lo or behind and below hi, or 0.
func (o *outpost) take(lo, hi, size uint64) uint64 {
	n := (size + outpostCell - 1) / outpostCell
	first := uint64(1)
	if lo > o.page {
		first = max(first, (lo-o.page+outpostCell-1)/outpostCell)
	}
	for c := first; c+n <= outpostCells && o.page+c*outpostCell < hi; c++ {
		free := true
		for k := c; k < c+n; k++ {
			free = free && o.used[k/64%uint64(len(o.used))]>>(k%64)&1 == 0
		}
		if !free {
			continue
		}
		for k := c; k < c+n; k++ {
			o.used[k/64%uint64(len(o.used))] |= 1 << (k % 64)
		}
		return o.page + c*outpostCell
	}
	return 0
}

// newOutpost maps an outpost with room from lo on and below hi, or returns nil.
func newOutpost(w *codeWriter, lo, hi, near uint64) *outpost {
	if outpostCount == maxOutposts {
		return nil
	}
	const tries = 24
	first, last := lo&^(sys.PageSize-1), (hi-1)&^(sys.PageSize-1)
	at, step := last, sys.PageCeil((last-first)/tries)
	if last-first > 1<<30 {
		// Anywhere: far below, where nothing of the program's grows to; the copy of a jump elsewhere leads to
		// as far below that (copiedjump.go).
		const below = 1 << 30
		at, step = (near-below)&^(sys.PageSize-1), 1<<24
		if near < below+lowest {
			at, step = (near-sys.PageSize)&^(sys.PageSize-1), sys.PageSize
		}
	}
	for range tries {
		if at >= lowest && at>>47 == 0 && at < hi && at+sys.PageSize > lo && !inStackRoom(at) {
			if o := mapOutpost(w, at); o != nil {
				return o
			}
		}
		at -= max(step, sys.PageSize)
	}
	return nil
}

// lowest is above what vm.mmap_min_addr(sysctl) usually is.
const lowest = 1 << 16

// mapOutpost makes an outpost at page, if nothing is there.
func mapOutpost(w *codeWriter, page uint64) *outpost {
	const fixedNoreplace = 0x100000 // MAP_FIXED_NOREPLACE; before Linux 4.17 it is a hint
	p := uint64(rawsys.Syscall(unix.SYS_MMAP, uintptr(page), sys.PageSize, unix.PROT_READ|unix.PROT_EXEC,
		unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE|fixedNoreplace, ^uintptr(0), 0))
	if int64(p) < 0 && int64(p) >= -sys.MaxErrno {
		return nil
	}
	if p != page {
		if p != uint64(sys.Refused) {
			sys.Munmap(uintptr(p), sys.PageSize)
		}
		return nil
	}
	ownmem.Unlock(uintptr(p), sys.PageSize)
	ownmem.LeaveOut(uintptr(p), uintptr(p)+sys.PageSize)
	var door [8]byte
	*(*uint64)(unsafe.Pointer(&door[0])) = uint64(jumpDoorAddr())
	w.moveTo(p, p+sys.PageSize, unix.PROT_READ|unix.PROT_EXEC)
	if !w.putBytes(p, door[:]) {
		sys.Munmap(uintptr(p), sys.PageSize)
		return nil
	}
	o := &outposts[outpostCount]
	*o = outpost{page: p, used: [outpostCells / 64]uint64{1}}
	setOutpostBit(p)
	outpostCount++
	return o
}

// stackRoom is how far below the initial stack nothing of ours is put, in bytes, if its limit is not higher.
const stackRoom = 256 << 20

// inStackRoom says whether the page at at may be in the way of the initial stack.
func inStackRoom(at uint64) bool {
	if stackFloor == 0 {
		room := uint64(stackRoom)
		var lim unix.Rlimit
		if rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_STACK, 0, uintptr(unsafe.Pointer(&lim)), 0, 0) == 0 && lim.Cur>>40 == 0 {
			room = max(room, lim.Cur)
		}
		stackFloor = uint64(self.envp) - room
	}
	return at > stackFloor && at < uint64(self.envp)+stackRoom
}

var stackFloor uint64

// giveWay takes the outposts in [lo, hi) away, as the program wants that memory: the jumps there are undone first.
func giveWay(lo, hi uint64) {
	m := lockCode()
	for i := range outposts[:outpostCount] {
		o := &outposts[i]
		if p := o.page; p != 0 && p < hi && lo < p+sys.PageSize && leaveOutpost(p) {
			o.page = 0
			sys.Munmap(uintptr(p), sys.PageSize)
		}
	}
	unlockCode(m)
}

// leaveOutpost undoes the jumps to slots in page, and says whether it could.
func leaveOutpost(page uint64) bool {
	for s := range slotPlace[:slotCount] {
		if slotPlace[s]-page >= sys.PageSize {
			continue
		}
		if slotJump[s] == slotLive {
			undoJumpAlone(s)
		}
		if slotJump[s] == slotLive || slotJump[s] == slotUndone {
			return false
		}
		slotJump[s] = slotGone
	}
	return true
}
