package core

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
	"libsystrap/seccomp"
)

// patchAndForget patches the instructions at offs, forgets them again and checks
// the bytes and what the mappings are after each.
func patchAndForget(t *testing.T, b []byte, prot uintptr, offs ...int) {
	t.Helper()
	before := mappingsOf(t, b)
	var pcs []uint64
	for _, o := range offs {
		pcs = append(pcs, addrOf(b, o))
	}
	if n := patch(pcs, prot); n != len(pcs) {
		t.Fatalf("patched %d of %d", n, len(pcs))
	}
	for _, pc := range pcs {
		if !siteAt(pc) {
			t.Errorf("%#x is no site", pc)
		}
	}
	if prot&unix.PROT_READ != 0 {
		for _, o := range offs {
			if [siteSize]byte(b[o:]) != siteBytes {
				t.Errorf("offset %#x: % x, want the trap", o, b[o:o+2])
			}
		}
	}
	if after := mappingsOf(t, b); after != before {
		t.Errorf("patched:\n%s\nbefore:\n%s", after, before)
	}
	forget(addrOf(b, 0), addrOf(b, 0)+uint64(len(b)), true)
	for _, pc := range pcs {
		if siteAt(pc) {
			t.Errorf("%#x is still a site", pc)
		}
	}
	if !seccomp.On { // then what mprotect opened stays open for the caller
		if after := mappingsOf(t, b); after != before {
			t.Errorf("forgotten:\n%s\nbefore:\n%s", after, before)
		}
	}
	if err := unix.Mprotect(b, unix.PROT_READ); err != nil {
		return // sealed
	}
	for _, o := range offs {
		if b[o] != 0x0f || b[o+1] != syscallBytes[1] {
			t.Errorf("offset %#x: % x, want the instruction back", o, b[o:o+2])
		}
	}
}

func TestPatchLeavesMappingsAsTheyAre(t *testing.T) {
	const rx = unix.PROT_READ | unix.PROT_EXEC
	t.Run("anonymous", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		defer unix.Munmap(b)
		patchAndForget(t, b, rx, testOffs...)
	})
	t.Run("file", func(t *testing.T) {
		b := fileCode(t, os.O_RDONLY, unix.MAP_PRIVATE)
		defer unix.Munmap(b)
		patchAndForget(t, b, rx, testOffs...)
	})
	t.Run("two protections", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, 4095)
		defer unix.Munmap(b)
		if err := unix.Mprotect(b[sys.PageSize:], rx|unix.PROT_WRITE); err != nil {
			t.Fatal(err)
		}
		patchAndForget(t, b, rx, 4095)
	})
	t.Run("execute-only", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		defer unix.Munmap(b)
		if err := unix.Mprotect(b, unix.PROT_EXEC); err != nil {
			t.Fatal(err)
		}
		patchAndForget(t, b, unix.PROT_EXEC, testOffs...)
	})
	t.Run("protection key", func(t *testing.T) {
		runtime.LockOSThread() // the rights that come with the key are the thread's
		defer runtime.UnlockOSThread()
		key, _, e := unix.Syscall(unix.SYS_PKEY_ALLOC, 0, 2, 0) // PKEY_DISABLE_WRITE
		if e != 0 {
			t.Skip("pkey_alloc: ", e)
		}
		defer unix.Syscall(unix.SYS_PKEY_FREE, key, 0, 0)
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		defer unix.Munmap(b)
		if _, _, e := unix.Syscall6(unix.SYS_PKEY_MPROTECT, uintptr(addrOf(b, 0)), testPages, rx, key, 0, 0); e != 0 {
			t.Fatal("pkey_mprotect: ", e)
		}
		if m := mappingsOf(t, b); !regexp.MustCompile(`ProtectionKey: +` + strconv.Itoa(int(key)) + `\b`).MatchString(m) {
			t.Fatal("no key in ", m)
		}
		patchAndForget(t, b, rx, testOffs...)
	})
	t.Run("sealed", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		seal(t, b)
		patchAndForget(t, b, rx, testOffs...)
	})
	t.Run("huge page", func(t *testing.T) {
		allowHugePages(t)
		b := testCode(t, unix.MAP_PRIVATE|unix.MAP_HUGETLB, 2<<20, testOffs...)
		defer unix.Munmap(b)
		patchAndForget(t, b, rx, testOffs...)
	})
}

