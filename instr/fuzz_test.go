package instr

import (
	"os"
	"testing"
)

// checkDecode checks what must hold for any bytes.
func checkDecode(t *testing.T, code []byte) {
	t.Helper()
	code = code[:len(code):len(code)] // reading behind it panics
	var in Inst
	st := Decode(code, &in)
	switch {
	case st == OK && (in.Len < 1 || in.Len > MaxLen || int(in.Len) > len(code)):
		t.Fatalf("% x: length %d", code, in.Len)
	case st != OK && in.Len != 0:
		t.Fatalf("% x: %v with length %d", code, st, in.Len)
	case st == TooLong && len(code) < MaxLen:
		t.Fatalf("% x: too long", code)
	case st == Truncated && len(code) >= MaxLen:
		t.Fatalf("% x: truncated", code)
	case st >= numStatuses || in.Class >= numClasses:
		t.Fatalf("% x: status %d class %d", code, st, in.Class)
	}
	if n := Length(code); n != int(in.Len) {
		t.Fatalf("% x: Length %d, Decode %d %v", code, n, in.Len, st)
	}
	s := step(code)
	if st == OK && (s.class() != in.Class || s.vendor() != in.VendorDependent) {
		t.Fatalf("% x: step %v, Decode %v", code, s.class(), in.Class)
	}
	if st != OK {
		return
	}
	for _, part := range [][2]uint8{
		{in.OpcodeOff, 1}, {in.ModRMOff, 1}, {in.SIBOff, 1}, {in.DispOff, in.DispLen}, {in.ImmOff, in.ImmLen},
	} {
		if part[0]+part[1] > in.Len {
			t.Fatalf("% x: part %v outside %d bytes", code, part, in.Len)
		}
	}
	if in.Enc == Legacy && code[in.OpcodeOff] != in.Opcode {
		t.Fatalf("% x: opcode %#x at %d", code, in.Opcode, in.OpcodeOff)
	}
	if in.Class == Syscall && (in.Map != 1 || code[in.PrefixLen] != 0x0f || code[in.PrefixLen+1] != 0x05) {
		t.Fatalf("% x: taken for a syscall", code)
	}
	// Whatever stands behind it, the instruction is the same.
	var alone Inst
	if Decode(code[:in.Len:in.Len], &alone) != OK || alone != in {
		t.Fatalf("% x: depends on what follows", code)
	}
}

func FuzzDecode(f *testing.F) {
	for _, c := range decodeCases {
		f.Add(unhex(f, c.bytes))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		checkDecode(t, code)
		checkSearch(t, code, 0)
		checkSearch(t, code, len(code)/2)
		checkFinder(t, nil, code, 0x1000)
	})
}

// checkFinder checks that the Finder returns every candidate once, in order, and nothing else.
func checkFinder(t *testing.T, im *Image, text []byte, vaddr uint64) {
	t.Helper()
	var f Finder
	var c Candidate
	f.Init(im, text, vaddr)
	n := 0
	for at := naiveSearch(text, 0, false); at >= 0; at = naiveSearch(text, at+1, false) {
		if !f.Next(&c) || c.Off != at || c.VAddr != vaddr+uint64(at) {
			t.Fatalf("candidate at %d is not returned, but %+v", at, c)
		}
		n++
		if c.Site != (c.Reason == Accepted) || !c.Site && c.PrefixLen != 0 {
			t.Fatalf("%+v", c)
		}
		if c.Site {
			var in Inst
			p := at - int(c.PrefixLen)
			if Decode(text[p:], &in) != OK || in.Class != c.Kind || in.PrefixLen != c.PrefixLen {
				t.Fatalf("%+v: decodes as %v", c, in.Class)
			}
		}
		if c.FuncEnd != 0 && (c.VAddr < c.FuncStart || c.VAddr >= c.FuncEnd) {
			t.Fatalf("%+v: outside its function", c)
		}
	}
	if f.Next(&c) {
		t.Fatalf("one candidate too many: %+v", c)
	}
	if f.Stats.Candidates() != n {
		t.Fatalf("%d candidates counted of %d", f.Stats.Candidates(), n)
	}
}

// checkImage checks what must hold for any bytes taken for an ELF file.
func checkImage(t *testing.T, im *Image) {
	t.Helper()
	var fn Func
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			break
		}
		step := max(len(text)/64, 1)
		for off := 0; off < len(text); off += step {
			v := addr + uint64(off)
			if im.Func(v, &fn) && (v < fn.Start || v >= fn.End || fn.Source == SourceNone) {
				t.Fatalf("%#x: function %+v", v, fn)
			}
		}
		if len(text) <= 1<<16 {
			checkFinder(t, im, text, addr)
		}
	}
	for _, v := range []uint64{0, 1, ^uint64(0), 1 << 63, im.bias, im.hdr, im.frame} {
		im.Func(v, &fn)
		im.Bytes(v, 16)
		im.VAddr(v)
	}
}

// FuzzImage starts from two small libraries: unwind.elf has a search table and no symbols, symbols.elf
// symbols and no unwind data. They come from testdata/small.S:
//
//	gcc -nostdlib -shared -Wl,-z,noseparate-code,--build-id=none,--hash-style=gnu small.S -o symbols.elf
//	gcc -DUNWIND ..., strip -s unwind.elf
func FuzzImage(f *testing.F) {
	for _, path := range []string{"testdata/unwind.elf", "testdata/symbols.elf"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
		f.Add(data, true)
	}
	f.Fuzz(func(t *testing.T, file []byte, memory bool) {
		if len(file) > 1<<18 {
			return
		}
		file = file[:len(file):len(file)]
		var im Image
		if memory {
			if len(file) == 0 || !im.parse(file, true) {
				return
			}
		} else if !im.FromFile(file) {
			return
		}
		checkImage(t, &im)
	})
}
