package tracetool

// numbers is a set of numbers below 1024; not makes it hold all but those.
type numbers struct {
	bits [16]uint64
	not  bool
}

func (s *numbers) has(n int64) bool {
	in := n >= 0 && n < int64(len(s.bits))*64 && s.bits[n/64]>>(n%64)&1 != 0
	return in != s.not
}

// add adds n to what follows the '!'s.
func (s *numbers) add(n int) {
	if n >= 0 && n < len(s.bits)*64 {
		s.bits[n/64] |= 1 << (n % 64)
	}
}

func (s *numbers) empty() bool { return !s.not && s.bits == [16]uint64{} }

// complete says whether all numbers below n are in the set.
func (s *numbers) complete(n int64) bool {
	for i := int64(0); i < n; i++ {
		if !s.has(i) {
			return false
		}
	}
	return true
}

var everything = numbers{not: true}