// forbidOpen makes package seccomp take openat(2) for forbidden until the end of the
// test, or until the function that it returns is called.
func forbidOpen(t *testing.T) (allow func()) {
	was := seccomp.Save()
	seccomp.Install([]seccomp.Insn{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_OPENAT},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
	})
	allow = func() { seccomp.Restore(&was) }
	t.Cleanup(allow)
	return allow
}

// TestPatchWithoutProcMem: behind a seccomp filter /proc/self/mem is not opened
// and mprotect is the way. What it refuses is counted under its reason, nothing
// is entered into the table, and the byte stays.
func TestPatchWithoutProcMem(t *testing.T) {
	const rx = unix.PROT_READ | unix.PROT_EXEC
	forbidOpen(t)
	t.Run("writable again", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		defer unix.Munmap(b)
		pcs := []uint64{addrOf(b, 0), addrOf(b, testPages-2)}
		if n := patch(pcs, rx); n != 2 || b[1] != siteBytes[1] || b[testPages-1] != siteBytes[1] {
			t.Errorf("patched %d, bytes %x %x", n, b[1], b[testPages-1])
		}
		if m := mappingsOf(t, b); strings.Count(m, " r-xp ") != 1 {
			t.Errorf("mappings:\n%s", m)
		}
		forget(addrOf(b, 0), addrOf(b, testPages), true)
		if b[1] != syscallBytes[1] || b[testPages-1] != syscallBytes[1] || siteAt(pcs[0]) {
			t.Errorf("bytes %x %x", b[1], b[testPages-1])
		}
	})
	for _, c := range []struct {
		name string
		why  leaving
		code func(*testing.T) []byte
	}{
		{"sealed", leftSealed, func(t *testing.T) []byte {
			b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
			seal(t, b)
			return b
		}},
		{"shared without write", leftDenied, func(t *testing.T) []byte { return fileCode(t, os.O_RDONLY, unix.MAP_SHARED) }},
		{"huge page", leftHugetlb, func(t *testing.T) []byte {
			allowHugePages(t)
			return testCode(t, unix.MAP_PRIVATE|unix.MAP_HUGETLB, 2<<20, testOffs...)
		}},
		{"hole", leftNoMemory, func(t *testing.T) []byte {
			b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
			if _, _, e := unix.Syscall(unix.SYS_MUNMAP, uintptr(addrOf(b, 3*sys.PageSize)), sys.PageSize, 0); e != 0 {
				t.Fatal(e)
			}
			return b
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := c.code(t)
			before := counters.left[c.why].Load()
			pcs := []uint64{addrOf(b, 0), addrOf(b, testOffs[3])}
			if n := patch(pcs, rx); n != 0 {
				t.Errorf("patched %d", n)
			}
			if n := counters.left[c.why].Load() - before; n != 2 {
				t.Errorf("%d counted as %s", n, leftNames[c.why])
			}
			if b[1] != syscallBytes[1] || siteAt(pcs[0]) || siteAt(pcs[1]) {
				t.Errorf("byte %x, sites %v %v", b[1], siteAt(pcs[0]), siteAt(pcs[1]))
			}
			unix.Munmap(b)
		})
	}
}

// TestForgetKeepsWhatItCannotRestore: a site stays one as long as its trap does.
func TestForgetKeepsWhatItCannotRestore(t *testing.T) {
	b := testCode(t, unix.MAP_PRIVATE, testPages, 0)
	seal(t, b)
	pc := addrOf(b, 0)
	if patch([]uint64{pc}, unix.PROT_READ|unix.PROT_EXEC) != 1 {
		t.Fatal("not patched")
	}
	allow := forbidOpen(t)
	forget(pc, pc+sys.PageSize, true)
	allow()
	if !siteAt(pc) || b[1] != siteBytes[1] {
		t.Errorf("site %v, byte %x", siteAt(pc), b[1])
	}
	forget(pc, pc+sys.PageSize, true)
	if siteAt(pc) || b[1] != syscallBytes[1] {
		t.Errorf("site %v, byte %x", siteAt(pc), b[1])
	}
}

