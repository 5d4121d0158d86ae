package instr

import (
	"os"
	"testing"
)

// TestSymbolGapIsRemembered asks for the function at many addresses, in an order that uses what the
// searches before left behind, and compares with an image that was never asked.
func TestSymbolGapIsRemembered(t *testing.T) {
	file, err := os.ReadFile("/lib/x86_64-linux-gnu/libc.so.6")
	if err != nil {
		t.Skip(err)
	}
	var used Image
	if !used.FromFile(file) {
		t.Fatal("not an x86-64 ELF file")
	}
	addr, text, ok := used.Text(0)
	if !ok {
		t.Fatal("no text")
	}
	found, none := 0, 0
	for i := range 400 {
		// Far and near, in and behind functions, and outside the text.
		v := addr - 4096 + uint64(i*7919)%(uint64(len(text))+8192)
		for _, a := range []uint64{v, v + 1, v + 16} {
			var fresh Image
			fresh.FromFile(file)
			var want, got Func
			wantOK := fresh.symbolFunc(a, &want)
			gotOK := used.symbolFunc(a, &got)
			if wantOK != gotOK || wantOK && want != got {
				t.Fatalf("%#x: %v %v, a fresh image says %v %v", a, gotOK, got, wantOK, want)
			}
			if gotOK {
				found++
			} else {
				none++
			}
		}
	}
	if found == 0 || none == 0 {
		t.Errorf("%d addresses in functions, %d not: the test shows nothing", found, none)
	}
}
