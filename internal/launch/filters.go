package launch

import (
	"fmt"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/seccomp"
)

// A program that runs behind seccomp filters: what is called in it while it is stopped is not for them to judge, and what the library
// calls later it judges itself. Both are for a tracer that may look at filters: one that has CAP_SYS_ADMIN, and is behind none itself.
// See docs/decisions/attach.md.

// suspend has no filter looked at in the threads, which stand still, until they are let go: not before they are at rest, as calls of the
// program's are theirs to judge. It says whether there are any, and whether that could be done.
func (s *stopped) suspend() (filtered, ok bool) {
	for _, t := range s.threads {
		switch statusOf(fmt.Sprintf("/proc/%d/task/%d/status", s.process, t.Tid), "Seccomp") {
		case "", "0":
			continue
		case "2": // SECCOMP_MODE_FILTER
			if t.SetOptions(seizeOptions|inject.SuspendSeccomp) == 0 {
				filtered = true
				continue
			}
		}
		return true, false
	}
	return filtered, true
}

// filters suspends the filters and sums up what all of all threads let through, nil if there are none; or it says why nothing can be put into
// the process.
func (s *stopped) filters() (*[seccomp.SummaryWords]uint64, error) {
	filtered, ok := s.suspend()
	if !ok {
		return nil, &Refused{What: "has a seccomp filter, which may not let the library's calls through"}
	}
	if !filtered {
		return nil, nil
	}
	var programs [][]seccomp.Insn
	for _, t := range s.threads {
		for i := 0; ; i++ {
			p, err := filterOf(t, i)
			if err == unix.ENOENT {
				break
			}
			if err != 0 {
				return nil, &Refused{"has a seccomp filter, which cannot be read", err}
			}
			if !slices.ContainsFunc(programs, func(q []seccomp.Insn) bool { return slices.Equal(p, q) }) {
				programs = append(programs, p)
			}
		}
	}
	var sum [seccomp.SummaryWords]uint64
	seccomp.SummaryOf(programs, &sum)
	if !seccomp.Dispatches(&sum) {
		return nil, &Refused{What: "has a seccomp filter that does not let new threads have their calls reported (prctl)"}
	}
	return &sum, nil
}

// filterOf returns filter i of t, or ENOENT if it has no more. A thread that has none says EINVAL.
func filterOf(t *inject.Tracee, i int) ([]seccomp.Insn, unix.Errno) {
	n := t.Filter(i, nil)
	switch {
	case n == -int64(unix.EINVAL) && i == 0:
		return nil, unix.ENOENT
	case n <= 0:
		return nil, unix.Errno(-n)
	}
	p := make([]seccomp.Insn, n)
	if t.Filter(i, unsafe.Pointer(&p[0])) != n {
		return nil, unix.EINVAL
	}
	return p, 0
}