// TestForgetStraddlingSite: an instruction across two pages goes with either,
// and leaves no trap behind in the other.
func TestForgetStraddlingSite(t *testing.T) {
	const at = sys.PageSize - 1
	for _, c := range []struct {
		name    string
		lo, hi  int
		restore bool
	}{
		{"second page made writable", sys.PageSize, 2 * sys.PageSize, true},
		{"first page made writable", 0, sys.PageSize, true},
		{"first page unmapped", 0, sys.PageSize, false},
		{"second page unmapped", sys.PageSize, 2 * sys.PageSize, false},
	} {
		forTraps(t, func(t *testing.T) {
			b := testCode(t, unix.MAP_PRIVATE, testPages, at)
			defer unix.Munmap(b)
			pc := addrOf(b, at)
			if patch([]uint64{pc}, unix.PROT_READ|unix.PROT_EXEC) != 1 || [siteSize]byte(b[at:]) != siteBytes {
				t.Fatal(c.name, ": not patched")
			}
			forget(addrOf(b, c.lo), addrOf(b, c.hi), c.restore)
			stays := []int{at, at + 1}
			if !c.restore {
				stays = []int{at + 1}
				if c.lo > at {
					stays = []int{at}
				}
			}
			for _, k := range stays {
				if siteAt(pc) || b[k] != syscallBytes[k-at] {
					t.Errorf("%s: site %v, byte %d is %x", c.name, siteAt(pc), k-at, b[k])
				}
			}
		})
	}
}

// forTraps runs f with each kind of trap.
func forTraps(t *testing.T, f func(t *testing.T)) {
	was := siteBytes
	defer func() { siteTrap, siteBytes = trapUD2, was }()
	for k, first := range [numTraps]byte{0x0f, 0xcc, 0xf4} {
		siteTrap = trapKind(k)
		siteBytes = [siteSize]byte{first, 0x05}
		if siteTrap == trapUD2 {
			siteBytes = was
		}
		t.Run(trapNames[k], f)
	}
}

// TestPutPage: at start the traps of a page are written together, and only they.
func TestPutPage(t *testing.T) { forTraps(t, testPutPage) }

func testPutPage(t *testing.T) {
	starting = true
	defer func() { starting = false }()
	b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
	defer unix.Munmap(b)
	want := append([]byte(nil), b...)
	for _, o := range testOffs {
		want[o], want[o+1] = siteBytes[0], siteBytes[1]
	}
	same := func() bool { return string(b) == string(want) }
	var pcs []uint64
	for _, o := range testOffs {
		pcs = append(pcs, addrOf(b, o))
	}
	if n := patch(pcs, unix.PROT_READ|unix.PROT_EXEC); n != len(pcs) || !same() {
		t.Errorf("patched %d of %d, bytes as wanted: %v", n, len(pcs), same())
	}
	for _, pc := range pcs {
		if !siteAt(pc) {
			t.Errorf("%#x is no site", pc)
		}
	}
	forget(addrOf(b, 0), addrOf(b, testPages), true)
}

// TestJoinTexts: only texts that lie end to end and are alike become one.
func TestJoinTexts(t *testing.T) {
	const rx = unix.PROT_READ | unix.PROT_EXEC
	in := []textMapping{
		{0x1000, 0x2000, rx, false, 0},
		{0x2000, 0x3000, rx, false, 0},
		{0x3000, 0x4000, rx, false, 0},
		{0x4000, 0x5000, unix.PROT_EXEC, false, 0}, // other protection
		{0x5000, 0x6000, unix.PROT_EXEC, false, 1}, // other image
		{0x7000, 0x8000, unix.PROT_EXEC, false, 1}, // a hole before it
		{0x8000, 0x9000, unix.PROT_EXEC, true, 1},  // shared
	}
	copy(bootTexts[:], in)
	n := joinTexts(len(in))
	want := append([]textMapping{{0x1000, 0x4000, rx, false, 0}}, in[3:]...)
	if n != len(want) {
		t.Fatalf("%d texts, want %d", n, len(want))
	}
	for i := range want {
		if bootTexts[i] != want[i] {
			t.Errorf("text %d is %+v, want %+v", i, bootTexts[i], want[i])
		}
	}
	if joinTexts(0) != 0 {
		t.Error("texts out of nothing")
	}
}
