package core

import "testing"

// TestLeadsTo: where a jump leads with breakpoints in the bytes that it has in common with its site and with what is behind; and
// that no other place is taken for that.
func TestLeadsTo(t *testing.T) {
	const s = 0
	oldSite, oldBefore, oldPlace := slotSite[s], slotBefore[s], slotPlace[s]
	defer func() { slotSite[s], slotBefore[s], slotPlace[s] = oldSite, oldBefore, oldPlace }()
	const site = 0x7f0012345678
	for _, c := range []struct {
		before uint8
		rel    uint32
		is     uint32
		want   bool
	}{
		{2, 0x480b0f10, 0x480b0f10, false}, // it leads to its slot
		{2, 0x480b0f10, 0x480bcc10, true},  // at the site
		{2, 0x480b0f10, 0x48cc0f10, true},  // its second byte
		{2, 0x480b0f10, 0xcc0b0f10, true},  // behind it
		{2, 0x480b0f10, 0xcc0bcc10, true},  // both
		{2, 0x480b0f10, 0x480b0fcc, false}, // the jump's own
		{2, 0x480b0f10, 0x480b0e10, false}, // no breakpoint
		{3, 0x0b0f1234, 0x0bcc1234, true},
		{3, 0x0b0f1234, 0xcc0f1234, true},
		{3, 0x0b0f1234, 0x0b0fcc34, false},
		{4, 0x0f123456, 0xcc123456, true},
		{4, 0x0f123456, 0x0fcc3456, false},
		{5, 0x0f123456, 0xcc123456, false}, // it has nothing in common
	} {
		next := uint64(site) - uint64(c.before) + jumpSize
		slotSite[s], slotBefore[s], slotPlace[s] = site, c.before, next+uint64(int64(int32(c.rel)))
		if got := leadsTo(s, next+uint64(int64(int32(c.is)))); got != c.want {
			t.Errorf("%d bytes, %#x as %#x: %v", c.before, c.rel, c.is, got)
		}
	}
	if slotPlace[s] = site; leadsTo(s, site+1<<40) {
		t.Error("a place that no jump leads to")
	}
}
