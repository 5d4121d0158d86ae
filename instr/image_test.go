package instr

import (
	"os"
	"testing"
	"unsafe"
)

// readImage reads the file at path, or skips the test where there is none.
func readImage(t *testing.T, path string) (*Image, []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip(err)
	}
	im := new(Image)
	if !im.FromFile(data) {
		t.Fatalf("%s: no image", path)
	}
	return im, data
}

// offsetIn returns the offset of part in whole.
func offsetIn(whole, part []byte) int {
	return int(uintptr(unsafe.Pointer(&part[0])) - uintptr(unsafe.Pointer(&whole[0])))
}

// someFuncs calls each for addresses all over the text of im.
func someFuncs(im *Image, each func(addr uint64)) {
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			return
		}
		for off := 0; off < len(text); off += 997 {
			each(addr + uint64(off))
		}
	}
}

// TestViewsAgree compares the functions of libc in its file, in memory, and by a walk over
// .eh_frame instead of the search table.
func TestViewsAgree(t *testing.T) {
	file, data := readImage(t, libc)
	m := mapImage(t, data)
	var mem Image
	if !mem.FromMemory(m.base(), m.size()) {
		t.Fatal("no image in memory")
	}
	walked := *file
	noTable := append([]byte(nil), data...)
	at := offsetIn(data, file.at(file.hdr, 4))
	noTable[at+2], noTable[at+3] = peOmit, peOmit
	if !walked.FromFile(noTable) {
		t.Fatal("no image without table")
	}
	found, n := 0, 0
	someFuncs(file, func(addr uint64) {
		n++
		var a, b, c Func
		ok := file.Func(addr, &a)
		if mem.Func(addr+mem.Bias(), &b) != ok || ok && (b.Start-mem.Bias() != a.Start || b.End-mem.Bias() != a.End) {
			t.Errorf("%#x: in the file %+v, in memory %+v", addr, a, b)
		}
		if n%16 != 0 {
			return
		}
		if walked.Func(addr, &c) != ok || c.Start != a.Start || c.End != a.End {
			t.Errorf("%#x: by the table %+v, by walking %+v", addr, a, c)
		}
		if ok && a.Source == SourceHdr {
			found++
			if c.Source != SourceFrame {
				t.Errorf("%#x: %v", addr, c.Source)
			}
		}
	})
	if found < n/32 {
		t.Errorf("%d functions at %d addresses", found, n)
	}
}

// TestSymbols compares unwind data with the symbols of a Go program, which has no unwind data, and of
// bash, with unwind data taken away.
func TestSymbols(t *testing.T) {
	im, _ := readImage(t, "/usr/local/go/bin/go")
	found, n := 0, 0
	someFuncs(im, func(addr uint64) {
		if n++; n > 500 {
			return
		}
		var f Func
		if im.Func(addr, &f) && f.Source == SourceSymtab {
			found++
		}
	})
	if found < min(n, 500)*8/10 {
		t.Errorf("symbols give %d functions at %d addresses", found, n)
	}

	im, _ = readImage(t, "/usr/lib/x86_64-linux-gnu/libcrypto.so.3")
	bare := *im
	bare.hdr, bare.frame = 0, 0
	same, other := 0, 0
	n = 0
	someFuncs(im, func(addr uint64) {
		if n++; n%8 != 0 || n > 8000 {
			return
		}
		var a, b Func
		if im.Func(addr, &a) && bare.Func(addr, &b) {
			if b.Source != SourceDynsym && b.Source != SourceSymtab {
				t.Errorf("%#x: %v", addr, b.Source)
			}
			if a.Start == b.Start {
				same++
			} else {
				other++
			}
		}
	})
	if same < 10*other || same == 0 {
		t.Errorf("symbols and unwind data agree on %d functions and not on %d", same, other)
	}
}

// TestImageCut cuts a file at every length and flips bytes of its tables.
func TestImageCut(t *testing.T) {
	for _, path := range []string{"testdata/unwind.elf", "testdata/symbols.elf"} {
		_, data := readImage(t, path)
		for n := 0; n <= len(data); n += 3 {
			cut := append([]byte(nil), data[:n]...)
			var im Image
			if im.FromFile(cut[:n:n]) {
				checkImage(t, &im)
			}
			if n > 0 && im.parse(cut[:n:n], true) {
				checkImage(t, &im)
			}
		}
		for i := range data {
			for _, v := range []byte{0x00, 0x7f, 0xff} {
				bent := append([]byte(nil), data...)
				bent[i] = v
				var im Image
				if im.FromFile(bent) {
					checkImage(t, &im)
				}
			}
		}
	}
}

func TestExclude(t *testing.T) {
	im, _ := readImage(t, libc)
	im.SetBias(0x7f00_0000_0000)
	addr, text, ok := im.Text(0)
	if !ok || im.Bytes(addr, 16) == nil || &im.Bytes(addr+5, 1)[0] != &text[5] {
		t.Fatal("no text")
	}
	end := addr + uint64(len(text))
	if im.Bytes(end-8, 8) == nil || im.Bytes(end-8, 9) != nil || im.Bytes(addr-im.Bias(), 1) != nil {
		t.Error("Bytes reaches over the end of the segment")
	}
	im.Exclude(addr+0x2000, addr+0x3000)
	if im.Bytes(addr+0x1fff, 1) == nil || im.Bytes(addr+0x2000, 1) != nil || im.Bytes(addr+0x3000, 1) != nil {
		t.Error("excluded from the middle: only what stands before must remain")
	}
	im.Exclude(addr-0x1000, addr+0x1000)
	if im.Bytes(addr, 1) != nil || im.Bytes(addr+0x1000, 1) == nil {
		t.Error("excluded from the beginning")
	}
	if b := im.Bytes(addr+0x1000, 4); len(b) != 4 || &b[0] != &text[0x1000] {
		t.Error("the rest of the segment has moved")
	}
	im.Exclude(addr, end)
	if im.Bytes(addr+0x1000, 1) != nil {
		t.Error("excluded altogether")
	}
}

func TestVAddr(t *testing.T) {
	im, data := readImage(t, libc)
	addr, text, _ := im.Text(0)
	off := uint64(offsetIn(data, text))
	if v, ok := im.VAddr(off + 0x123); !ok || v != addr+0x123 {
		t.Errorf("offset %#x is at %#x %v, want %#x", off+0x123, v, ok, addr+0x123)
	}
	if _, ok := im.VAddr(uint64(len(data))); ok {
		t.Error("an address behind the end of the file")
	}
}

func TestNoImage(t *testing.T) {
	var im Image
	var f Func
	if im.Func(0x1000, &f) || im.Bytes(0, 1) != nil || im.FromMemory(nil, 100) {
		t.Error("the zero Image knows something")
	}
	for _, b := range [][]byte{nil, []byte("\x7fELF"), make([]byte, 64), []byte("#!/bin/sh\n")} {
		if im.FromFile(b) {
			t.Errorf("% x is an image", b)
		}
	}
}
