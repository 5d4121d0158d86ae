package core

import "testing"

func TestSiteTable(t *testing.T) {
	const base, n = 0x7f0000001000, 2000
	for i := uint64(0); i < n; i++ {
		if !addSite(base + i*3) {
			t.Fatalf("table full after %d", i)
		}
	}
	for i := uint64(0); i < n; i++ {
		if !siteAt(base+i*3) || siteAt(base+i*3+1) {
			t.Fatalf("site %d: wrong answer", i)
		}
	}
	// Half of them go; the others must still be found behind the tombstones.
	for i := uint64(0); i < n; i += 2 {
		forget(base+i*3, base+i*3+1, false)
	}
	for i := uint64(0); i < n; i++ {
		if siteAt(base+i*3) != (i%2 == 1) {
			t.Fatalf("site %d after removal: %v", i, i%2 == 0)
		}
	}
	forget(base, base+n*3, false)
	if siteCount != 0 {
		t.Errorf("%d sites left", siteCount)
	}
}

func TestSiteTableRefusesWhenFull(t *testing.T) {
	const base = 0x550000000000
	defer forget(base, base+4*siteSlots, false)
	for i := uint64(0); i < maxSites; i++ {
		if !addSite(base + 2*i) {
			t.Fatalf("full after %d", i)
		}
	}
	if addSite(base + 2*maxSites) {
		t.Error("took one more than maxSites")
	}
}

func TestCodeRanges(t *testing.T) {
	addCode(0x1000, 0x5000)
	addCode(0x9000, 0xa000)
	dropCode(0x2000, 0x3000)
	for _, c := range []struct {
		lo, hi uint64
		want   bool
	}{
		{0x1000, 0x2000, true}, {0x2000, 0x3000, false}, {0x3000, 0x4000, true},
		{0x4fff, 0x6000, true}, {0x5000, 0x9000, false}, {0x0, 0x1000, false}, {0x9fff, 0x10000, true},
	} {
		if got := hasCode(c.lo, c.hi); got != c.want {
			t.Errorf("hasCode(%#x, %#x) = %v", c.lo, c.hi, got)
		}
	}
	dropCode(0, ^uint64(0))
	if hasCode(0, ^uint64(0)) {
		t.Error("ranges left after dropping all")
	}
}

// TestMoveSites moves more sites than fit in any buffer, shrinks, and resizes
// in place.
func TestMoveSites(t *testing.T) {
	const from, to, n = 0x7f1000000000, 0x7f2000000000, 10000
	for i := uint64(0); i < n; i++ {
		addSite(from + 16*i)
	}
	addCode(from, from+16*n)
	moveSites(from, from+16*n, to, 8*n)
	if siteCount != n/2 || hasCode(from, from+16*n) || !hasCode(to, to+1) {
		t.Errorf("%d sites, want %d; code at the old place %v, at the new %v", siteCount, n/2, hasCode(from, from+16*n), hasCode(to, to+1))
	}
	for i := uint64(0); i < n; i++ {
		if siteAt(from+16*i) || siteAt(to+16*i) != (i < n/2) {
			t.Fatalf("site %d: at the old place %v, at the new %v", i, siteAt(from+16*i), siteAt(to+16*i))
		}
	}
	moveSites(to, to+8*n, to, 4*n)
	if siteCount != n/4 || !siteAt(to) || siteAt(to+4*n) {
		t.Errorf("%d sites after shrinking in place, want %d", siteCount, n/4)
	}
	forget(to, to+8*n, false)
	dropCode(0, ^uint64(0))
}
