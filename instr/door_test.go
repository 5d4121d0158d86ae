package instr

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// doorCounts counts sites by door, and those without one by refusal.
type doorCounts struct {
	doors    [NumDoors]int
	refusals [NumRefusals]int
	// refused are the sites without a door: why, and where.
	refused []string
}

// compare takes in the site c; the instruction before it is compared with objdump's.
func (d *doorCounts) compare(t *testing.T, path string, s *segmentTruth, c *Candidate) {
	door, n, r := DoorOf(s.text, c)
	d.doors[door]++
	d.refusals[r]++
	if door == NoDoor {
		d.refused = append(d.refused, fmt.Sprintf("%v: %s %#x", r, path, c.VAddr))
	}
	if n == 0 {
		return
	}
	site := c.Off - int(c.PrefixLen)
	start := site - 1
	for start > 0 && !s.start(start) {
		start--
	}
	if site-start != n {
		t.Errorf("%s: before the site at %#x is an instruction of %d bytes, objdump has one of %d: % x",
			path, c.VAddr, n, site-start, s.text[max(0, site-16):site])
	}
}

func (d *doorCounts) String() string {
	var b strings.Builder
	for k, n := range d.doors {
		fmt.Fprintf(&b, "%v %d, ", Door(k), n)
	}
	b.WriteString("no door:")
	for k, n := range d.refusals {
		if Refusal(k) != Offered && n > 0 {
			fmt.Fprintf(&b, " %v %d", Refusal(k), n)
		}
	}
	slices.Sort(d.refused)
	return b.String() + "\n" + strings.Join(d.refused, "\n")
}

// doorIn classifies the only site of code, which is a function at addr.
func doorIn(t *testing.T, code []byte, addr uint64) (Door, int, Refusal) {
	t.Helper()
	var w walk
	at := SearchSyscall(code, 0)
	batch := []pending{{off: at, at: at, kind: Syscall}}
	w.settle(code, batch)
	p := &batch[0]
	c := Candidate{VAddr: addr + uint64(at), Off: at, Kind: Syscall, Site: p.reason == Accepted, PrefixLen: p.prefix, before: p.before, inside: p.inside}
	return DoorOf(code, &c)
}

