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
	// Version is "inject01" as a number. It changes with Block.
	Version = 0x31307463656a6e69
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
	// Size is that of the block with its texts and its stack, in bytes.
	Size uintptr
}

// MaxVars is how many variables there can be.
const MaxVars = 8
