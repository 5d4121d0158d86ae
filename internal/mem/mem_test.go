package mem

import (
	"bytes"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/sys"
)

// twoPages maps one readable page followed by one that is not.
func twoPages(t *testing.T) (page []byte, end uint64) {
	t.Helper()
	m, err := unix.Mmap(-1, 0, 2*sys.PageSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	if err := unix.Mprotect(m[sys.PageSize:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return m[:sys.PageSize], uint64(uintptr(unsafe.Pointer(&m[0]))) + sys.PageSize
}

func TestReadStopsAtUnreadablePage(t *testing.T) {
	page, end := twoPages(t)
	copy(page[sys.PageSize-3:], "xyz")
	var dst [8]byte
	if n := Read(dst[:], end-3); n != 3 || string(dst[:3]) != "xyz" {
		t.Errorf("Read across the end = %d, %q", n, dst[:3])
	}
	if n := Read(dst[:], end); n != 0 {
		t.Errorf("Read of an unreadable page = %d", n)
	}
	if n := Read(dst[:], 0xdeadbeef000); n != 0 {
		t.Errorf("Read of nothing = %d", n)
	}
}

func TestReadString(t *testing.T) {
	page, end := twoPages(t)
	copy(page[sys.PageSize-4:], "abc\x00")
	var dst [16]byte
	if n, ok := ReadString(dst[:], end-4); n != 3 || !ok {
		t.Errorf("terminated at the end of the page: %d, %v", n, ok)
	}
	copy(page[sys.PageSize-4:], "abcd")
	if n, ok := ReadString(dst[:], end-4); n != 4 || ok {
		t.Errorf("runs into the unreadable page: %d, %v", n, ok)
	}
	if n, ok := ReadString(dst[:], end); n != -1 || ok {
		t.Errorf("unreadable: %d, %v", n, ok)
	}
	long := bytes.Repeat([]byte("q"), 300)
	copy(page, append(long, 0))
	var big [400]byte
	if n, ok := ReadString(big[:], end-sys.PageSize); n != 300 || !ok {
		t.Errorf("longer than a chunk: %d, %v", n, ok)
	}
	if n, ok := ReadString(dst[:], end-sys.PageSize); n != len(dst) || ok {
		t.Errorf("longer than dst: %d, %v", n, ok)
	}
}

func TestWriteHonoursProtection(t *testing.T) {
	page, end := twoPages(t)
	if n := Write(end-2, []byte("ok")); n != 2 || string(page[sys.PageSize-2:]) != "ok" {
		t.Errorf("Write = %d, %q", n, page[sys.PageSize-2:])
	}
	if n := Write(end, []byte("no")); n != 0 {
		t.Errorf("Write to PROT_NONE = %d", n)
	}
}
