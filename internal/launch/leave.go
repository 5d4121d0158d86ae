package launch

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// Detach takes the library out of the program, which goes on, and returns which threads it has. The caller must be locked to
// its thread.
func (p *Attached) Detach() ([]int, error) {
	one.Lock()
	defer one.Unlock()
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		tids, err := p.detach()
		switch {
		case err == nil || err == errFiltered || time.Since(begun) > restTime:
			return tids, err
		case !p.there():
			return nil, &Refused{"the process", unix.ESRCH}
		}
		// It is executing a program, for which it is traced, or has done so.
	}
}

var errFiltered error = &Refused{What: "has a seccomp filter, which may not let the calls through that this takes"}

func (p *Attached) detach() ([]int, error) {
	s, err := p.haltAny()
	if err != nil {
		return nil, err
	}
	defer s.release()
	s.byCall = p.byCall
	if err := p.bringToRest(s); err != nil {
		return nil, err
	}
	if _, ok := s.suspend(); !ok {
		return nil, errFiltered
	}
	if err := p.leave(s); err != nil {
		return nil, err
	}
	tids := make([]int, len(s.threads))
	for i, t := range s.threads {
		tids[i] = int(t.Tid)
	}
	return tids, nil
}

// there says whether the library is in the process, or may be soon.
func (p *Attached) there() bool {
	maps, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p.Process))
	return strings.Contains(string(maps), fmt.Sprintf("%x-", p.base)) || statusOf(fmt.Sprintf("/proc/%d/status", p.Process), "TracerPid") > "0"
}

// Holding returns the processes besides the caller that have pipe open, to which the library of p has come: what p has made.
func (p *Attached) Holding(pipe *os.File) []*Attached {
	info, err := pipe.Stat()
	if err != nil {
		return nil
	}
	link := fmt.Sprintf("pipe:[%d]", info.Sys().(*syscall.Stat_t).Ino)
	entries, _ := os.ReadDir("/proc")
	var found []*Attached
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		dir := fmt.Sprintf("/proc/%d/fd/", pid)
		fds, _ := os.ReadDir(dir)
		for _, fd := range fds {
			if to, _ := os.Readlink(dir + fd.Name()); to == link {
				found = append(found, &Attached{Pid: pid, Process: pid, base: p.base, library: p.library, byCall: p.byCall})
				break
			}
		}
	}
	return found
}

// haltAny is halt for a process whose thread that was attached to may have ended.
func (p *Attached) haltAny() (*stopped, error) {
	s, err := halt(p.Pid, p.Process, &p.library)
	if err == nil {
		return s, nil
	}
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.Process))
	for _, e := range entries {
		tid, _ := strconv.Atoi(e.Name())
		if s, again := halt(tid, p.Process, &p.library); again == nil {
			return s, nil
		}
	}
	return nil, err
}

// restTime is how long the threads are waited for that are in the library's code.
const restTime = 5 * time.Second

// bringToRest lets the threads that are in the library's code go on, one after the other, until they are out of it, or in a
// call of the program's that the kernel is going to make again. What the others may hold is the program's.
func (p *Attached) bringToRest(s *stopped) error {
	w := &s.work
	w.Lib = &p.library
	w.Block = new(inject.Block)
	if w.Read(p.base+inject.BlockAt, unsafe.Pointer(w.Block), unsafe.Sizeof(*w.Block)) != unsafe.Sizeof(*w.Block) {
		return &Refused{What: "has executed another program, or has ended"}
	}
	for begun := time.Now(); ; {
		if err := s.addAll(); err != nil {
			return err
		}
		rest := true
		for i := 0; i < len(s.threads); i++ {
			t := s.threads[i]
			for n := 0; !p.atRest(s, t); n++ {
				if n == 8 {
					rest = false // it may wait for another one
					break
				}
				t.Go()
				time.Sleep(time.Duration(n+1) * 20 * time.Microsecond)
				if t.Halt() == inject.Ended {
					if t == &w.Tracee {
						return &Refused{What: "has ended meanwhile", Errno: unix.ESRCH}
					}
					s.threads = append(s.threads[:i], s.threads[i+1:]...)
					i--
					break
				}
			}
		}
		if rest && !s.anyNew() {
			return nil
		}
		if time.Since(begun) > restTime {
			return &Refused{What: "is in the library's own code all the time"}
		}
	}
}

// atRest says whether a thread is not in the library's code, nor about to come there.
func (p *Attached) atRest(s *stopped, t *inject.Tracee) bool {
	if p.inLibrary(t) && !(t.Regs.Rip == s.work.Block.Performed && t.Restarts()) {
		return false
	}
	return pendingOf(fmt.Sprintf("/proc/%d/task/%d/status", s.process, t.Tid), "SigPnd")&inject.OwnSignals == 0
}

