package e2e

// knownDifference says why a test's trapped run differs from its native one.
type knownDifference struct {
	reason string
	// sometimes is set when only some runs differ.
	sometimes bool
}

// knownDifferences lists, by test name, what is not transparent yet, or cannot
// be. A test that stops to differ fails until its entry is gone: the list only
// shrinks.
var knownDifferences = map[string]knownDifference{
	// Cannot be, with a trap that is a signal.
	"ptrace_stops":      {reason: "a tracer inside the program sees its tracee stop for our SIGILL; the kernel has no way to hide it"},
	"seccomp_sigreturn": {reason: "a filter that forbids rt_sigreturn forbids the trap's return"},
	"stack_none":        {reason: "the kernel puts the trap's signal frame at rsp, which must point at a stack"},

	// Not yet: a handler that interrupts a blocking call finds our context in its
	// frame, not the program's (ARCHITECTURE.md, Limits).
	"signal_context": {reason: "pc, stack and registers in the frame of a handler that interrupted a call are ours"},
	"musl_cancel":    {reason: "musl's cancellation looks at that pc, and tries again for ever"},
	"mask_waits":     {reason: "uc_sigmask in that frame lacks SIGILL, which the program blocks virtually"},
	"signal_basic":   {reason: "a handler whose sa_mask has SIGILL does not read it back as blocked"},
	"mask_wait_ill":  {reason: "a SIGILL that is held is not read from a signalfd"},
}
