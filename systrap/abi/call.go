package abi

// Call is what is known of one system call.
type Call struct {
	// Name is the kernel's (syscall_64.tbl), as strace has it.
	Name string
	// Classes are those of strace's -e trace=%….
	Classes Class
	// Result says what the call returns.
	Result ResultKind
	// Args says what each argument is, up to a None.
	Args [6]Kind
}

// unknown is the row of a number without a call.
var unknown = Call{Result: ResultHex, Args: [6]Kind{Raw, Raw, Raw, Raw, Raw, Raw}}

// Unknown returns the row of a number without a call: six numbers.
func Unknown() *Call { return &unknown }

// Lookup returns the row of call nr; ok is false for a number without a call, whose row is Unknown's.
func Lookup(nr int64) (c *Call, ok bool) {
	if nr < 0 || nr >= int64(len(Calls)) || Calls[nr].Name == "" {
		return &unknown, false
	}
	return &Calls[nr], true
}

// Name returns the name of call nr, such as "openat", or "" for a number without a call.
func Name(nr int64) string {
	if c, ok := Lookup(nr); ok {
		return c.Name
	}
	return ""
}

// Number returns the number of the call of that name.
func Number(name string) (nr int64, ok bool) {
	for i := range Calls {
		if Calls[i].Name == name && name != "" {
			return int64(i), true
		}
	}
	return 0, false
}

// Count returns how many arguments a call has.
func (c *Call) Count() int {
	n := 0
	for n < len(c.Args) && c.Args[n] != None && c.Args[n] != Restart && c.Args[n] != Sigreturn {
		n++
	}
	return n
}

// Arg returns what argument i is, and the memory that it points to.
func (c *Call) Arg(i int) Arg {
	k := c.Args[i]
	a := Arg{Kind: k}
	if k < KindEnd {
		a.Memory = shapes[k]
	}
	switch a.Memory.Arg {
	case next:
		a.Memory.Arg = int8(i + 1)
	case before:
		a.Memory.Arg = int8(i - 1)
	}
	return a
}
