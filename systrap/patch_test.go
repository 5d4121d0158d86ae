package systrap

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// testCode maps n pages with a syscall instruction at each of offs and makes
// them readable and executable.
func testCode(t *testing.T, flags, n int, offs ...int) []byte {
	t.Helper()
	b, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANONYMOUS|flags)
	if err != nil {
		t.Skipf("mmap of %d bytes with flags %#x: %v", n, flags, err)
	}
	for _, o := range offs {
		b[o], b[o+1] = 0x0f, syscallByte
	}
	if err := unix.Mprotect(b, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		t.Fatal(err)
	}
	return b
}

func addrOf(b []byte, off int) uint64 { return uint64(uintptr(unsafe.Pointer(&b[0]))) + uint64(off) }

// mappingsOf returns the lines of /proc/self/smaps that say what the mappings of
// b are: bounds, permissions and key.
func mappingsOf(t *testing.T, b []byte) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`^([0-9a-f]+)-([0-9a-f]+) `)
	var out []string
	in := false
	for _, l := range strings.Split(string(text), "\n") {
		if m := head.FindStringSubmatch(l); m != nil {
			lo, _ := strconv.ParseUint(m[1], 16, 64)
			in = lo >= addrOf(b, 0) && lo < addrOf(b, 0)+uint64(len(b))
			if in {
				out = append(out, l)
			}
		} else if in && (strings.HasPrefix(l, "ProtectionKey:") || strings.HasPrefix(l, "VmFlags:")) {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

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
			if b[o] != 0x0f || b[o+1] != trapByte {
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
	if !filtered { // then what mprotect opened stays open for the caller
		if after := mappingsOf(t, b); after != before {
			t.Errorf("forgotten:\n%s\nbefore:\n%s", after, before)
		}
	}
	if err := unix.Mprotect(b, unix.PROT_READ); err != nil {
		return // sealed
	}
	for _, o := range offs {
		if b[o] != 0x0f || b[o+1] != syscallByte {
			t.Errorf("offset %#x: % x, want the instruction back", o, b[o:o+2])
		}
	}
}

const testPages = 16 * pageSize

var testOffs = []int{0, 100, 4095, 5 * pageSize, 9*pageSize - 1, testPages - 2}

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
		if err := unix.Mprotect(b[pageSize:], rx|unix.PROT_WRITE); err != nil {
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

// fileCode maps a file with the instructions of testOffs.
func fileCode(t *testing.T, mode, flags int) []byte {
	t.Helper()
	text := make([]byte, testPages)
	for _, o := range testOffs {
		text[o], text[o+1] = 0x0f, syscallByte
	}
	path := t.TempDir() + "/code"
	if err := os.WriteFile(path, text, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, mode, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := unix.Mmap(int(f.Fd()), 0, testPages, unix.PROT_READ|unix.PROT_EXEC, flags)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// seal makes b immutable (mseal(2), Linux 6.10). It stays mapped for good.
func seal(t *testing.T, b []byte) {
	t.Helper()
	const sysMseal = 462
	if _, _, e := unix.Syscall(sysMseal, uintptr(addrOf(b, 0)), uintptr(len(b)), 0); e != 0 {
		t.Skip("mseal: ", e)
	}
}

// TestPatchWithoutProcMem: behind a seccomp filter /proc/self/mem is not opened
// and mprotect is the way. What it refuses is counted under its reason, nothing
// is entered into the table, and the byte stays.
func TestPatchWithoutProcMem(t *testing.T) {
	const rx = unix.PROT_READ | unix.PROT_EXEC
	filtered = true
	defer func() { filtered = false }()
	t.Run("writable again", func(t *testing.T) {
		b := testCode(t, unix.MAP_PRIVATE, testPages, testOffs...)
		defer unix.Munmap(b)
		pcs := []uint64{addrOf(b, 0), addrOf(b, testPages-2)}
		if n := patch(pcs, rx); n != 2 || b[1] != trapByte || b[testPages-1] != trapByte {
			t.Errorf("patched %d, bytes %x %x", n, b[1], b[testPages-1])
		}
		if m := mappingsOf(t, b); strings.Count(m, " r-xp ") != 1 {
			t.Errorf("mappings:\n%s", m)
		}
		forget(addrOf(b, 0), addrOf(b, testPages), true)
		if b[1] != syscallByte || b[testPages-1] != syscallByte || siteAt(pcs[0]) {
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
			if _, _, e := unix.Syscall(unix.SYS_MUNMAP, uintptr(addrOf(b, 3*pageSize)), pageSize, 0); e != 0 {
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
			if b[1] != syscallByte || siteAt(pcs[0]) || siteAt(pcs[1]) {
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
	filtered = true
	forget(pc, pc+pageSize, true)
	filtered = false
	if !siteAt(pc) || b[1] != trapByte {
		t.Errorf("site %v, byte %x", siteAt(pc), b[1])
	}
	forget(pc, pc+pageSize, true)
	if siteAt(pc) || b[1] != syscallByte {
		t.Errorf("site %v, byte %x", siteAt(pc), b[1])
	}
}

// allowHugePages lets the kernel make huge pages on demand while the test runs,
// where the machine has none reserved and the test may say so.
func allowHugePages(t *testing.T) {
	t.Helper()
	const knob = "/proc/sys/vm/nr_overcommit_hugepages"
	old, err := os.ReadFile(knob)
	if err != nil {
		t.Skip(err)
	}
	if strings.TrimSpace(string(old)) != "0" {
		return
	}
	if err := os.WriteFile(knob, []byte("8"), 0); err != nil {
		t.Log("no huge pages on demand: ", err)
		return
	}
	t.Cleanup(func() { os.WriteFile(knob, old, 0) })
}
