package freestanding

import (
	"reflect"
	"testing"
	"unsafe"
)

// TestTypeHashPlace compares typeHead with the descriptors of two types that have the same layout: they
// differ in the hash.
func TestTypeHashPlace(t *testing.T) {
	type eface struct {
		typ, data unsafe.Pointer
	}
	head := func(v any) *typeHead { return (*typeHead)((*eface)(unsafe.Pointer(&v)).typ) }
	size := func(v any) uintptr { return reflect.TypeOf(v).Size() }
	a, b := [5]int32{}, [5]uint32{}
	if ha, hb := head(a), head(b); ha.size != size(a) || hb.size != size(b) || ha.ptrBytes != 0 || ha.hash == hb.hash || ha.hash == 0 {
		t.Errorf("descriptors of %T, %T begin with %+v, %+v", a, b, *ha, *hb)
	}
}

// TestTypeDescriptorsEmptied looks for what pointers' scans could take for one (decision
// type-descriptors-emptied): in the file, the descriptors have hashes and nothing else.
func TestTypeDescriptorsEmptied(t *testing.T) {
	im, err := readImage(good(t, "features"))
	if err != nil {
		t.Fatal(err)
	}
	types := newDataMap(im).types
	b := im.bytes(types.start, types.end-types.start)
	if len(b) < 1024 {
		t.Fatalf("%d bytes of type descriptors", len(b))
	}
	hashes := 0
	for at := 0; at+wordSize <= len(b); at += wordSize {
		word := *(*uint64)(unsafe.Pointer(&b[at]))
		switch {
		case word>>32 != 0:
			t.Fatalf("the word at %#x is %#x", types.start+uint64(at), word)
		case word != 0:
			hashes++
		}
	}
	if hashes < 7 || hashes > 64 {
		t.Errorf("%d hashes are left: the fixture's type switch has nine types", hashes)
	}
}
