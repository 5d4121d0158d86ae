package elf64

import (
	"debug/elf"
	"reflect"
	"strings"
	"testing"
)

// TestLayout compares the structs with those of debug/elf, field by field.
func TestLayout(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[Header](), reflect.TypeFor[elf.Header64]()},
		{reflect.TypeFor[Program](), reflect.TypeFor[elf.Prog64]()},
	} {
		ours, theirs := pair[0], pair[1]
		if ours.NumField() != theirs.NumField() || ours.NumField() < 8 || ours.Size() != theirs.Size() {
			t.Fatalf("%v has %d fields and %d bytes, %v %d and %d", ours, ours.NumField(), ours.Size(), theirs, theirs.NumField(), theirs.Size())
		}
		for i := range ours.NumField() {
			a, b := ours.Field(i), theirs.Field(i)
			if a.Offset != b.Offset || a.Type.Size() != b.Type.Size() || !strings.HasPrefix(a.Name, b.Name) {
				t.Errorf("%v.%s at %d, %v.%s at %d", ours, a.Name, a.Offset, theirs, b.Name, b.Offset)
			}
		}
	}
}
