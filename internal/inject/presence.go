package inject

// Presence is the variable that e_entry of a library's ELF header leads to (internal/freestanding, dynamic.go). All
// builds share its layout up to Quiet.
type Presence struct {
	Magic uint64
	// By and Len are the name of the tool that is in the process already, if there is one.
	By, Len uint64
	// Quiet is set where an image before has said so.
	Quiet uint64
	// Version is Version in a library that can be injected.
	Version uint64
	// Block is the address of what the library finds, if it was injected.
	Block uint64
}

const (
	// PresenceMagic is "systrap1" as a number.
	PresenceMagic = 0x3170617274737973
	// Version is "inject02" as a number. It changes with Block.
	Version = 0x32307463656a6e69
)

// Block is what an injected library finds, in memory of ours: neither the environment nor a file of the
// program's says anything of us.
type Block struct {
	// Argc, Argv and Envp are what the program starts with.
	Argc, Argv, Envp uintptr
	// Vars are our variables, as an environment has them: "NAME=VALUE", then 0.
	Vars [MaxVars + 1]uintptr
	// Helper is the process that injects, if it is the program's own child, or 0.
	Helper int64
	// Exec is the execve(2) that has made the image, if no library saw that.
	Exec Exec
	// Size is that of the block with its texts and its stack, in bytes.
	Size uintptr
}

// Exec has the arguments of an execve(2), which are addresses in who made it, 0 for none. The path and the environment are to be
// found in the new image, and the arguments, but that a script has its interpreter's before them, and its path in
// place of the first.
type Exec struct {
	Path, Argv, Envp uintptr
	// Argc is how many arguments there are; Arg0 is the address of the first, as text, in the new image.
	Argc, Arg0 uintptr
}

// MaxVars is how many variables there can be.
const MaxVars = 8