// TestDoorOf is each door and each refusal, in the bytes that compilers and people write.
func TestDoorOf(t *testing.T) {
	for _, c := range []struct {
		text string // what stands before the syscall
		code string
		addr uint64
		door Door
		n    int
		why  Refusal
	}{
		{"mov $39,%eax", "\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, DoorLong, 5, Offered},
		{"mov $39,%rax", "\x48\xc7\xc0\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, DoorLong, 7, Offered},
		{"mov 8(%rsp),%rdi; 5 bytes", "\xb8\x27\x00\x00\x00\x48\x8b\x7c\x24\x08" + "\x0f\x05\xc3", 0x1000, DoorLong, 5, Offered},
		{"lea 8(%rdi),%rsi", "\x48\x8d\x77\x08" + "\x0f\x05\xc3", 0x1000, DoorPunned4, 4, Offered},
		{"mov %rcx,%r10", "\x49\x89\xca" + "\x0f\x05\xc3", 0x1000, DoorPunned3, 3, Offered},
		{"xor %eax,%eax", "\x31\xc0" + "\x0f\x05\xc3", 0x1000, DoorPunned2, 2, Offered},
		{"endbr64", "\xf3\x0f\x1e\xfa" + "\x0f\x05\xc3", 0x1000, DoorPunned4, 4, Offered},
		{"nothing", "\x0f\x05\xc3", 0x1000, NoDoor, 0, NothingBefore},
		{"push %rax", "\x31\xc0\x50" + "\x0f\x05\xc3", 0x1000, NoDoor, 1, OneByte},
		{"call", "\xe8\x00\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, NoDoor, 5, Transfer},
		{"je behind", "\x0f\x84\x02\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, NoDoor, 6, Transfer},
		{"lock incl (%rdi)", "\xf0\xff\x07" + "\x0f\x05\xc3", 0x1000, NoDoor, 3, Prefixed},
		{"rep stosb", "\xf3\xaa" + "\x0f\x05\xc3", 0x1000, NoDoor, 2, Prefixed},
		{"movss %xmm0,(%rdi)", "\xf3\x0f\x11\x07" + "\x0f\x05\xc3", 0x1000, DoorPunned4, 4, Offered},
		{"mov 8(%rip),%eax", "\x8b\x05\x08\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, NoDoor, 6, RIPRelative},
		// jmp into the immediate of mov, where nop; nop; nop; nop is.
		{"branch into it", "\x74\x01\xb8\x90\x90\x90\x90" + "\x0f\x05\xc3", 0x1000, NoDoor, 5, Entered},
		{"branch to it", "\x74\x00\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, DoorLong, 5, Offered},
		{"branch to the site", "\x74\x05\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1000, DoorLong, 5, Offered},
		{"xor; rex.w syscall", "\x31\xc0" + "\x48\x0f\x05\xc3", 0x1000, NoDoor, 2, SitePrefixed},
		{"mov; rex.w syscall", "\xb8\x27\x00\x00\x00" + "\x48\x0f\x05\xc3", 0x1000, DoorLong, 5, Offered},
		{"mov | syscall in the next page", "\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1ffb, DoorLong, 5, Offered},
		{"mov; half | of syscall", "\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1ffa, DoorLong, 5, Offered},
		{"half of mov |", "\xb8\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1ffc, NoDoor, 5, PageCrossed},
		{"five bytes of mov | and two", "\x48\xc7\xc0\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1ffb, DoorLong, 7, Offered},
		{"four bytes of mov | and three", "\x48\xc7\xc0\x27\x00\x00\x00" + "\x0f\x05\xc3", 0x1ffc, NoDoor, 7, PageCrossed},
		{"xor; syscall | successor", "\x31\xc0" + "\x0f\x05\xc3", 0x1ffc, NoDoor, 2, PageCrossed},
		{"mov %rcx,%r10; syscall |", "\x49\x89\xca" + "\x0f\x05\xc3", 0x1ffb, DoorPunned3, 3, Offered},
		{"xor; syscall, and no more", "\x31\xc0" + "\x0f\x05", 0x1000, NoDoor, 2, PageCrossed},
	} {
		door, n, why := doorIn(t, []byte(c.code), c.addr)
		if door != c.door || n != c.n || why != c.why {
			t.Errorf("%s: %v, %d bytes, %v; want %v, %d, %v", c.text, door, n, why, c.door, c.n, c.why)
		}
	}
	if d, _, r := DoorOf([]byte{0x0f, 0x05}, &Candidate{Kind: Syscall}); d != NoDoor || r != NotSyscall {
		t.Errorf("no site: %v, %v", d, r)
	}
}

// TestDoorsOfTheLibc: nearly all of the C library's calls have a door. Each libc is another, so the
// bar is low; the figures are in the log.
func TestDoorsOfTheLibc(t *testing.T) {
	files := 0
	for _, path := range []string{"/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2", "/usr/lib/x86_64-linux-musl/libc.so"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		files++
		var im Image
		if !im.FromFile(data) {
			t.Fatalf("%s: no image", path)
		}
		var d doorCounts
		sites := 0
		for i := 0; ; i++ {
			addr, text, ok := im.Text(i)
			if !ok {
				break
			}
			var f Finder
			var c Candidate
			f.Init(&im, text, addr)
			for f.Next(&c) {
				if c.Site && c.Kind == Syscall {
					sites++
					door, _, r := DoorOf(text, &c)
					d.doors[door]++
					d.refusals[r]++
				}
			}
		}
		t.Logf("%s: %d sites: %v", path, sites, &d)
		if sites == 0 || d.doors[NoDoor]*10 > sites {
			t.Errorf("%s: %d of %d sites have no door", path, d.doors[NoDoor], sites)
		}
	}
	if files == 0 {
		t.Skip("none of the C libraries is here")
	}
}
