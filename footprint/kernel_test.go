package footprint

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// The kernel says where a call's memory begins and ends: TestKernel makes calls whose objects end at an unmapped page, one of them
// at a time, and makes them again with that object moved by one byte, so that its last one is not there. The first must
// work, and the second fail with EFAULT, or transfer less. So each object has the size that the kernel thinks it has, and
// footprint must name just that range.

// place gives the objects of a call their addresses.
type place struct {
	pages   []byte // one for each object, each before one that is not mapped
	base    uint64
	objects []object
	victim  int    // the object that ends at the end of its page
	shift   uint64 // by how many bytes it is moved
}

// object is some memory that a call's arguments, or other objects, point to.
type object struct {
	name string
	addr uint64
	size uint64
	dir  Dir
	both bool
	// loose says why the kernel does not look at the last byte at once; it is then only wanted to be named.
	loose string
}

const maxObjects = 16

func newPlace(t *testing.T) *place {
	t.Helper()
	m, err := unix.Mmap(-1, 0, maxObjects*2*4096, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	for i := range maxObjects {
		if err := unix.Mprotect(m[i*2*4096:][:4096], unix.PROT_READ|unix.PROT_WRITE); err != nil {
			t.Fatal(err)
		}
	}
	return &place{pages: m, base: uint64(uintptr(unsafe.Pointer(&m[0])))}
}

func (p *place) put(name string, d Dir, content []byte) uint64 {
	i := len(p.objects)
	n := uint64(len(content))
	at := uint64(1024) // in the middle of its page
	if i == p.victim {
		at = 4096 - n + p.shift
	}
	page := p.pages[i*2*4096:][:4096]
	clear(page)
	copy(page[at:], content)
	addr := p.base + uint64(i)*2*4096 + at
	p.objects = append(p.objects, object{name: name, addr: addr, size: n, dir: d})
	return addr
}

// in, out and both place what is read, what is written, and what is both.
func (p *place) in(name string, content []byte) uint64 { return p.put(name, Reads, content) }
func (p *place) out(name string, n int) uint64         { return p.put(name, Writes, make([]byte, n)) }
func (p *place) both(name string, content []byte) uint64 {
	a := p.put(name, Reads, content)
	p.objects[len(p.objects)-1].both = true
	return a
}

// word places a number that must be aligned.
func (p *place) word(name string, d Dir, v uint32) uint64 {
	step := p.shift
	p.shift *= 4
	a := p.put(name, d, halves(v))
	p.shift = step
	p.objects[len(p.objects)-1].both = d == Writes
	p.objects[len(p.objects)-1].dir = Reads
	return a
}

// still places what is not moved.
func (p *place) still(content []byte) uint64 {
	copy(p.pages[(maxObjects-1)*2*4096:], content)
	return p.base + (maxObjects-1)*2*4096
}

// loose says why the object that was placed last need not be there to its last byte.
func (p *place) loose(why string) { p.objects[len(p.objects)-1].loose = why }

func text(s string) []byte { return append([]byte(s), 0) }

// words are 64-bit numbers in memory.
func words(v ...uint64) (b []byte) {
	for _, w := range v {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

func halves(v ...uint32) (b []byte) {
	for _, w := range v {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// kernelCall is a call that can be made again and again.
type kernelCall struct {
	nr   int
	name string // what sets it apart from others of that number
	args func(p *place) [6]uint64
	// fails is the errno that it ends with where all objects are there.
	fails unix.Errno
}

// listsAttributes are the calls that list a file's extended attributes, of which the test has set one.
var listsAttributes = map[int]bool{unix.SYS_LISTXATTR: true, unix.SYS_LLISTXATTR: true, unix.SYS_FLISTXATTR: true, unix.SYS_LISTXATTRAT: true}

// make makes the call with the object victim moved by shift.
func (c *kernelCall) make(p *place, victim int, shift uint64) (systrap.Call, Saved, []Range) {
	p.victim, p.shift, p.objects = victim, shift, p.objects[:0]
	call := systrap.Call{Sysno: int64(c.nr), Args: c.args(p), Result: -int64(unix.ENOSYS)}
	var ranges []Range
	for it := Before(&call); it.Next(); {
		ranges = append(ranges, it.Range)
	}
	saved := Save(&call)
	a := call.Args
	r, _, errno := unix.RawSyscall6(uintptr(c.nr), uintptr(a[0]), uintptr(a[1]), uintptr(a[2]), uintptr(a[3]), uintptr(a[4]), uintptr(a[5]))
	call.Result = int64(r)
	if c.nr == unix.SYS_MODIFY_LDT && errno == 0 && int32(r) < 0 {
		errno = unix.Errno(-int32(r)) // it returns an int
	}
	if errno != 0 {
		call.Result = -int64(errno)
	}
	return call, saved, ranges
}

func (c *kernelCall) run(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, old unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^uint64(0)
	}
	// The Go runtime's own signals would interrupt what waits.
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &all, &old); err != nil {
		t.Fatal(err)
	}
	defer unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	p := newPlace(t)
	call, _, _ := c.make(p, -1, 0)
	switch errno := unix.Errno(call.Errno()); {
	case errno == c.fails:
	case errno == unix.ENOSYS, errno == unix.EPERM, errno == unix.EACCES, errno == unix.EOPNOTSUPP, errno == unix.ENOSPC, errno == unix.ENOTTY,
		errno == unix.EINVAL && c.nr == unix.SYS_USTAT, errno == unix.ERANGE && listsAttributes[c.nr]: // btrfs; SELinux has one more
		t.Skipf("this kernel, container or file system does not let it be made: %v", errno)
	}
	if listsAttributes[c.nr] && call.Result == 0 {
		t.Skip("this file system has no attributes of users")
	}
	if call.Errno() != int(c.fails) {
		t.Fatalf("it ended with %d, want %d (%v)", call.Result, int(c.fails), c.fails)
	}
	for i := range p.objects {
		call, saved, ranges := c.make(p, i, 0)
		o := p.objects[i]
		if call.Errno() != int(c.fails) {
			t.Errorf("%s, of %d bytes, at the end of memory: %v, with room behind it: %v", o.name, o.size, unix.Errno(call.Errno()), c.fails)
		}
		named := func(ranges []Range, d Dir) {
			t.Helper()
			all := ""
			for _, r := range ranges {
				if r.Addr == o.addr && r.Len == o.size && r.Dir == d {
					return
				}
				all += "; " + shown(&r, p.base)
			}
			t.Errorf("%s is not named: want %v +%d..%d among %s", o.name, d, o.addr-p.base, o.size, all)
		}
		named(ranges, o.dir)
		if o.both {
			named(ranges, Writes)
		}
		if (o.both || o.dir == Writes) && c.fails == 0 {
			var after []Range
			for it := After(&call, saved); it.Next(); {
				after = append(after, it.Range)
			}
			named(after, Writes)
		}
		if o.loose != "" {
			continue
		}
		moved, _, _ := c.make(p, i, 1)
		if moved.Errno() != int(unix.EFAULT) && (moved.Failed() || moved.Result >= call.Result) {
			t.Errorf("%s, of %d bytes, without its last one: %d, want EFAULT, or less than %d", o.name, o.size, moved.Result, call.Result)
		}
	}
}

func TestKernel(t *testing.T) {
	calls := kernelCalls(t)
	seen := map[int]bool{}
	for i := range calls {
		c := &calls[i]
		seen[c.nr] = true
		t.Run(fmt.Sprint(abi.Name(int64(c.nr)), c.name), c.run)
	}
	t.Logf("%d calls of the table's", len(seen))
	for nr := range abi.Calls {
		row := &abi.Calls[nr]
		for i := range row.Count() {
			d := row.Arg(i).Memory.Direction
			if d != abi.Value && d != abi.Mapping && !seen[nr] && untried[row.Name] == "" {
				t.Errorf("%s is neither tried nor listed with a reason", row.Name)
				break
			}
		}
	}
}
