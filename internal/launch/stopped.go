package launch

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// stopped is a process all of whose threads stand still. The first is the one in which calls are made.
type stopped struct {
	work    inject.Work
	process int
	threads []*inject.Tracee // the first is work's
	known   map[int]bool     // those that have been met
	byCall  bool             // the kernel has no request for dispatch (before Linux 6.4): threads call prctl(2) themselves
	leaving *inject.Library
	xstate  []byte
}

const seizeOptions = inject.TraceSysgood

// halt stops all threads of a process, of which tid is one. What is stopped when it fails goes on.
// leaving is the library that is to leave it, or nil.
func halt(tid, process int, leaving *inject.Library) (*stopped, error) {
	s := &stopped{process: process, leaving: leaving, xstate: make([]byte, xstateSize)}
	s.work.VDSO = vdso()
	s.work.Xstate, s.work.XstateSize = &s.xstate[0], xstateSize
	s.work.Tid = int64(tid)
	if err := s.add(&s.work.Tracee); err != nil {
		return nil, err
	}
	s.known = map[int]bool{tid: true}
	if err := s.addAll(); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// addAll stops the threads that have not been stopped, and those that they make meanwhile.
func (s *stopped) addAll() error {
	for more := true; more; {
		more = false
		entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.process))
		if err != nil {
			return &Refused{"its threads", unix.ESRCH}
		}
		for _, e := range entries {
			t, _ := strconv.Atoi(e.Name())
			if s.known[t] {
				continue
			}
			s.known[t], more = true, true
			if err := s.add(&inject.Tracee{Tid: int64(t)}); err != nil && err.(*Refused).Errno != unix.ESRCH && !zombie(t) {
				return err
			}
		}
	}
	return nil
}

// add stops a thread.
func (s *stopped) add(t *inject.Tracee) error {
	t.NoCopies = Forbidden.Copies
	if r := t.Seize(seizeOptions); r != 0 {
		return &Refused{fmt.Sprintf("ptrace(PTRACE_SEIZE, %d)", t.Tid), unix.Errno(-r)}
	}
	if s.leaving != nil {
		t.Base, t.End = s.leaving.Base, s.leaving.End
	}
	if t.Halt() == inject.Ended {
		return &Refused{fmt.Sprintf("thread %d", t.Tid), unix.ESRCH}
	}
	s.threads = append(s.threads, t)
	return nil
}

// inner is the id that the thread has for itself, in its PID namespace.
func (s *stopped) inner(t *inject.Tracee) int64 {
	return innermost(fmt.Sprintf("/proc/%d/task/%d/status", s.process, t.Tid), "NSpid", t.Tid)
}

// innermost is the last id in a field of a file of /proc (NSpid and NStgid, proc(5)), or outer where it has none.
func innermost(status, field string, outer int64) int64 {
	ids := strings.Fields(statusOf(status, field))
	if len(ids) == 0 {
		return outer
	}
	id, _ := strconv.ParseInt(ids[len(ids)-1], 10, 64)
	return id
}

// release lets all go on.
func (s *stopped) release() {
	for _, t := range s.threads {
		t.Detach()
	}
}

// statusOf returns a field of /proc/PID/status, "" if there is none.
func statusOf(path, field string) string {
	text, _ := os.ReadFile(path)
	for _, line := range strings.Split(string(text), "\n") {
		if v, ok := strings.CutPrefix(line, field+":"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func zombie(tid int) bool {
	state := statusOf(fmt.Sprintf("/proc/%d/status", tid), "State")
	return state == "" || state[0] == 'Z' || state[0] == 'X'
}

// pendingOf returns the signals in fields of a file of /proc, as a mask.
func pendingOf(status string, fields ...string) (set uint64) {
	for _, f := range fields {
		n, _ := strconv.ParseUint(statusOf(status, f), 16, 64)
		set |= n
	}
	return set
}

// startStackOf is where the arguments of a process begin (proc(5), stat, startstack), 0 if that is not known.
func startStackOf(pid int) uint64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	const field = 28 - 3 // behind the name
	if fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])); len(fields) > field {
		n, _ := strconv.ParseUint(fields[field], 10, 64)
		return n
	}
	return 0
}

// auxvOf is where the vDSO of a process is, or 0.
func auxvOf(pid int) uintptr {
	const atSysinfoEhdr = 33 // AT_SYSINFO_EHDR (getauxval(3))
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", pid))
	for i := 0; i+16 <= len(text); i += 16 {
		if e := *(*[2]uint64)(unsafe.Pointer(&text[i])); e[0] == atSysinfoEhdr {
			return uintptr(e[1])
		}
	}
	return 0
}

// setDispatch sets what the calls of a thread, in which calls can be made, are reported by. Those that are made there are not
// while pause is in force.
func (s *stopped) setDispatch(t *inject.Tracee, d inject.Dispatch) {
	if s.byCall {
		t.Call(unix.SYS_PRCTL, unix.PR_SET_SYSCALL_USER_DISPATCH, d.Mode, d.Offset, d.Len, d.Selector, 0)
		return
	}
	t.SetDispatch(&d)
}

// pause has no call reported, in no thread, until it is called with false.
func (s *stopped) pause(on bool) {
	selector := new(uint64) // SYSCALL_DISPATCH_FILTER_ALLOW (include/uapi/linux/prctl.h)
	if !on {
		*selector = 1 // SYSCALL_DISPATCH_FILTER_BLOCK
	}
	s.work.Write(s.work.Block.Dispatch.Selector, unsafe.Pointer(selector), 1)
}
