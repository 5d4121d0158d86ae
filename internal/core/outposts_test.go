package core

import (
	"bytes"
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/sys"
)

// doorCode maps code that is run by nobody, with a site behind each of the instructions.
func doorCode(t *testing.T, before ...[]byte) (b []byte, sites []uint64) {
	t.Helper()
	b, err := unix.Mmap(-1, 0, 4*sys.PageSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANONYMOUS|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(b) })
	at := 64
	for _, in := range before {
		copy(b[at:], in)
		at += len(in)
		b[at], b[at+1] = 0x0f, 0x05
		sites = append(sites, addrOf(b, at))
		at += 2
		for range 5 { // so that any of them can be behind a site
			b[at] = 0x48
			at++
		}
	}
	if err := unix.Mprotect(b, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		t.Fatal(err)
	}
	return b, sites
}

// instructions of two to ten bytes.
var doorInstructions = [][]byte{
	{0x31, 0xc0},
	{0x48, 0x31, 0xc0},
	{0x48, 0x83, 0xc0, 0x00},
	{0xb8, 110, 0, 0, 0},
	{0x48, 0xc7, 0xc0, 110, 0, 0, 0},
	{0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8},
	{0x31, 0xc0},
	{0x31, 0xff},
	{0x48, 0x31, 0xff},
}

// patchDoors patches the sites, behind instructions of the lengths of before, as text that nobody runs yet.
func patchDoors(t *testing.T, sites []uint64, before [][]byte) {
	t.Helper()
	freshText = true
	defer func() { freshText = false }()
	for i := range before {
		pendingBefore[i] = uint8(len(before[i]))
	}
	if n := patch(sites, unix.PROT_READ|unix.PROT_EXEC); n != len(sites) {
		t.Fatalf("patched %d of %d", n, len(sites))
	}
}

// checkJump checks the jump before site and the slot that it leads to.
func checkJump(t *testing.T, site uint64, before []byte) {
	t.Helper()
	n := uint64(len(before))
	s := liveSlot(site)
	if s < 0 && counters.doorTaken.Load() > 0 {
		return // something of the test's is there
	}
	if s < 0 {
		t.Errorf("no jump before %#x, % x", site, before)
		return
	}
	var in instr.Inst
	start := site - n
	code := unsafe.Slice((*byte)(sys.Ptr(uintptr(start))), 16)
	if instr.Decode(code, &in); in.Len != jumpSize || code[0] != 0xe9 || start+jumpSize+uint64(int64(in.Rel)) != slotAddr(s) {
		t.Errorf("% x at %#x: % x, leads to %#x, want %#x", before, start, code, start+jumpSize+uint64(int64(in.Rel)), slotAddr(s))
	}
	slot := unsafe.Slice((*byte)(sys.Ptr(uintptr(slotAddr(s)))), 32)
	if !bytes.HasPrefix(slot, before) {
		t.Errorf("the slot of % x begins % x", before, slot)
	}
	at := slotAddr(s) + n
	instr.Decode(slot[n:], &in)
	if !in.RIPRelative || in.Len != leaSize || at+leaSize+uint64(int64(in.Disp)) != site+siteSize {
		t.Errorf("% x: leads to %#x, want %#x", slot, at+leaSize+uint64(int64(in.Disp)), site+siteSize)
	}
	instr.Decode(slot[n+leaSize:], &in)
	switch at += leaSize + uint64(in.Len); {
	case slot[n+leaSize] == 0xe9 && at+uint64(int64(in.Rel)) == uint64(jumpDoorAddr()):
	case slot[n+leaSize] == 0xff && *(*uint64)(sys.Ptr(uintptr(at + uint64(int64(in.Disp))))) == uint64(jumpDoorAddr()):
	default:
		t.Errorf("% x does not jump to the door", slot)
	}
	for _, pc := range []uint64{slotAddr(s), slotAddr(s) + n, slotAddr(s) + n + leaSize} {
		if got := slotAt(pc); got != s {
			t.Errorf("slotAt(%#x) = %d, want %d", pc, got, s)
		}
	}
}

// TestDoors: jumps of each kind with each trap, and their way back.
func TestDoors(t *testing.T) {
	was := siteBytes
	defer func() { siteTrap, siteBytes = trapUD2, was }()
	for trap, first := range [...]byte{0x0f, 0xcc, 0xf4} {
		t.Run(trapNames[trap], func(t *testing.T) {
			siteTrap, siteBytes = trapKind(trap), [siteSize]byte{first, 0x05}
			if trap == 0 {
				siteBytes[1] = 0x0b
			}
			b, sites := doorCode(t, doorInstructions...)
			old := slices.Clone(b)
			patchDoors(t, sites, doorInstructions)
			for i, pc := range sites {
				if b[pc-addrOf(b, 0)] != siteBytes[0] || b[pc+1-addrOf(b, 0)] != siteBytes[1] {
					t.Errorf("no trap at site %d", i)
				}
				checkJump(t, pc, doorInstructions[i])
			}
			for _, many := range []bool{false, true} {
				manyThreads = many
				forget(addrOf(b, 0), addrOf(b, len(b)), true)
				manyThreads = false
				if !bytes.Equal(b, old) {
					t.Errorf("many threads: %v: the text is not as it was", many)
				}
				used := slotCount
				patchDoors(t, sites, doorInstructions)
				for i, pc := range sites {
					checkJump(t, pc, doorInstructions[i])
				}
				if slotCount != used {
					t.Errorf("%d slots more for the same sites", slotCount-used)
				}
			}
			forget(addrOf(b, 0), addrOf(b, len(b)), true)
		})
	}
}

