package instr

// Candidate is one byte pair 0f 05, 0f 34 or cd 80, and what was found out about it.
type Candidate struct {
	VAddr     uint64 // of the first byte of the pair
	Off       int    // of the same byte in the text
	FuncStart uint64 // of the function that contains it, 0 for none
	FuncEnd   uint64
	Kind      Class // Syscall, Sysenter or Int80
	Site      bool  // proven to be the opcode of an instruction
	PrefixLen uint8 // bytes of prefixes of that instruction before VAddr
	Reason    Reason
	Source    Source

	before uint8 // bytes of the instruction before it, 0 if that is not known
	inside bool  // a direct branch leads into that instruction
}

// Reason says why a candidate is not a site.
type Reason uint8

// The reasons. The first four are proven not to be instructions, the others are in doubt.
const (
	Accepted       Reason = iota // a site
	InImmediate                  // the first byte is in the immediate of an instruction
	InDisplacement               // in a displacement
	InModRM                      // the ModRM or SIB byte
	InOpcode                     // in prefixes or opcode of another instruction
	Undecodable                  // between function start and candidate, or right behind it
	FunctionEnd                  // the instruction reaches over the end of the function
	Overlap                      // a branch in the function leads into the middle of it, or around it
	Unreachable                  // no direct control flow leads there: data behind a jump or return
	Vendor                       // Intel and AMD disagree on a length before it
	TooMany                      // more candidates in one function than are looked at
	NoContext                    // no function, and too few bytes before it
	Unsynchronised               // no function, and the possible decodings disagree
	Implausible                  // no function, and nothing around it looks like a system call

	NumReasons
)

var reasonNames = [NumReasons]string{
	"accepted", "in immediate", "in displacement", "in modrm", "in opcode", "undecodable",
	"function end", "overlap", "unreachable", "vendor", "too many", "no context", "unsynchronised",
	"implausible",
}

// String returns the reason in lower case.
func (r Reason) String() string {
	if r >= NumReasons {
		return "reason?"
	}
	return reasonNames[r]
}

// Stats counts candidates by reason; those under Accepted are the sites.
type Stats [NumReasons]uint32

// Sites is the number of accepted candidates.
func (s *Stats) Sites() int { return int(s[Accepted]) }

// Declined is the number of candidates that are not sites.
func (s *Stats) Declined() int { return s.Candidates() - s.Sites() }

// Candidates is the number of all candidates.
func (s *Stats) Candidates() int {
	n := 0
	for _, k := range s {
		n += int(k)
	}
	return n
}

// Add counts those of t too.
func (s *Stats) Add(t *Stats) {
	for i := range t {
		s[i] += t[i]
	}
}

// kindOf returns the class of the instruction whose first opcode bytes are b.
func kindOf(b []byte) Class {
	switch le16(b) {
	case 0x050f:
		return Syscall
	case 0x340f:
		return Sysenter
	}
	return Int80
}
