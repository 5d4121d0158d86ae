package sys

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestAside: a descriptor of ours has no low number where there may be threads. That dup2(2) does not meet it on its way there is
// e2e's fd_named_meanwhile.
func TestAside(t *testing.T) {
	defer ForkedFiles(false)
	name := append([]byte(filepath.Join(t.TempDir(), "file")), 0)
	if err := os.WriteFile(string(name[:len(name)-1]), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	FilesShared = false
	low := Open(&name[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	Close(low)
	FilesShared = true
	for _, flag := range []int{0, unix.O_CLOEXEC} {
		fd := Open(&name[0], unix.O_RDONLY|flag, 0)
		if fd < asideFrom {
			t.Errorf("number %d, where %d is free", fd, low)
		}
		if f, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || (f != 0) != (flag != 0) {
			t.Errorf("flags %d (%v), opened with %#x", f, err, flag)
		}
		Close(fd)
	}
	missing := []byte("/nowhere\x00")
	if fd := OpenAt(AtFdcwd, uintptr(unsafe.Pointer(&missing[0])), unix.O_RDONLY, 0); fd != -int64(unix.ENOENT) {
		t.Errorf("a file that is not there: %d", fd)
	}
	// One that was killed holds up nobody for good.
	for _, held := range []*int32{&opening, &named} {
		*held = 1
		if fd := Open(&name[0], unix.O_RDONLY|unix.O_CLOEXEC, 0); fd < asideFrom {
			t.Errorf("number %d", fd)
		} else {
			Close(fd)
		}
		BeginNaming()
		EndNaming()
		if opening != 0 {
			t.Error("held on")
		}
		named = 0
	}
}
