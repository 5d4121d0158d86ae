package footprint

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// shown is a range as the tests write it, relative to the bytes that it lies in.
func shown(r *Range, base uint64) string {
	var b [128]byte
	l := systrap.LineOn(b[:])
	r.Path(&l)
	s := fmt.Sprintf("%d%s %v +%d..%d", r.Arg, l.Bytes(), r.Dir, int64(r.Addr-base), r.Len)
	for i, name := range []string{"MayChange", "Bound", "Cut", "AtLeast", "Keeps", "InChild", "ByPidfd"} {
		if r.Has(1 << i) {
			s += " " + name
		}
	}
	if r.Pid != 0 {
		s += fmt.Sprint(" pid ", r.Pid)
	}
	return s
}

func all(it Iterator, base uint64) string {
	var s []string
	for it.Next() {
		s = append(s, shown(&it.Range, base))
	}
	return strings.Join(s, "; ")
}

// arena is memory that the tests' calls point to; at its end is a page that cannot be read.
func arena(t *testing.T) (b []byte, base uint64) {
	t.Helper()
	m, err := unix.Mmap(-1, 0, 3*4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	if err := unix.Mprotect(m[2*4096:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return m[:2*4096], uint64(uintptr(unsafe.Pointer(&m[0])))
}

func TestTable(t *testing.T) {
	b, base := arena(t)
	copy(b[100:], "/etc/passwd\x00")
	copy(b[len(b)-3:], "abc")
	const end = 2 * 4096
	for _, c := range []struct {
		nr            int64
		args          [6]uint64
		result        int64
		before, after string
	}{
		{unix.SYS_READ, [6]uint64{0, base, 100}, 7, "1 writes +0..100 Bound", "1 writes +0..7"},
		{unix.SYS_READ, [6]uint64{0, base, 100}, 0, "1 writes +0..100 Bound", ""},
		{unix.SYS_READ, [6]uint64{0, base, 100}, -int64(unix.EAGAIN), "1 writes +0..100 Bound", ""},
		{unix.SYS_READ, [6]uint64{0, base, 100}, -int64(unix.EFAULT), "1 writes +0..100 Bound", "1 writes +0..100 Bound"},
		{unix.SYS_READ, [6]uint64{0, base, 0}, 0, "", ""},
		{unix.SYS_READ, [6]uint64{0, base, 1 << 63}, -int64(unix.EINVAL), "1 writes +0..2147479552 Bound Cut", ""},
		{unix.SYS_WRITE, [6]uint64{1, base + 8, 5}, 5, "1 reads +8..5", ""},
		{unix.SYS_OPENAT, [6]uint64{0, base + 100}, 3, "1 reads +100..12 MayChange", ""},
		{unix.SYS_OPENAT, [6]uint64{0, base + end - 3}, 3, "1 reads +8189..3 MayChange Cut", ""},
		{unix.SYS_OPENAT, [6]uint64{0, base + end}, -int64(unix.EFAULT), "1 reads +8192..1 MayChange Cut", ""},
		{unix.SYS_FSTAT, [6]uint64{0, base + 16}, 0, "1 writes +16..144", "1 writes +16..144"},
		{unix.SYS_GETPID, [6]uint64{base, base, base}, 1, "", ""},
		{unix.SYS_WAIT4, [6]uint64{0, base, 0, base + 8}, 0, "1 writes +0..4 Bound; 3 writes +8..144 Bound", ""},
		{unix.SYS_WAIT4, [6]uint64{0, base, 0, base + 8}, 9, "1 writes +0..4 Bound; 3 writes +8..144 Bound", "1 writes +0..4; 3 writes +8..144"},
		{unix.SYS_NANOSLEEP, [6]uint64{base, base + 16}, -int64(unix.EINTR), "0 reads +0..16; 1 writes +16..16 Bound", "1 writes +16..16"},
		{unix.SYS_NANOSLEEP, [6]uint64{base, base + 16}, 0, "0 reads +0..16; 1 writes +16..16 Bound", ""},
		{unix.SYS_POLL, [6]uint64{base, 3 | 1<<32, 0}, 1, "0 reads +0..24; 0 writes +0..24", "0 writes +0..24"},
		{1 << 20, [6]uint64{base, base, base, base, base, base}, -int64(unix.ENOSYS), "", ""},
	} {
		call := systrap.Call{Sysno: c.nr, Args: c.args, Result: c.result}
		if got := all(Before(&call), base); got != c.before {
			t.Errorf("%d%x before: %s\nwant %s", c.nr, c.args, got, c.before)
		}
		if got := all(After(&call, Save(&call)), base); got != c.after {
			t.Errorf("%d%x after: %s\nwant %s", c.nr, c.args, got, c.after)
		}
	}
}
