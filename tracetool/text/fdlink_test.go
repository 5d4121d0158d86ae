package text

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// room is where lines are made: not on a stack, which the ordinary runtime may move.
var room [32 << 10]byte

// TestInodeLinks gives one number to files of many kinds, one after the other: what is shown is always
// what /proc has.
func TestInodeLinks(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer func(s Options) { Opt = s }(Opt)
	Opt.FdPaths = true
	Opt.Fd.Add(FdPath)
	dir := t.TempDir()
	name := filepath.Join(dir, "name")
	bound, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(bound)
	if err := unix.Bind(bound, &unix.SockaddrUnix{Name: name}); err != nil {
		t.Fatal(err)
	}
	socket := func(family, kind int) func() (int, error) {
		return func() (int, error) { return unix.Socket(family, kind, 0) }
	}
	fifo := filepath.Join(dir, "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := func() (int, error) {
		var p [2]int
		err := unix.Pipe(p[:])
		unix.Close(p[1])
		return p[0], err
	}
	open := func(path string, flags int) func() (int, error) {
		return func() (int, error) { return unix.Open(path, flags, 0) }
	}
	kinds := []func() (int, error){
		open("/etc/passwd", unix.O_RDONLY), socket(unix.AF_UNIX, unix.SOCK_STREAM), open(name, unix.O_PATH),
		socket(unix.AF_INET, unix.SOCK_STREAM), socket(unix.AF_INET, unix.SOCK_DGRAM), open(dir, unix.O_RDONLY),
		socket(unix.AF_UNIX, unix.SOCK_DGRAM), func() (int, error) { return unix.Eventfd(0, 0) }, open(name, unix.O_PATH),
		pipe, open(fifo, unix.O_RDONLY|unix.O_NONBLOCK), pipe, open(fifo, unix.O_PATH),
	}
	const fd = 100
	defer unix.Close(fd)
	known := 0
	for range 3 {
		for i, kind := range kinds {
			n, err := kind()
			if err != nil {
				t.Skip(err)
			}
			if err := unix.Dup2(n, fd); err != nil {
				t.Fatal(err)
			}
			unix.Close(n)
			link, err := os.Readlink(fmt.Sprintf("/proc/thread-self/fd/%d", fd))
			if err != nil {
				t.Skip(err)
			}
			for range 2 {
				p := Printer{Line: systrap.LineOn(room[:])}
				p.FdPath(fd)
				if got := string(p.Bytes()); got != "<"+link+">" {
					t.Errorf("kind %d: %s, want <%s>", i, got, link)
				}
			}
			if inodeLink(0, fd, room[:]) > 0 {
				known++
			}
		}
	}
	if known != 6*3 {
		t.Errorf("%d times a file was known by its inode, want %d", known, 6*3)
	}
}
