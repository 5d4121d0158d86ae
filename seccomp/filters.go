package seccomp

import "golang.org/x/sys/unix"

// Numbers is how many calls a summary has a bit for.
const Numbers = 512

// set is a set of calls by number.
type set [Numbers / 64]uint64

func (s *set) has(nr uintptr) bool { return nr < Numbers && s[nr/64]>>(nr%64)&1 != 0 }
func (s *set) add(nr uintptr)      { s[nr/64] |= 1 << (nr % 64) }

// State is what is known of the filters in force.
type State struct {
	// always has the calls that all filters let through whatever the arguments.
	always set
	// Of the filters that were there before the program: inherited is set if there
	// are any, before has the calls that they let through, and some a bit for each of
	// the calls of arguments' table that they do.
	inherited bool
	before    set
	some      uint64
	// closed is set if a call that is not in always is taken to be refused: in strict
	// mode, and where a filter could not be kept.
	closed bool
	// strict is set in strict mode.
	strict bool
	// count is how many filters of the program's are kept.
	count int
}

// On is set once there is a filter, or may be one.
var On bool

// Suspended is set while nothing is asked of the filters, as the process is traced so (PTRACE_O_SUSPEND_SECCOMP, ptrace(2)). What will be
// called later is still theirs to judge ([AllowsNumber]).
var Suspended bool

var now State

// filters are those that the program has installed: more are summed up.
var filters [maxFilters][]Insn

const maxFilters = 64

// Allows says whether the filters let a call of our own through: at once, or with
// nothing but a line in the audit log.
func Allows(nr, a0, a1, a2, a3, a4, a5 uintptr) bool {
	if !On || Suspended || now.always.has(nr) {
		return true
	}
	if now.closed || now.inherited && !now.before.has(nr) && !now.someAllow(nr, a0, a1, a2, a3) {
		return false
	}
	var d Data
	d.set(nr, a0, a1, a2, a3, a4, a5)
	// Of the instruction pointer nothing is said: a process with a filter that looks at
	// it runs without us.
	for _, f := range filters[:now.count] {
		if a, known := run(f, &d, ipWords); !known || !passes(a) {
			return false
		}
	}
	return true
}

// AllowsNumber says whether they let a call through whatever its arguments are.
func AllowsNumber(nr int) bool { return !On || now.always.has(uintptr(nr)) }

// AllowsNumbers says so of all of these.
func AllowsNumbers(calls []int) bool {
	for _, nr := range calls {
		if !AllowsNumber(nr) {
			return false
		}
	}
	return true
}

func passes(action uint32) bool {
	action &= unix.SECCOMP_RET_ACTION_FULL
	return action == unix.SECCOMP_RET_ALLOW || action == unix.SECCOMP_RET_LOG
}

// Verdict returns what the filters do with a call of the program's made at ip, which
// is behind its instruction: a SECCOMP_RET_* value, the strictest of all. known is
// false if they are not all known.
func Verdict(nr int64, args *[6]uint64, ip uint64) (action uint32, known bool) {
	action = unix.SECCOMP_RET_ALLOW
	switch {
	case !On:
		return action, true
	case now.strict:
		if !now.always.has(uintptr(nr)) {
			action = unix.SECCOMP_RET_KILL_THREAD
		}
		return action, true
	case now.closed || now.inherited:
		return action, false
	}
	var d Data
	d.set(uintptr(nr), uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
	d[wordIP], d[wordIP+1] = uint32(ip), uint32(ip>>32)
	for _, f := range filters[:now.count] {
		a, known := run(f, &d, 0)
		if !known {
			return 0, false
		}
		// The smaller one as a signed number goes first (seccomp_run_filters,
		// kernel/seccomp.c).
		if int32(a&unix.SECCOMP_RET_ACTION_FULL) < int32(action&unix.SECCOMP_RET_ACTION_FULL) {
			action = a
		}
	}
	return action, true
}

// Save returns what is known now, for [Restore].
func Save() State { return now }

// Restore takes back what was learned since s was saved: the install failed, or it was
// that of a process that shares this memory and has gone its own way.
func Restore(s *State) {
	now = *s
	On = now.inherited || now.closed || now.count > 0
}

// Install takes in a filter. The program must stay where it is; nil stands for one
// that could not be kept, which lets nothing through.
func Install(program []Insn) {
	if !On {
		now.always = set{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	}
	now.take(program)
	if now.count == maxFilters || program == nil {
		now.closed = true
	} else {
		filters[now.count] = program
		now.count++
	}
	On = true
}

// take leaves in always what a filter lets through.
func (s *State) take(program []Insn) {
	var d Data
	d[wordArch] = auditArchX8664
	for nr := range uint32(Numbers) {
		d[wordNumber] = nr
		if a, known := run(program, &d, ipWords|argsWords); !known || !passes(a) {
			s.always[nr/64] &^= 1 << (nr % 64)
		}
	}
}

// InstallStrict takes in strict mode (seccomp(2), SECCOMP_SET_MODE_STRICT).
func InstallStrict() {
	now.always = set{}
	for _, nr := range [...]uintptr{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_EXIT, unix.SYS_RT_SIGRETURN} {
		now.always.add(nr)
	}
	now.closed, now.strict = true, true
	On = true
}
