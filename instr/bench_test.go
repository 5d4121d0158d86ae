package instr

import (
	"os"
	"testing"
)

// benchImage returns the view of the file at path and its largest executable segment.
func benchImage(b *testing.B, path string) (*Image, uint64, []byte) {
	data, err := os.ReadFile(path)
	if err != nil {
		b.Skip(err)
	}
	im := new(Image)
	if !im.FromFile(data) {
		b.Skip("no ELF image: ", path)
	}
	var addr uint64
	var text []byte
	for i := 0; ; i++ {
		a, t, ok := im.Text(i)
		if !ok {
			return im, addr, text
		}
		if len(t) > len(text) {
			addr, text = a, t
		}
	}
}

const (
	libc = "/lib/x86_64-linux-gnu/libc.so.6"
	node = "/usr/bin/node"
)

var sink int

func benchSearch(b *testing.B, n int, search func([]byte, int) int) {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte(i * 7)
	}
	for i := search(text, 0); i >= 0; i = search(text, i) {
		text[i] = 0x90
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		sink += search(text, 0)
	}
}

// The text is 256 KB, which stays in the second-level cache, or 64 MB, which comes from memory.
func BenchmarkSearch(b *testing.B) {
	b.Run("any/256K", func(b *testing.B) { benchSearch(b, 256<<10, Search) })
	b.Run("any/64M", func(b *testing.B) { benchSearch(b, 64<<20, Search) })
	b.Run("syscall/256K", func(b *testing.B) { benchSearch(b, 256<<10, SearchSyscall) })
	b.Run("syscall/64M", func(b *testing.B) { benchSearch(b, 64<<20, SearchSyscall) })
}

func BenchmarkLength(b *testing.B) {
	_, _, text := benchImage(b, libc)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for p := 0; p < len(text); {
			n := Length(text[p:])
			p += max(n, 1)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	_, _, text := benchImage(b, libc)
	b.SetBytes(int64(len(text)))
	var in Inst
	for b.Loop() {
		for p := 0; p < len(text); {
			Decode(text[p:], &in)
			p += max(int(in.Len), 1)
		}
	}
}

func benchFind(b *testing.B, path string) {
	im, addr, text := benchImage(b, path)
	b.SetBytes(int64(len(text)))
	var f Finder
	var c Candidate
	for b.Loop() {
		f.Init(im, text, addr)
		for f.Next(&c) {
		}
	}
	b.ReportMetric(float64(f.Stats.Sites()), "sites")
	b.ReportMetric(float64(f.Stats.Declined()), "declined")
}

func BenchmarkFindLibc(b *testing.B) { benchFind(b, libc) }
func BenchmarkFindNode(b *testing.B) { benchFind(b, node) }
