package inject

// Prepared is what `systrap rewrite` (internal/rewrite) leaves beside a library that it has appended to a program or another
// library: the sites that it has prepared there. Presence.Prepared leads to it, and Count sites follow it. Offsets are from where
// the first byte of the file is mapped, in bytes.
// See docs/decisions/rewritten-files.md.
type Prepared struct {
	// Own is that of this structure.
	Own uint64
	// Text and TextEnd bound the code in which the sites lie.
	Text, TextEnd uint64
	Count         uint64
	// Program says whether it is one, and who starts it.
	Program uint64
	// PathLen and Path are the library's file, which programs that this one executes are followed with, and a NUL.
	PathLen uint64
	Path    [512]byte
	// Begun says when the library is started, and so whether Presence.Later is called.
	Begun uint64
	// HookLen and Hook are the file of a hook library (systrap hook-libc), and a NUL.
	HookLen uint64
	Hook    [512]byte
}

// Values of Prepared.Program.
const (
	InLibrary = iota
	ByKernel
	ByLoader // a dynamic loader, which the kernel has started
)

// Values of Prepared.Begun.
const (
	BegunForGood   = iota // a program, or a library by its initialiser: all else has been relocated
	BegunThenLater        // a library by a resolver, and its initialiser calls Presence.Later
	BegunOnly             // by a resolver: it has no initialiser, and no room for one
)

// PreparedSite is a trap in the place of a SYSCALL, and maybe a jump to a slot before it.
type PreparedSite struct {
	Off uint32
	// Before is the length in bytes of the instruction that a jump has replaced, 0 if there is none, Slot the number of the
	// slot in the library's text, and Was what the jump has been written over.
	Before uint8
	Was    [5]byte
	Slot   uint16
	_      [4]byte
}

// NoteName is the name of the note by which other libraries of ours find a Prepared: the last program header is its, and
// its description a NoteDesc.
const NoteName = "libsystrap"

// Note is the note, as the file has it (gABI, chapter 5, "Note Section").
type Note struct {
	NameSize, DescSize, Type uint32
	Name                     [12]byte
	// Presence and Prepared are the offsets of these.
	Presence, Prepared uint64
}
