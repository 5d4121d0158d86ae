package rawsys

// Arrival is what [Arrive] is given: a library of which no more is in the process than its code.
type Arrival struct {
	// Steps are the calls to be made, of which there are N.
	Steps [MaxSteps]Step
	N     uintptr
	// Value is stored at the address Where when they have been made.
	Where, Value uintptr
	// Entry is jumped to then, with Args.
	Entry uintptr
	Args  [3]uintptr
}

// MaxSteps is how many an Arrival has room for.
const MaxSteps = 20

// Arrive is where a thread begins that another process has a library put into it, with the address of an [Arrival] in RDI. It makes the calls
// at Steps; among them are those that map the library's data, which compiled code needs. If one fails, the thread stops itself (SIGSTOP) with
// the result in R12 and the stack pointer as it was.
//
//systrap:leaves
func Arrive()
