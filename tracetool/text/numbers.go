package text

// Numbers is a set of numbers below 1024; not makes it hold all but those.
type Numbers struct {
	Bits [16]uint64
	Not  bool
}

func (s *Numbers) Has(n int64) bool {
	in := n >= 0 && n < int64(len(s.Bits))*64 && s.Bits[n/64]>>(n%64)&1 != 0
	return in != s.Not
}

// Add adds n to what follows the '!'s.
func (s *Numbers) Add(n int) {
	if n >= 0 && n < len(s.Bits)*64 {
		s.Bits[n/64] |= 1 << (n % 64)
	}
}

func (s *Numbers) Empty() bool { return !s.Not && s.Bits == [16]uint64{} }

// Complete says whether all numbers below n are in the set.
func (s *Numbers) Complete(n int64) bool {
	for i := int64(0); i < n; i++ {
		if !s.Has(i) {
			return false
		}
	}
	return true
}

var everything = Numbers{Not: true}
