package freestanding

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// TestFaultTableCoversEachRedirectedCall reads the table of a finished library as the fatal stub
// does, and compares it with what the verifier saw.
func TestFaultTableCoversEachRedirectedCall(t *testing.T) {
	im, err := readImage(good(t, "features"))
	if err != nil {
		t.Fatal(err)
	}
	section := im.section(faultSection).hdr
	table := im.bytes(section.Addr, section.Size)
	variable, ok := symbolNamed(im.objects, "libsystrap/internal/freestanding/testdata/base."+faultVariable)
	if !ok || im.relocs[variable.addr] != section.Addr {
		t.Fatalf("the variable holds %#x, the table is at %#x", im.relocs[variable.addr], section.Addr)
	}
	texts := map[uint64]string{}
	n := int(binary.LittleEndian.Uint32(table))
	for k := range n {
		rec := table[faultHeaderSize+k*faultRecordSize:]
		at, size := le32(rec[4:]), le32(rec[8:])
		texts[section.Addr+uint64(int64(int32(le32(rec))))] = string(table[at : at+size])
	}
	meta, err := readMetadata(im)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := im.readLines()
	if err != nil {
		t.Fatal(err)
	}
	faults := walk(im, meta, lines, true).faults
	if len(faults) != n || len(texts) != n || n == 0 {
		t.Errorf("%d records, %d of them different, for %d redirected calls", n, len(texts), len(faults))
	}
	for _, f := range faults {
		what, _ := faultOf(f.name)
		kinds := []string{what}
		if f.name == "runtime.panicBounds" {
			kinds = boundsKinds
		}
		text := texts[f.next]
		if !slices.ContainsFunc(kinds, func(k string) bool { return strings.HasSuffix(text, ": "+k+" in "+f.in.name) }) {
			t.Errorf("the call of %s in %s is recorded as %q", f.name, f.in.name, text)
		}
	}
}
