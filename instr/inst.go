package instr

// MaxLen is the longest instruction in bytes (SDM volume 2, 2.3.11).
const MaxLen = 15

// Prefix is a set of legacy prefixes, and of REX. The set says which occurred, not how often.
type Prefix uint16

// The prefixes (SDM volume 2, 2.1.1). PrefixRex marks every REX byte, also those that are ignored
// because another prefix follows.
const (
	Prefix66 Prefix = 1 << iota
	Prefix67
	PrefixF2
	PrefixF3
	PrefixLock
	PrefixCS
	PrefixSS
	PrefixDS
	PrefixES
	PrefixFS
	PrefixGS
	PrefixRex
)

// Encoding is the scheme that selects the opcode map.
type Encoding uint8

// The encodings. REX2 (d5) and the extended EVEX of APX are rejected.
const (
	Legacy    Encoding = iota // one-byte map, 0f, 0f 38, 0f 3a
	VEX2                      // c5
	VEX3                      // c4
	EVEX                      // 62
	XOP                       // 8f with map 8, 9 or 10
	ThreeDNow                 // 0f 0f, opcode in the last byte

	numEncodings
)

var encodingNames = [numEncodings]string{"legacy", "vex2", "vex3", "evex", "xop", "3dnow"}

// String returns the encoding in lower case.
func (e Encoding) String() string {
	if e >= numEncodings {
		return "encoding?"
	}
	return encodingNames[e]
}

// Inst is one decoded instruction. All offsets are in bytes from its first byte. A field with
// length 0 is absent and its offset is 0.
type Inst struct {
	Imm int64 // immediate, sign-extended from ImmLen bytes; enter: the 16-bit size only
	Rel int64 // displacement of a direct branch, relative to the following instruction

	Disp     int32 // memory displacement, sign-extended
	Prefixes Prefix

	Len       uint8 // 1 to 15
	PrefixLen uint8 // bytes of legacy prefixes and REX before the opcode, 0f escape or VEX byte
	Class     Class
	Enc       Encoding
	Map       uint8 // 0 one-byte, 1 0f, 2 0f 38, 3 0f 3a; VEX, EVEX and XOP: the map they name
	Opcode    uint8
	OpcodeOff uint8 // of the opcode byte itself, behind escapes
	Rex       uint8 // the REX byte in effect, or 0
	PP        uint8 // mandatory prefix in effect: 0 none, 1 66, 2 f3, 3 f2
	W         uint8 // W bit of REX, VEX, EVEX or XOP
	VL        uint8 // vector length field: 0 128, 1 256, 2 512 bits
	ModRM     uint8
	SIB       uint8
	ModRMOff  uint8
	SIBOff    uint8
	DispOff   uint8
	DispLen   uint8 // 0, 1, 4, and 4 or 8 for the moffs of a0 to a3 (Disp is then its low half)
	ImmOff    uint8
	ImmLen    uint8 // 0, 1, 2, 4 or 8; 3 for enter; a branch displacement is an immediate too

	HasModRM    bool
	HasSIB      bool
	RIPRelative bool // memory operand is Disp + address of the following instruction
	HasTarget   bool // direct branch: Rel is set
	Indirect    bool // jump or call through a register or memory, or far

	// VendorDependent marks a near branch with 66 and without REX.W. Intel ignores the 66 (SDM
	// volume 1, 3.6.1: near branches are 64-bit), AMD takes a 16-bit displacement, two bytes
	// shorter. Decode follows Intel.
	VendorDependent bool
}
