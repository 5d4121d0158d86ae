package instr

import (
	"math/rand"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// naiveSearch is the oracle of Search, and with syscallOnly of SearchSyscall.
func naiveSearch(text []byte, from int, syscallOnly bool) int {
	for i := max(from, 0); i+1 < len(text); i++ {
		switch pair := [2]byte{text[i], text[i+1]}; {
		case pair == [2]byte{0x0f, 0x05}:
			return i
		case !syscallOnly && (pair == [2]byte{0x0f, 0x34} || pair == [2]byte{0xcd, 0x80}):
			return i
		}
	}
	return -1
}

func checkSearch(t *testing.T, text []byte, from int) {
	t.Helper()
	if got, want := Search(text, from), naiveSearch(text, from, false); got != want {
		t.Fatalf("Search(%d bytes, %d) = %d, want %d", len(text), from, got, want)
	}
	if got, want := SearchSyscall(text, from), naiveSearch(text, from, true); got != want {
		t.Fatalf("SearchSyscall(%d bytes, %d) = %d, want %d", len(text), from, got, want)
	}
}

// guarded returns n bytes that end where unreadable memory starts, or start where it ends.
func guarded(t *testing.T, n int, atEnd bool) []byte {
	t.Helper()
	const page = 4096
	size := (n + page - 1) &^ (page - 1)
	m, err := unix.Mmap(-1, 0, size+2*page, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(m) })
	if err := unix.Mprotect(m[page:page+size], unix.PROT_READ|unix.PROT_WRITE); err != nil {
		t.Fatal(err)
	}
	if atEnd {
		return m[page+size-n : page+size : page+size]
	}
	return m[page : page+n : page+n]
}

// TestSearchEverywhere puts each pair at every offset of texts of every length up to some blocks,
// with unreadable memory right behind and right before.
func TestSearchEverywhere(t *testing.T) {
	pairs := [][2]byte{{0x0f, 0x05}, {0x0f, 0x34}, {0xcd, 0x80}, {0x0f, 0x80}, {0xcd, 0x05}, {0x05, 0x0f}}
	for _, atEnd := range []bool{true, false} {
		buf := guarded(t, 300, atEnd)
		for n := 0; n <= 160; n++ {
			text := buf[:n]
			if atEnd {
				text = buf[len(buf)-n:]
			}
			for _, fill := range []byte{0x90, 0x0f, 0x05, 0xcd, 0x80} {
				for i := range text {
					text[i] = fill
				}
				checkSearch(t, text, 0)
				for _, p := range pairs {
					for at := 0; at+1 < n; at++ {
						old := [2]byte(text[at:])
						text[at], text[at+1] = p[0], p[1]
						checkSearch(t, text, 0)
						checkSearch(t, text, at)
						checkSearch(t, text, at+1)
						copy(text[at:], old[:])
					}
				}
			}
		}
	}
}

// TestSearchRandom compares on texts made of the bytes of the pairs.
func TestSearchRandom(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	bytes := []byte{0x0f, 0x05, 0x34, 0xcd, 0x80, 0x90, 0x00}
	for round := 0; round < 300; round++ {
		text := make([]byte, rng.Intn(1000))
		for i := range text {
			text[i] = bytes[rng.Intn(len(bytes))]
			if rng.Intn(8) > 0 {
				text[i] = 0x90
			}
		}
		for from := -2; from < len(text)+2; from++ {
			checkSearch(t, text, from)
		}
	}
}

// TestDecodeReadsNothingBehind decodes code that ends where unreadable memory starts.
func TestDecodeReadsNothingBehind(t *testing.T) {
	buf := guarded(t, 64, true)
	rng := rand.New(rand.NewSource(1))
	for round := 0; round < 200_000; round++ {
		n := rng.Intn(MaxLen + 3)
		code := buf[len(buf)-n:]
		rng.Read(code)
		if n > 2 && round%2 == 0 {
			code[0] = []byte{0x0f, 0xc4, 0xc5, 0x62, 0x66, 0x48, 0x8f, 0xf2}[rng.Intn(8)]
		}
		checkDecode(t, code)
	}
	if p := unsafe.Pointer(&buf[0]); uintptr(p)%4096 != 4096-64 {
		t.Error("the buffer does not end at a page")
	}
}
