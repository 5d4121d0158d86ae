package launch

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// Attach is what is put into a program that runs.
type Attach struct {
	// Pid is a process, or one of its threads.
	Pid int
	// Library is a descriptor of the library's file, Fds are others that the program is to be given, -1 for none.
	Library int
	Fds     [4]int
	// Vars returns the library's variables, once the numbers are known that Fds and Library have in the program.
	Vars func(fds [4]int, library int) []string
}

// Attached is a program with a library of ours in it.
type Attached struct {
	Pid, Process, Threads int
	base                  uint64
	library               inject.Library
}

// stopped is a process all of whose threads stand still. The first is the one in which calls are made.
type stopped struct {
	work    inject.Work
	process int
	threads []*inject.Tracee // the first is work's
	known   map[int]bool     // those that have been met
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

// check says why nothing is to be done to the process, before it is stopped.
func (a *Attach) check(process int) error {
	status := fmt.Sprintf("/proc/%d/status", a.Pid)
	if filters := statusOf(status, "Seccomp"); filters != "" && filters != "0" {
		return &Refused{What: "has a seccomp filter, which may not let the library's calls through"}
	}
	return nil
}

// checkStopped says it of one that is stopped.
func (s *stopped) checkStopped() error {
	const userCS = 0x33
	for _, t := range s.threads {
		if t.Regs.Cs != userCS {
			return &Refused{What: "is a 32-bit program"}
		}
		var d inject.Dispatch
		switch r := t.GetDispatch(&d); {
		case r != 0:
			return &Refused{"its system calls cannot be reported (PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG, Linux 6.4)", unix.Errno(-r)}
		case d.Mode != 0:
			return &Refused{What: "has its system calls reported already (PR_SET_SYSCALL_USER_DISPATCH)"}
		}
	}
	return nil
}

// Start attaches to the program. The caller must be locked to its thread. If it fails, the error being a Refused, the program goes on as it was.
func (a *Attach) Start() (*Attached, error) {
	one.Lock()
	defer one.Unlock()
	process, err := strconv.Atoi(statusOf(fmt.Sprintf("/proc/%d/status", a.Pid), "Tgid"))
	if err != nil {
		return nil, &Refused{fmt.Sprintf("ptrace(PTRACE_SEIZE, %d)", a.Pid), unix.ESRCH}
	}
	if err := a.check(process); err != nil {
		return nil, err
	}
	p := &Attached{Pid: a.Pid, Process: process}
	if f := p.library.Read(int64(a.Library)); f.Failed() {
		return nil, refused(f)
	}
	p.base = p.library.Base
	s, err := halt(a.Pid, process, nil)
	if err != nil {
		return nil, err
	}
	p.Threads = len(s.threads)
	if err := s.checkStopped(); err != nil {
		s.release()
		return nil, err
	}
	if err := a.put(s, p); err != nil {
		s.release()
		return nil, err
	}
	return p, nil
}

// put puts the library into a process that is stopped, which goes on if that is done.
func (a *Attach) put(s *stopped, p *Attached) error {
	w := &s.work
	var others []inject.Running
	for _, t := range s.threads {
		if !t.ReadMask() {
			return &Refused{What: "has ended", Errno: unix.ESRCH}
		}
		if t != &w.Tracee {
			others = append(others, inject.Running{Tid: t.Tid, Mask: t.Mask & inject.OwnSignals})
		}
	}
	w.Lib = &p.library
	f := w.Reserve(auxvOf(s.process))
	mask := w.Mask
	if !f.Failed() {
		f = a.inject(s, others)
	}
	if f.Failed() {
		w.Undo()
		w.Release()
		w.SetMask(mask)
		return refused(f)
	}
	s.giveStacks()
	d := w.Block.Dispatch
	for _, t := range s.threads {
		if t == &w.Tracee {
			continue
		}
		if t.Mask&inject.OwnSignals != 0 {
			t.SetMask(t.Mask &^ inject.OwnSignals)
		}
		t.SetDispatch(&d)
	}
	w.Release()
	w.SetMask(mask &^ inject.OwnSignals)
	s.release()
	return nil
}

// giveStacks gives the threads the alternate stacks that the library has for them.
func (s *stopped) giveStacks() {
	w := &s.work
	b := w.Block
	list := make([]inject.Running, b.NumThreads)
	const each = unsafe.Sizeof(inject.Running{})
	if len(list) == 0 || w.Read(uint64(b.Threads), unsafe.Pointer(&list[0]), uintptr(len(list))*each) != uintptr(len(list))*each {
		return
	}
	i := 0
	for _, t := range s.threads {
		if t == &w.Tracee {
			continue
		}
		at := uint64(b.Threads) + uint64(i)*uint64(each) + uint64(unsafe.Offsetof(list[i].Stack))
		if old := list[i].Old; old != 0 {
			t.Calls(&w.Tracee)
			mask := t.Mask
			t.HoldSignals(0)
			t.Call(unix.SYS_SIGALTSTACK, at, old, 0, 0, 0, 0)
			t.Settle()
			t.SetMask(mask)
		}
		i++
	}
}

// inject makes the block and has the library put into the process.
func (a *Attach) inject(s *stopped, others []inject.Running) inject.Failure {
	w := &s.work
	given := []int{a.Library}
	for _, fd := range a.Fds {
		if fd >= 0 {
			given = append(given, fd)
		}
	}
	there, f := give(w, s.process, given)
	if f.Failed() {
		return f
	}
	for i := range w.Fds {
		w.Fds[i] = -1
	}
	for i, fd := range there {
		w.Fds[i] = int64(fd)
	}
	var fds [4]int
	at := 1
	for i, fd := range a.Fds {
		fds[i] = -1
		if fd >= 0 {
			fds[i] = there[at]
			at++
		}
	}
	w.Fd, w.Keep = int64(there[0]), true // for those that it executes
	block := newBlock(a.Vars(fds, there[0]), nil, others)
	w.Block, w.BlockSize = (*inject.Block)(unsafe.Pointer(&block[0])), uintptr(len(block)*8)
	b := w.Block
	b.Attached = inject.AttachedAlone
	if len(s.threads) > 1 {
		b.Attached = inject.AttachedMore
	}
	b.Stopped = uint64(w.Stopped)
	start := startStackOf(s.process)
	argc := uint64(0)
	if start == 0 || w.Read(start, unsafe.Pointer(&block[len(block)-1]), 8) != 8 {
		return inject.Failure{What: "its arguments cannot be found"}
	}
	argc, block[len(block)-1] = block[len(block)-1], 0
	b.Argc, b.Argv, b.Envp = uintptr(argc), uintptr(start+8), uintptr(start+8*(argc+2))
	f = w.Attach()
	runtime.KeepAlive(block)
	return f
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
