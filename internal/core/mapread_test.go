package core

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// uncounted is text with all figures alike: those of smaps depend on what other processes share.
func uncounted(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == ' ' || r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, text)
}

// TestMapFile reads the files of a process that does nothing, as the kernel gives them and as a mapFile does, at random places
// and sizes.
func TestMapFile(t *testing.T) {
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	for name, kind := range map[string]mapKind{"maps": rangeText, "smaps": rangeText} {
		t.Run(name, func(t *testing.T) {
			path := "/proc/" + strconv.Itoa(cmd.Process.Pid) + "/" + name
			for last := []byte(nil); ; { // until it sleeps
				b, err := os.ReadFile(path)
				if err != nil || len(b) == 0 {
					t.Skipf("%s: %v", path, err)
				}
				if bytes.Equal(uncounted(b), last) {
					break
				}
				last = uncounted(b)
				exec.Command("sleep", "0.1").Run()
			}
			theirs, err := unix.Open(path, unix.O_RDONLY, 0)
			ours, err2 := unix.Open(path, unix.O_RDONLY, 0)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			defer unix.Close(theirs)
			defer unix.Close(ours)
			if got := mapsKind(int64(ours), nil); got != kind {
				t.Fatalf("taken for kind %d", got)
			}
			f := &mapFile{head: new(mapHead)}
			f.text.kind = kind
			defer f.text.drop()
			r := rand.New(rand.NewSource(1))
			want, got := make([]byte, 20000), make([]byte, 20000)
			for range 20000 {
				n := r.Intn(1 << r.Intn(15))
				off := int64(-1)
				c := Call{Sysno: unix.SYS_READ, Args: [6]uint64{uint64(ours), uint64(uintptr(unsafe.Pointer(&got[0]))), uint64(n)}}
				var k int
				var err error
				switch r.Intn(12) {
				case 0:
					off = r.Int63n(1 << r.Intn(17))
					c.Sysno, c.Args[3] = unix.SYS_PREAD64, uint64(off)
					k, err = unix.Pread(theirs, want[:n], off)
				case 1:
					off = r.Int63n(1<<r.Intn(14)) - 20
					whence := r.Intn(4)
					c.Sysno, c.Args = unix.SYS_LSEEK, [6]uint64{uint64(ours), uint64(off), uint64(whence)}
					var pos int64
					pos, err = unix.Seek(theirs, off, whence)
					k = int(pos)
					n = -1
				case 2:
					vector := []unix.Iovec{{Base: &got[0], Len: uint64(n)}, {Base: &got[n], Len: 100}}
					c.Sysno, c.Args[1], c.Args[2] = unix.SYS_READV, uint64(uintptr(unsafe.Pointer(&vector[0]))), 2
					k, err = unix.Readv(theirs, [][]byte{want[:n], want[n : n+100]})
				default:
					k, err = unix.Read(theirs, want[:n])
				}
				if c.Sysno == unix.SYS_LSEEK {
					f.seek(&c)
				} else {
					f.read(&c)
				}
				res := int64(k)
				if e, ok := err.(unix.Errno); ok {
					res = -int64(e)
				}
				if res != c.Result || n >= 0 && res > 0 && !bytes.Equal(uncounted(want[:res]), uncounted(got[:res])) {
					t.Fatalf("call %d, %d bytes, offset %d: %d, the kernel's: %d\n%.300q\n%.300q", c.Sysno, n, off, c.Result, res, got[:max(c.Result, 0)], want[:max(res, 0)])
				}
			}
		})
	}
}
