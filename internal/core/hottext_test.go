package core

import "testing"

func TestParts(t *testing.T) {
	defer func() { partCount = 0 }()
	partCount = 0
	for i := uint64(0); i < uint64(len(parts))+1; i++ {
		addPart(0x1000*i+0x1000, 0x1000*i+0x1100)
	}
	if !partsFull() || !inPart(0x10ff) || inPart(0x1100) || inPart(0xfff) {
		t.Errorf("%d parts, %v %v %v", partCount, inPart(0x10ff), inPart(0x1100), inPart(0xfff))
	}
	dropCode(0x1080, 0x2001) // the end of the first, the beginning of the second
	if partCount != len(parts)-2 || inPart(0x1000) || inPart(0x2000) || !inPart(0x3000) || !inPart(0x1000*uint64(len(parts))) {
		t.Errorf("%d parts are left, %v %v %v", partCount, inPart(0x1000), inPart(0x2000), inPart(0x3000))
	}
	dropCode(0, ^uint64(0))
	if partCount != 0 {
		t.Errorf("%d parts are left of none", partCount)
	}
}
