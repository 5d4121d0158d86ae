package footprint

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// TestChanging asks for the ranges of calls whose structures another thread changes all the while: whatever is found
// lies in the address space, and what was found by way of memory says that it may have changed.
func TestChanging(t *testing.T) {
	b, base := arena(t)
	cells := unsafe.Slice((*uint64)(unsafe.Pointer(&b[0])), len(b)/8)
	values := []uint64{0, 1, 16, 56, base, base + 64, base + 4096, base + 8191, base + 8192, 1 << 31, 1 << 47, 1 << 63, 1<<64 - 1}
	var stop atomic.Bool
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		r := rand.New(rand.NewPCG(3, 4))
		for !stop.Load() {
			atomic.StoreUint64(&cells[r.IntN(len(cells))], values[r.IntN(len(values))])
		}
	}()
	ranges := 0
	for _, c := range []struct {
		nr   int64
		args [6]uint64
	}{
		{unix.SYS_READV, [6]uint64{0, base, 300}}, {unix.SYS_SENDMSG, [6]uint64{0, base + 8}}, {unix.SYS_RECVMSG, [6]uint64{0, base + 8}},
		{unix.SYS_RECVMMSG, [6]uint64{0, base, 100}}, {unix.SYS_EXECVE, [6]uint64{base, base, base + 2048}}, {unix.SYS_IO_SUBMIT, [6]uint64{base, 200, base}},
		{unix.SYS_FUTEX_WAITV, [6]uint64{base, 128}}, {unix.SYS_CLONE3, [6]uint64{base, 88}}, {unix.SYS_GETSOCKOPT, [6]uint64{0, 1, 2, base, base + 8}},
		{unix.SYS_PROCESS_VM_READV, [6]uint64{1, base, 100, base + 512, 100}}, {unix.SYS_PERF_EVENT_OPEN, [6]uint64{base}},
		{unix.SYS_IOCTL, [6]uint64{0, ioctlSgIO, base}}, {unix.SYS_BPF, [6]uint64{unix.BPF_PROG_LOAD, base, 144}},
	} {
		for range 60 {
			call := systrap.Call{Sysno: c.nr, Args: c.args, Result: 100}
			saved := Save(&call)
			for _, it := range []Iterator{Before(&call), After(&call, saved)} {
				for it.Next() {
					r := &it.Range
					ranges++
					if r.Len == 0 || r.Addr >= spaceEnd || r.Len > spaceEnd-r.Addr {
						t.Fatalf("%s: %s", abi.Name(c.nr), shown(r, 0))
					}
					if r.Field != "" && r.Dir != Maps && !r.Has(MayChange) && !inObject(r, &call) {
						t.Fatalf("%s: %s was found by way of memory", abi.Name(c.nr), shown(r, base))
					}
				}
			}
		}
	}
	stop.Store(true)
	wait.Wait()
	if ranges < 1000 {
		t.Errorf("only %d ranges", ranges)
	}
}

// inObject says whether a range with a field lies in what the argument itself points to.
func inObject(r *Range, c *systrap.Call) bool {
	if r.Arg < 0 {
		return true
	}
	at := c.Args[r.Arg]
	return r.Addr >= at && r.Addr < at+128*64
}