// anyNew says whether there are threads that have not been met.
func (s *stopped) anyNew() bool {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.process))
	for _, e := range entries {
		if t, _ := strconv.Atoi(e.Name()); !s.known[t] {
			return true
		}
	}
	return false
}

func (p *Attached) inLibrary(t *inject.Tracee) bool { return t.Regs.Rip-p.base < p.library.End }

const (
	leaveAt    = inject.BlockAt / 2
	leaveStack = 64 << 10
)

// leave takes the library out of a process that is stopped and at rest.
func (p *Attached) leave(s *stopped) error {
	w := &s.work
	n := len(s.threads)
	head, each := unsafe.Sizeof(inject.Leaving{}), unsafe.Sizeof(inject.Left{})
	size := (head + uintptr(n)*each + 4095) &^ 4095
	buf := make([]uint64, size/8)
	told := (*inject.Leaving)(unsafe.Pointer(&buf[0]))
	left := unsafe.Slice((*inject.Left)(unsafe.Pointer(&buf[head/8])), n)
	told.Count = int64(n)
	for i, t := range s.threads {
		left[i].Tid = s.inner(t)
		if p.inLibrary(t) {
			left[i].R14 = t.Regs.R14
		}
	}
	if f := w.Reserve(auxvOf(s.process)); f.Failed() {
		return refused(f)
	}
	mask := w.Mask
	s.pause(true) // what we call there is not the program's
	resumes := true
	at, all := p.base+leaveAt, uint64(size)+leaveStack
	const readWrite = unix.PROT_READ | unix.PROT_WRITE
	f := inject.Failure{}
	if r := w.Call(unix.SYS_MMAP, at, all, readWrite, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_FIXED, ^uint64(0), 0); uint64(r) != at {
		f = inject.Failure{What: "memory", Errno: -r}
	} else if !w.Write(at, unsafe.Pointer(&buf[0]), size) {
		f = inject.Failure{What: "its memory cannot be written"}
	} else {
		resumes = false // it has given all back, or nothing can be
		f = w.Leave(w.Block.Leave, at, at+all-64, p.base, p.library.End)
	}
	if !f.Failed() && w.Read(at, unsafe.Pointer(&buf[0]), size) != size {
		f = inject.Failure{What: "its memory cannot be read"}
	}
	if !f.Failed() && told.Stays != 0 {
		w.Call(unix.SYS_MUNMAP, at, all, 0, 0, 0, 0)
		resumes = true
		f = inject.Failure{What: "another process runs in its memory"}
	}
	if f.Failed() {
		s.pause(!resumes)
		w.Release()
		w.SetMask(mask)
		return refused(f)
	}
	for i, t := range s.threads {
		p.free(s, t, &left[i], at+uint64(head)+uint64(i)*uint64(each))
	}
	w.HoldSignals(0)
	if told.Patched == 0 && told.End > p.base {
		w.Call(unix.SYS_MUNMAP, p.base, told.End-p.base, 0, 0, 0, 0)
	}
	w.Release()
	w.SetMask(mask | left[0].Blocked)
	return nil
}

// free gives a thread back what is its own: its registers, where it is in a call that the library made for it, its alternate stack,
// what is held for it, and its mask. at is where the thread has l.
func (p *Attached) free(s *stopped, t *inject.Tracee, l *inject.Left, at uint64) {
	if l.R14 != 0 {
		from := (*unix.PtraceRegs)(unsafe.Pointer(&l.Regs))
		r, now := *from, t.Regs
		r.Orig_rax, r.Rax = from.Rax, now.Rax
		r.Cs, r.Ss, r.Fs_base, r.Gs_base, r.Ds, r.Es, r.Fs, r.Gs = now.Cs, now.Ss, now.Fs_base, now.Gs_base, now.Ds, now.Es, now.Fs, now.Gs
		t.Regs = r
		t.SetXstate(make([]byte, xstateSize), l.Fp, uintptr(l.FpSize))
	}
	first := t == &s.work.Tracee
	if !first {
		t.Calls(&s.work.Tracee)
		t.HoldSignals(0)
	}
	mask := t.Mask
	s.setDispatch(t, inject.Dispatch{})
	if l.Known != 0 {
		t.Call(unix.SYS_SIGALTSTACK, at+uint64(unsafe.Offsetof(l.Alt)), 0, 0, 0, 0, 0)
	}
	tgid := uint64(innermost(fmt.Sprintf("/proc/%d/status", s.process), "NStgid", int64(s.process)))
	for i := uint64(0); i < l.Held; i++ {
		info := at + uint64(unsafe.Offsetof(l.Signals)) + i*uint64(len(l.Signals[0]))
		signo := *(*uint32)(unsafe.Pointer(&l.Signals[i]))
		t.Call(unix.SYS_RT_TGSIGQUEUEINFO, tgid, uint64(l.Tid), uint64(signo), info, 0, 0)
	}
	if !first {
		t.Settle()
		t.SetMask(mask | l.Blocked)
	}
}
