package sysfoot

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/footprint"
	"libsystrap/systrap"
)

// TestTable compares the table with a map of pages, under changes at random.
func TestTable(t *testing.T) {
	table.n, table.lost = 0, false
	const pages = 64
	var want [pages]int
	r := rand.New(rand.NewPCG(1, 2))
	for step := range 20000 {
		from := r.IntN(pages)
		to := from + r.IntN(pages-from) + 1
		group := r.IntN(5)
		if group == 0 {
			cut(uint64(from)*pageSize, uint64(to)*pageSize)
		} else {
			set(uint64(from)*pageSize, uint64(to)*pageSize, group)
		}
		for p := from; p < to; p++ {
			want[p] = group
		}
		for p, g := range want {
			at, got := uint64(p)*pageSize, 0
			if i := find(at); i < table.n && table.at[i].start <= at {
				got = table.at[i].group
			}
			if got != g {
				t.Fatalf("step %d: page %d belongs to %d, want %d: %v", step, p, got, g, table.at[:table.n])
			}
		}
	}
}

// TestFull: a table without room says so.
func TestFull(t *testing.T) {
	table.n, table.lost = 0, false
	for i := range uint64(maxMappings + 5) {
		set(2*i*pageSize, (2*i+1)*pageSize, groupHeap)
	}
	if table.n != maxMappings || !table.lost {
		t.Errorf("%d mappings, lost: %v", table.n, table.lost)
	}
	table.n, table.lost = 0, false
}

// TestEscape: any bytes make a JSON string of the size that was said.
func TestEscape(t *testing.T) {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	buf := make([]byte, 4096)
	l := systrap.LineOn(buf)
	escape(&l, all[:])
	if l.Len() != escapedSize(all[:]) {
		t.Errorf("%d bytes, said were %d", l.Len(), escapedSize(all[:]))
	}
	var s string
	if err := json.Unmarshal(fmt.Appendf(nil, "\"%s\"", l.Bytes()), &s); err != nil {
		t.Fatal(err)
	}
	for i, c := range []rune(s) {
		if int(c) != i {
			t.Fatalf("byte %d is %q", i, c)
		}
	}
}

// TestTransferred: a write that took less has read less, and one that failed with EFAULT nothing that is known.
func TestTransferred(t *testing.T) {
	data := footprint.Range{Dir: footprint.Reads, Addr: 4096, Len: 100, Arg: 1}
	base := footprint.Range{Dir: footprint.Reads, Addr: 4096, Len: 100, Arg: 1, Field: "[#].iov_base"}
	bound := footprint.Range{Dir: footprint.Writes, Addr: 4096, Len: 100, Arg: 1, Flags: footprint.Bound}
	for _, c := range []struct {
		nr, result int64
		ranges     []footprint.Range
		want       uint64
	}{
		{unix.SYS_WRITE, 60, []footprint.Range{data}, 60},
		{unix.SYS_WRITE, -int64(unix.EFAULT), []footprint.Range{data}, 0},
		{unix.SYS_WRITEV, 150, []footprint.Range{data, base, base}, 100 + 150},
		{unix.SYS_OPENAT, -int64(unix.ENOENT), []footprint.Range{data}, 100},
		{unix.SYS_READ, -int64(unix.EFAULT), []footprint.Range{bound}, 0},
	} {
		call := systrap.Call{Sysno: c.nr, Result: c.result}
		limit := transferOf(&call, true)
		sum := uint64(0)
		for i := range c.ranges {
			sum += limit.of(&c.ranges[i])
		}
		if sum != c.want {
			t.Errorf("call %d, result %d: %d bytes, want %d", c.nr, c.result, sum, c.want)
		}
	}
}
