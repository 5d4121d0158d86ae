package abi

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestNames compares both directions with the numbers that x/sys has from the
// kernel's headers.
func TestNames(t *testing.T) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/sys/unix").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "zsysnum_linux_amd64.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^\s+SYS_(\w+)\s+= (\d+)$`).FindAllStringSubmatch(string(text), -1)
	if len(found) < 370 {
		t.Fatalf("only %d numbers in %s", len(found), dir)
	}
	names := map[int64]string{}
	for _, m := range found {
		nr, _ := strconv.ParseInt(m[2], 10, 64)
		names[nr] = strings.ToLower(m[1])
	}
	for nr := int64(-2); nr < 600; nr++ {
		want := names[nr]
		if got := Name(nr); got != want {
			t.Errorf("Name(%d) = %q, want %q", nr, got, want)
		}
		if want == "" {
			continue
		}
		if got, ok := Number(want); !ok || got != nr {
			t.Errorf("Number(%q) = %d, %v, want %d", want, got, ok, nr)
		}
	}
}

func TestNumberOfNothing(t *testing.T) {
	for _, name := range []string{"", " ", "ope", "openx", "read write", "-"} {
		if nr, ok := Number(name); ok {
			t.Errorf("Number(%q) = %d", name, nr)
		}
	}
}

func TestErrno(t *testing.T) {
	for e := -1; e < 200; e++ {
		name := unix.ErrnoName(unix.Errno(e))
		if name == "" {
			continue
		}
		if got, ok := ErrnoNumber(name); !ok || got != e {
			t.Errorf("ErrnoNumber(%q) = %d, %v, want %d", name, got, ok, e)
		}
		second := name == "ENOTSUP" || name == "EFSCORRUPTED" || name == "EFTYPE" // strace 6.1 has other names, or none
		if got := ErrnoName(e); got != name && !second {
			t.Errorf("ErrnoName(%d) = %q, want %q", e, got, name)
		}
	}
	for name, want := range map[string]unix.Errno{"EWOULDBLOCK": unix.EWOULDBLOCK, "EDEADLOCK": unix.EDEADLOCK, "ENOTSUP": unix.ENOTSUP} {
		if got, ok := ErrnoNumber(name); !ok || got != int(want) {
			t.Errorf("ErrnoNumber(%q) = %d, %v, want %d", name, got, ok, want)
		}
	}
	if got := ErrnoText(2); got != "No such file or directory" || ErrnoText(-1) != "" || ErrnoName(1<<40) != "" {
		t.Errorf("ErrnoText(2) = %q", got)
	}
	for _, name := range []string{"", "-", "EFOO", "eperm"} {
		if e, ok := ErrnoNumber(name); ok {
			t.Errorf("ErrnoNumber(%q) = %d", name, e)
		}
	}
}

func TestSignals(t *testing.T) {
	for n := -1; n <= 70; n++ {
		name := SignalName(n)
		if want := unix.SignalName(unix.Signal(n)); n <= 31 && name != want {
			t.Errorf("SignalName(%d) = %q, want %q", n, name, want)
		}
		if (n > 0 && n <= MaxSignal) != (name != "") {
			t.Errorf("SignalName(%d) = %q", n, name)
		}
		if got, ok := SignalNumber(name); ok != (name != "") || ok && got != n {
			t.Errorf("SignalNumber(%q) = %d, %v", name, got, ok)
		}
	}
}

// TestMemory checks that what gives a size is an argument of the call, and a number.
func TestMemory(t *testing.T) {
	seen := 0
	for nr := range Calls {
		c := &Calls[nr]
		for i := 0; i < c.Count(); i++ {
			a := c.Arg(i)
			m := a.Memory
			if m.Direction == Value {
				if m != (Memory{}) {
					t.Errorf("%s, argument %d: %+v is a number", c.Name, i, m)
				}
				continue
			}
			seen++
			switch m.Extent {
			case Fixed:
				if m.Unit == 0 {
					t.Errorf("%s, argument %d has no size", c.Name, i)
				}
			case Count, Bits, Nodes, PerPage, Vector:
				if int(m.Arg) >= c.Count() || m.Arg < 0 || int(m.Arg) == i || c.Arg(int(m.Arg)).Memory.Direction != Value {
					t.Errorf("%s, argument %d: its size is argument %d", c.Name, i, m.Arg)
				}
			case Length:
				if n := c.Arg(int(m.Arg)); n.Memory.Direction != InOut || n.Memory.Extent != Fixed || n.Memory.Unit != 4 {
					t.Errorf("%s, argument %d: its length is argument %d, %+v", c.Name, i, m.Arg, n)
				}
			}
			if (m.Extent == Count || m.Extent == Length) != (m.Unit > 0) && m.Extent != Fixed {
				t.Errorf("%s, argument %d: elements of %d bytes", c.Name, i, m.Unit)
			}
			if m.Written != Whole && m.Direction != Out && m.Direction != InOut {
				t.Errorf("%s, argument %d is read, and written as %d", c.Name, i, m.Written)
			}
		}
	}
	if seen < 400 {
		t.Errorf("only %d arguments point to memory", seen)
	}
}

// TestSizes compares sizes with the kernel's structures as x/sys has them.
func TestSizes(t *testing.T) {
	for k, want := range map[Kind]uintptr{
		Timespec: unsafe.Sizeof(unix.Timespec{}), Timeval: unsafe.Sizeof(unix.Timeval{}), Itimerval: unsafe.Sizeof(unix.Itimerval{}),
		Itimerspec: unsafe.Sizeof(unix.ItimerSpec{}), Utimbuf: unsafe.Sizeof(unix.Utimbuf{}), Stat: unsafe.Sizeof(unix.Stat_t{}),
		Statx: unsafe.Sizeof(unix.Statx_t{}), Statfs: unsafe.Sizeof(unix.Statfs_t{}), Rusage: unsafe.Sizeof(unix.Rusage{}),
		RlimitOut: unsafe.Sizeof(unix.Rlimit{}), Utsname: unsafe.Sizeof(unix.Utsname{}), Sysinfo: unsafe.Sizeof(unix.Sysinfo_t{}),
		Timex: unsafe.Sizeof(unix.Timex{}), Tms: unsafe.Sizeof(unix.Tms{}), Siginfo: unsafe.Sizeof(unix.Siginfo{}),
		EpollEvents: unsafe.Sizeof(unix.EpollEvent{}), Pollfds: unsafe.Sizeof(unix.PollFd{}), Ustat: unsafe.Sizeof(unix.Ustat_t{}),
		IovAddr: unsafe.Sizeof(unix.Iovec{}), CachestatRange: unsafe.Sizeof(unix.CachestatRange{}), Cachestat: unsafe.Sizeof(unix.Cachestat_t{}),
	} {
		if got := uintptr(shapes[k].Unit); got != want {
			t.Errorf("kind %d has %d bytes, its structure %d", k, got, want)
		}
	}
}

// TestArguments are calls whose description is known by heart.
func TestArguments(t *testing.T) {
	at := func(name string, i int) Memory {
		nr, ok := Number(name)
		if !ok {
			t.Fatal(name)
		}
		return Calls[nr].Arg(i).Memory
	}
	for _, c := range []struct {
		call string
		arg  int
		want Memory
	}{
		{"read", 0, Memory{}},
		{"read", 1, Memory{Direction: Out, Extent: Count, Arg: 2, Unit: 1, Written: ResultBytes}},
		{"write", 1, Memory{Direction: In, Extent: Count, Arg: 2, Unit: 1}},
		{"openat", 1, Memory{Direction: In, Extent: String}},
		{"readv", 1, Memory{Direction: Out, Extent: Vector, Arg: 2, Written: ResultBytes}},
		{"rt_sigprocmask", 2, Memory{Direction: Out, Extent: Count, Arg: 3, Unit: 1}},
		{"poll", 0, Memory{Direction: InOut, Extent: Count, Arg: 1, Unit: 8, Failing: true}},
		{"getsockname", 1, Memory{Direction: Out, Extent: Length, Arg: 2, Unit: 1, Written: Shown}},
		{"getsockopt", 3, Memory{Direction: InOut, Extent: Length, Arg: 4, Unit: 1, Written: Shown}},
		{"epoll_wait", 1, Memory{Direction: Out, Extent: Count, Arg: 2, Unit: 12, Written: ResultElements}},
		{"msgrcv", 1, Memory{Direction: Out, Extent: Count, Arg: 2, Unit: 1, Head: 8, Written: ResultBytes}},
		{"mincore", 2, Memory{Direction: Out, Extent: PerPage, Arg: 1}},
		{"execve", 1, Memory{Direction: In, Extent: Strings}},
		{"set_tid_address", 0, Memory{Direction: Later, Extent: Fixed, Unit: 4}},
		{"munmap", 0, Memory{Direction: Mapping, Extent: Count, Arg: 1, Unit: 1}},
		{"ioctl", 2, Memory{Direction: ByCall, Extent: Own}},
	} {
		if got := at(c.call, c.arg); got != c.want {
			t.Errorf("%s, argument %d: %+v, want %+v", c.call, c.arg, got, c.want)
		}
	}
}
