package tracetool

// count returns how many arguments a call has.
func (r *row) count() int {
	n := 0
	for n < len(r.args) && r.args[n] != kNone && r.args[n] != kRestart && r.args[n] != kSigreturn {
		n++
	}
	return n
}
