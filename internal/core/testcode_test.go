package core

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
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
		b[o], b[o+1] = 0x0f, syscallBytes[1]
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

const testPages = 16 * sys.PageSize

var testOffs = []int{0, 100, 4095, 5 * sys.PageSize, 9*sys.PageSize - 1, testPages - 2}

// fileCode maps a file with the instructions of testOffs.
func fileCode(t *testing.T, mode, flags int) []byte {
	t.Helper()
	text := make([]byte, testPages)
	for _, o := range testOffs {
		text[o], text[o+1] = 0x0f, syscallBytes[1]
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
