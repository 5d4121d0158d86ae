package core

import "testing"

func TestWaits(t *testing.T) {
	defer func(was bool) { deferred, reported = was, 0 }(deferred)
	count := func(pcs ...uint64) (n int) {
		reports = [len(reports)]uint64{}
		for n = 0; n < 100; n++ {
			for _, pc := range pcs {
				if !waits(pc) {
					return n
				}
			}
		}
		return n
	}
	const pc = 0x7f1234567890
	deferred = true
	if n := count(pc); n != 100 || reported != 100 {
		t.Errorf("a call is patched after %d reports in all, want %d", n, reportsInAll)
	}
	reported = reportsInAll
	if n := count(pc); n != reportsFirst-1 {
		t.Errorf("a call is patched after %d reports, want %d", n+1, reportsFirst)
	}
	// The last has the entry of the first.
	other := uint64(pc)
	for other += 2; (other>>1^other>>10)%uint64(len(reports)) != (pc>>1^pc>>10)%uint64(len(reports)); other += 2 {
	}
	if n := count(pc, other); n >= reportsFirst {
		t.Errorf("two calls with one entry are patched after %d reports each", n+1)
	}
	if waits(pc); !hasReported(pc, pc+1) || hasReported(pc+1, pc+2) {
		t.Error("hasReported does not know the last call")
	}
	deferred = false
	if waits(pc) {
		t.Error("a call waits though nothing is deferred")
	}
}
