package instr

// Class is the part an instruction plays in control flow and in making system calls.
type Class uint8

// The classes. Everything that falls through and needs no special care is Other.
const (
	Other    Class = iota
	Syscall        // 0f 05
	Sysenter       // 0f 34
	Int80          // cd 80
	UD2            // 0f 0b
	Jump           // jmp, direct or indirect, near or far
	CondJump       // jcc, loop, loopcc, jrcxz and xbegin
	Call           // call, direct or indirect, near or far
	Ret            // ret, retf, iret
	Nop            // 90, f3 90 (pause), 0f 1f, the hint space of 0f 1e with endbr32/64
	Int3           // cc
	Hlt            // f4
	UD             // ud0 (0f ff) and ud1 (0f b9)

	numClasses
)

var classNames = [numClasses]string{
	"other", "syscall", "sysenter", "int80", "ud2", "jump", "condjump", "call", "ret", "nop",
	"int3", "hlt", "ud",
}

// String returns the class in lower case.
func (c Class) String() string {
	if c >= numClasses {
		return "class?"
	}
	return classNames[c]
}

// EndsFlow reports whether execution never continues at the following instruction.
func (c Class) EndsFlow() bool {
	const set = 1<<UD2 | 1<<Jump | 1<<Ret | 1<<Hlt | 1<<UD
	return c < numClasses && set>>c&1 != 0
}

// Status is the outcome of decoding.
type Status uint8

// The outcomes of [Decode].
const (
	OK        Status = iota
	Truncated        // the instruction goes on behind the end of the slice
	Invalid          // no instruction in 64-bit mode, or one this package rejects (see [Decode])
	TooLong          // more than 15 bytes

	numStatuses
)

var statusNames = [numStatuses]string{"ok", "truncated", "invalid", "too long"}

// String returns the status in lower case.
func (s Status) String() string {
	if s >= numStatuses {
		return "status?"
	}
	return statusNames[s]
}
