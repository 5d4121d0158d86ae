package footprint

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
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

// TestEveryCall wants a rule for each argument whose memory the table does not describe in full, or the call in the
// list of those that are not known.
func TestEveryCall(t *testing.T) {
	_, base := arena(t)
	for nr := range abi.Calls {
		row := &abi.Calls[nr]
		for i := range row.Count() {
			m := row.Arg(i).Memory
			if m.Direction != abi.ByCall && m.Extent != abi.Own && m.Direction != abi.Later {
				continue
			}
			call := systrap.Call{Sysno: int64(nr)}
			for j := range call.Args {
				call.Args[j] = base
			}
			it := Before(&call)
			it.arg = int8(i)
			if _, ok := it.rule(row.Args[i], base); !ok && Unknown(int64(nr)) == "" {
				t.Errorf("%s, argument %d: no rule", row.Name, i)
			}
		}
	}
	if len(unknown) >= 20 {
		t.Errorf("%d calls are unknown", len(unknown))
	}
	for _, u := range unknown {
		if abi.Name(u.nr) == "" || u.why == "" {
			t.Errorf("%d is unknown for %q", u.nr, u.why)
		}
	}
}

// TestWild gives every call arguments of all sorts: whatever they are, each range lies in the address space, the
// iterator ends, and nothing faults.
func TestWild(t *testing.T) {
	b, base := arena(t)
	words := []uint64{0, 1, 8, 16, 64, base, base + 8, base + 4096, base + 8192 - 4, base + 8192, 1 << 31, 1<<32 - 1,
		1<<47 - 4097, 1<<47 - 4096, 1 << 47, 1 << 63, 1<<63 - 1, 1<<64 - 1, 1<<64 - 4096}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range len(b) / 8 {
		binary.LittleEndian.PutUint64(b[i*8:], words[r.IntN(len(words))])
	}
	for nr := range int64(len(abi.Calls) + 2) {
		for range 300 {
			call := systrap.Call{Sysno: nr, SP: words[r.IntN(len(words))]}
			for i := range call.Args {
				call.Args[i] = words[r.IntN(len(words))]
			}
			call.Args[r.IntN(2)] = r.Uint64N(64) // commands are small numbers
			saved := Saved(0)
			if r.IntN(2) == 0 && nr != unix.SYS_BRK {
				saved = Save(&call)
			}
			call.Result = []int64{0, 1, 8, 4096, 1 << 40, -int64(unix.EFAULT), -int64(unix.EINTR), -int64(unix.E2BIG)}[r.IntN(8)]
			for _, it := range []Iterator{Before(&call), After(&call, saved)} {
				n := 0
				for it.Next() {
					r := it.Range
					if n++; n > 1<<20 {
						t.Fatalf("%s%x does not end", abi.Name(nr), call.Args)
					}
					if r.Len == 0 || r.End() > spaceEnd || r.End() < r.Addr || r.Dir.String() == "" || r.Arg < -1 || r.Arg > 5 {
						t.Fatalf("%s%x: %+v", abi.Name(nr), call.Args, r)
					}
				}
			}
		}
	}
}
