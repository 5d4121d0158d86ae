package abi

// Count returns how many arguments a call has.
func (r *Call) Count() int {
	n := 0
	for n < len(r.Args) && r.Args[n] != None && r.Args[n] != Restart && r.Args[n] != Sigreturn {
		n++
	}
	return n
}
