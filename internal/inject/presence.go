package inject

import "libsystrap/rawsys"

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
	// Prepared is the address of what it finds, if it was appended to a file.
	Prepared uint64
	// Later is for it to fill in: the address of a function that a file's initialiser calls, where a resolver has started the library.
	Later uint64
	// Arrive is where, from the library's base, an injector has a thread begin that has mapped no more than the library's file
	// (rawsys.Arrive). It is the last word, and internal/freestanding fills it in.
	Arrive uint64
}

const (
	// PresenceMagic is "systrap1" as a number.
	PresenceMagic = 0x3170617274737973
	// Version is "inject06" as a number. It changes with Block and what else is behind Quiet.
	Version = 0x36307463656a6e69
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
	// Processor has bits of what the injector knows of it.
	Processor uint64
	// Attached is set if the program runs already: to AttachedAlone, or to AttachedMore where it has more than one thread.
	Attached uint64
	// Stopped is the signal that has stopped it, or 0.
	Stopped uint64
	// Threads is the address of the first Running of its threads, NumThreads how many there are.
	Threads    uintptr
	NumThreads uint64
	// Arrival is what is done before the library's entry is entered.
	Arrival rawsys.Arrival
	// What follows is the library's to fill in. Dispatch is what is to be set in all other threads, all zero if the
	// program runs untraced.
	Dispatch Dispatch
	// Leave is where it is entered to leave the program, Performed where a thread is that waits in a call of the program's own
	// that the library makes.
	Leave, Performed uint64
}

// Bits of Block.Processor: that it is known, and that there is BMI2 (CPUID.7.0:EBX bit 8), which takes 10 us to ask for where a hypervisor answers.
const (
	ProcessorKnown = 1 << iota
	ProcessorBMI2
)

// Values of Block.Attached.
const (
	AttachedAlone = 1
	AttachedMore  = 2
)

// Running is a thread of a program that runs already.
type Running struct {
	Tid int64
	// Mask has the bits of our signals that it blocks.
	Mask uint64
	// Stack is for the library to fill in: the alternate stack (sigaltstack(2)) that it is to have; what it has had
	// goes to address Old. There is none if Old is 0.
	Stack [3]uint64
	Old   uint64
	// Info are the addresses where the siginfo_t of a SIGILL and of a SIGSYS is kept that the thread has blocked, Pending that of
	// the word of their bits. None and Sets are what rt_sigtimedwait(2) takes them from the kernel with.
	Info    [2]uint64
	Pending uint64
	None    [2]uint64
	Sets    [2]uint64
}

// Dispatch is struct ptrace_sud_config (include/uapi/linux/ptrace.h): what PR_SET_SYSCALL_USER_DISPATCH sets.
type Dispatch struct {
	Mode, Selector, Offset, Len uint64
}

// Leaving is what the library is entered with to leave the program, and what it tells. Left is of its threads, of
// which there are Count.
type Leaving struct {
	Count int64
	// Stays is set if the library cannot leave: a process that shares the memory, but not the handlers, runs in it.
	Stays uint64
	// Patched is set if traps of ours are left in the program's text.
	Patched uint64
	// End is behind all memory of ours, from Library.Base on.
	End uint64
}

// Left is what the library knows of a thread.
type Left struct {
	Tid int64
	// Known is set if the thread has been trapped: then Alt is its alternate stack (sigaltstack(2)), and Blocked are
	// the bits of our signals that it blocks.
	Known, Blocked uint64
	Alt            [3]uint64
	// R14 is that of a thread at Block.Performed, else 0: Regs are the program's then, and Fp is where FpSize bytes of
	// the processor's extended state are.
	R14        uint64
	Regs       [27]uint64
	Fp, FpSize uint64
	// Signals are those that are held for the thread, Held of them, each a siginfo_t. It has to send them to itself:
	// what tgkill(2) has sent can nobody else.
	Held    uint64
	Signals [MaxHeld][128]byte
}

// MaxHeld is how many signals there can be.
const MaxHeld = 20

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