// TestDoorOfSuccessor: the byte behind a site that its jump needs is not changed by the jump behind it.
func TestDoorOfSuccessor(t *testing.T) {
	before := [][]byte{{0x31, 0xc0}, {0xb8, 110, 0, 0, 0}}
	b, sites := doorCode(t, before[0])
	unix.Mprotect(b, unix.PROT_READ|unix.PROT_WRITE)
	at := int(sites[0]-addrOf(b, 0)) + 2
	copy(b[at:], "\xb8\x6e\x00\x00\x00\x0f\x05\xc3")
	unix.Mprotect(b, unix.PROT_READ|unix.PROT_EXEC)
	sites = append(sites, addrOf(b, at+5))
	patchDoors(t, sites, before)
	checkJump(t, sites[1], before[1])
	if liveSlot(sites[0]) >= 0 {
		t.Error("both have jumps")
	}
	forget(addrOf(b, 0), addrOf(b, len(b)), true)
	patchDoors(t, sites[:1], before[:1])
	checkJump(t, sites[0], before[0])
	patchDoors(t, sites[1:], before[1:])
	if liveSlot(sites[1]) >= 0 {
		t.Error("the second one has a jump that changes that of the first")
	}
	forget(addrOf(b, 0), addrOf(b, len(b)), true)
}

// TestOutpostGivesWay: the jumps to an outpost are undone before it goes; those to others stay.
func TestOutpostGivesWay(t *testing.T) {
	before := [][]byte{{0x31, 0xc0}, {0x48, 0x31, 0xc0}}
	b, sites := doorCode(t, before...)
	old := slices.Clone(b)
	patchDoors(t, sites, before)
	s := liveSlot(sites[0])
	if s < 0 {
		t.Fatal("no jump")
	}
	page := slotAddr(s) &^ (sys.PageSize - 1)
	if !outpostIn(page, page+1) || !nearOutpost(slotAddr(s)) {
		t.Error("no outpost there")
	}
	giveWay(page, page+1)
	at := sites[0] - addrOf(b, 0)
	if outpostIn(page, page+1) || !bytes.Equal(b[at-2:at], old[at-2:at]) || !siteAt(sites[0]) {
		t.Error("it is there still, or its jump, or the site is gone")
	}
	checkJump(t, sites[1], before[1])
	p, err := unix.MmapPtr(-1, 0, sys.Ptr(uintptr(page)), sys.PageSize, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_FIXED_NOREPLACE)
	if err != nil {
		t.Fatal("its memory is not free: ", err)
	}
	unix.MunmapPtr(p, sys.PageSize)
	forget(addrOf(b, 0), addrOf(b, len(b)), true)
	if !bytes.Equal(b, old) {
		t.Error("the text is not as it was")
	}
}

// TestPunnedSiteKeepsItsTrap: a jump that cannot be undone needs the site's bytes.
func TestPunnedSiteKeepsItsTrap(t *testing.T) {
	before := [][]byte{{0x31, 0xc0}, {0xb8, 110, 0, 0, 0}}
	b, sites := doorCode(t, before...)
	patchDoors(t, sites, before)
	seal(t, b)
	allow := forbidOpen(t)
	forget(addrOf(b, 0), addrOf(b, len(b)), true)
	allow()
	if !siteAt(sites[0]) || !siteAt(sites[1]) {
		t.Error("a site is gone whose byte could not be given back")
	}
	checkJump(t, sites[0], before[0])
	forget(addrOf(b, 0), addrOf(b, len(b)), true)
	if siteAt(sites[0]) || liveSlot(sites[0]) >= 0 {
		t.Error("it could, then")
	}
}

// TestOutpostRoom: an outpost is filled from the lowest place that is allowed.
func TestOutpostRoom(t *testing.T) {
	o := outpost{page: 0x100000, used: [outpostCells / 64]uint64{1}}
	if a := o.take(0, 1<<40, 24); a != o.page+16 {
		t.Errorf("%#x", a)
	}
	if a := o.take(o.page+17, o.page+64, 15); a != o.page+48 {
		t.Errorf("%#x", a)
	}
	if a := o.take(o.page+17, o.page+64, 15); a != 0 {
		t.Errorf("%#x", a)
	}
	if a := o.take(o.page+sys.PageSize-16, o.page+sys.PageSize, 17); a != 0 {
		t.Errorf("%#x reaches over the end", a)
	}
	n := 0
	for o.take(0, 1<<40, 16) != 0 {
		n++
	}
	if n != outpostCells-4 {
		t.Errorf("%d cells, want %d", n, outpostCells-4)
	}
}
