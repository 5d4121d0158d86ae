package launch

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/rawsys"
)

// Command is a program to be started.
type Command struct {
	Path      string
	Argv, Env []string
	// ArgvAt and EnvAt are these as execve(2) takes them, in memory that does not move; nil if they are to be made.
	ArgvAt, EnvAt unsafe.Pointer
	// Closed has the bits of the standard descriptors that are closed in it.
	Closed uint64
	// Mask is its signal mask, nil for the caller's.
	Mask *uint64
	// DeafToChildren has it ignore SIGCHLD, which the caller cannot, as it waits for it.
	DeafToChildren bool
	// Limits are those that differ from the caller's, by RLIMIT_*; nil is no limit to be set.
	Limits map[int]*unix.Rlimit
	// Library is a descriptor of the library's file, which the program inherits; Keep says whether it is left open there, for
	// those that it executes. Vars are the library's variables, "NAME=VALUE".
	Library int
	Keep    bool
	Vars    []string
}

// Refused is why a library could not be put into the program, which has not begun then.
type Refused struct {
	What  string
	Errno unix.Errno // 0 if it is not one
}

func (r *Refused) Error() string {
	if r.Errno == 0 {
		return r.What
	}
	return fmt.Sprintf("%s: %v", r.What, r.Errno)
}

// Forbidden is what the seccomp filters forbid that the caller is behind, which may kill: to trace others, and to copy their memory
// (process_vm_readv(2)), which takes longer without.
var Forbidden struct{ Trace, Copies bool }

// What the kernel is given the addresses of must not move.
var (
	one     sync.Mutex
	work    inject.Work
	library inject.Library
)

func refused(f inject.Failure) *Refused { return &Refused{f.What, unix.Errno(f.Errno)} }

// Start starts the command and returns its process id once the library has run its entry and nobody traces the process any
// more. The caller must be locked to its thread. An error of type Refused says that the library could not be put into it;
// an errno is execve's. There is no process then.
func Start(c *Command) (int, error) {
	one.Lock()
	defer one.Unlock()
	w, lib := &work, &library
	if f := lib.Read(int64(c.Library)); f.Failed() {
		return 0, refused(f)
	}
	if Forbidden.Trace {
		return 0, &Refused{"PTRACE_SEIZE", unix.EPERM}
	}
	*w = inject.Work{Lib: lib, Fd: int64(c.Library), Keep: c.Keep, VDSO: vdso()}
	w.NoCopies = Forbidden.Copies
	block := newBlock(c.Vars, c.Argv, nil)
	w.Block, w.BlockSize = (*inject.Block)(unsafe.Pointer(&block[0])), uintptr(len(block)*8)
	xstate := make([]uint64, xstateSize/8)
	w.Xstate, w.XstateSize = (*byte)(unsafe.Pointer(&xstate[0])), xstateSize
	child, err := begin(c)
	if err != nil {
		return 0, err
	}
	defer child.done()
	child.tellExec(&w.Block.Exec)
	w.Tid = int64(child.pid)
	if r := w.Seize(inject.TraceSysgood | inject.TraceExec | inject.ExitKill); r != 0 {
		child.kill()
		return 0, &Refused{"PTRACE_SEIZE", unix.Errno(-r)}
	}
	child.release()
	child.await() // execve(2) may take its time
	if !w.AwaitExec() {
		errno := child.execErrno()
		if errno == 0 {
			return child.pid, nil // a signal has ended it before
		}
		child.reap()
		return 0, errno
	}
	f := w.AtExec()
	if f.Failed() && !child.ended() {
		child.kill()
		return 0, refused(f)
	}
	w.Detach()
	runtime.KeepAlive(block)
	runtime.KeepAlive(xstate)
	return child.pid, nil
}

// xstateSize is more than the extended state of any processor, in bytes (AMX: 11 KiB).
const xstateSize = 16 << 10

// newBlock is a block with the texts of vars, and of the first of argv, and the threads behind it, and a word that is
// free. It is made of words, for its alignment.
func newBlock(vars, argv []string, threads []inject.Running) []uint64 {
	size := int(unsafe.Sizeof(inject.Block{}))
	for _, v := range vars {
		size += len(v) + 1
	}
	if len(argv) > 0 {
		size += len(argv[0]) + 1
	}
	table := (size + 7) / 8
	const each = int(unsafe.Sizeof(inject.Running{}) / 8)
	words := make([]uint64, table+each*len(threads)+1)
	b := (*inject.Block)(unsafe.Pointer(&words[0]))
	text := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)
	at := int(unsafe.Sizeof(inject.Block{}))
	for i, v := range vars {
		b.Vars[i] = uintptr(at)
		at += copy(text[at:], v) + 1
	}
	if b.Exec.Argc = uintptr(len(argv)); len(argv) > 0 {
		b.Exec.Arg0 = uintptr(at)
		copy(text[at:], argv[0])
	}
	if len(threads) != 0 {
		b.Threads, b.NumThreads = uintptr(table*8), uint64(len(threads))
		copy(unsafe.Slice((*inject.Running)(unsafe.Pointer(&words[table])), len(threads)), threads)
	}
	return words
}

// vdso is the address of this process's vDSO, or 0.
func vdso() uintptr {
	const atSysinfoEhdr = 33 // AT_SYSINFO_EHDR (getauxval(3))
	vector, _ := unix.Auxv()
	for _, entry := range vector {
		if entry[0] == atSysinfoEhdr {
			return entry[1]
		}
	}
	return 0
}

// child is a process that waits to execute the command, or has.
type child struct {
	pid   int
	steps []rawsys.Step
	gate  [2]int // a pipe whose byte lets it go on
	keep  []any  // what the kernel reads there
}

// begin makes the process.
func begin(c *Command) (*child, error) {
	s := &child{}
	if err := unix.Pipe2(s.gate[:], unix.O_CLOEXEC); err != nil {
		return nil, &Refused{"pipe", err.(unix.Errno)}
	}
	s.list(c)
	syscall.ForkLock.Lock()
	all, old := ^uint64(0), uint64(0)
	sigmask(&all, &old)
	if c.Mask == nil {
		s.setMask(&old)
	}
	pid := rawsys.Begin(&s.steps[0], uintptr(len(s.steps)))
	sigmask(&old, nil)
	syscall.ForkLock.Unlock()
	unix.Close(s.gate[0])
	s.gate[0] = -1
	if pid < 0 {
		s.done()
		return nil, &Refused{"clone", unix.Errno(-pid)}
	}
	s.pid = int(pid)
	return s, nil
}

func sigmask(set, old *uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// step adds a call that may fail, and returns it.
func (s *child) step(nr uintptr, args ...uintptr) *rawsys.Step {
	n := rawsys.Step{Nr: nr, Least: math.MinInt64}
	copy(n.Args[:], args)
	s.steps = append(s.steps, n)
	return &s.steps[len(s.steps)-1]
}

// list makes the list of what the process does before it is the command.
func (s *child) list(c *Command) {
	word := new(uint64)
	mask := c.Mask
	if mask == nil {
		mask = new(uint64)
	}
	path, argv, env := cStrings([]string{c.Path}), cStrings(c.Argv), cStrings(c.Env)
	dfl := new([4]uintptr)
	argvAt, envAt := c.ArgvAt, c.EnvAt
	if argvAt == nil {
		argvAt = unsafe.Pointer(&argv[0])
	}
	if envAt == nil {
		envAt = unsafe.Pointer(&env[0])
	}
	s.keep = []any{word, mask, path, argv, env, dfl, c.Limits, argvAt, envAt}
	s.step(unix.SYS_CLOSE, uintptr(s.gate[1])) // the caller may be killed
	s.step(unix.SYS_READ, uintptr(s.gate[0]), uintptr(unsafe.Pointer(word)), 1).Least = 1
	for sig := uintptr(1); sig <= 64; sig++ {
		var act [4]uintptr
		const sigIgn = 1
		_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&act)), 8, 0, 0)
		if e == 0 && act[0] > sigIgn {
			s.step(unix.SYS_RT_SIGACTION, sig, uintptr(unsafe.Pointer(dfl)), 0, 8)
		}
	}
	if c.DeafToChildren {
		ign := &[4]uintptr{1}
		s.keep = append(s.keep, ign)
		s.step(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD), uintptr(unsafe.Pointer(ign)), 0, 8)
	}
	for fd := range uintptr(3) {
		if c.Closed>>fd&1 != 0 {
			s.step(unix.SYS_CLOSE, fd)
		}
	}
	for resource, limit := range c.Limits {
		if limit != nil {
			s.step(unix.SYS_PRLIMIT64, 0, uintptr(resource), uintptr(unsafe.Pointer(limit)), 0)
		}
	}
	s.step(unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(unsafe.Pointer(mask)), 0, 8)
	s.step(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path[0])), uintptr(argvAt), uintptr(envAt))
}

// tellExec notes with what it executes the command.
func (s *child) tellExec(e *inject.Exec) {
	a := &s.steps[len(s.steps)-1].Args
	e.Path, e.Argv, e.Envp = a[0], a[1], a[2]
}

// setMask has the process execute the command with the mask that the caller has.
func (s *child) setMask(old *uint64) {
	*(s.keep[1].(*uint64)) = *old
}

// cStrings is an array of C's strings, with the null pointer at its end.
func cStrings(words []string) []*byte {
	p := make([]*byte, 0, len(words)+1)
	for _, w := range words {
		b := append([]byte(w), 0)
		p = append(p, &b[0])
	}
	return append(p, nil)
}

// release lets it execute the command.
func (s *child) release() { unix.Write(s.gate[1], []byte{1}) }

// await waits for its next stop, or its end, and leaves that to be waited for.
func (s *child) await() {
	for {
		var info [128]byte
		_, _, e := unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(s.pid), uintptr(unsafe.Pointer(&info)),
			unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT|unix.WALL, 0, 0)
		if e != unix.EINTR {
			return
		}
	}
}

// ended says whether it has ended.
func (s *child) ended() bool {
	info := [32]int32{}
	_, _, e := unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(s.pid), uintptr(unsafe.Pointer(&info)),
		unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, 0, 0)
	const siPid = 4 // in words
	return e == 0 && info[siPid] != 0
}

// execErrno is what execve(2) failed with, 0 if it has not been made.
func (s *child) execErrno() unix.Errno {
	return unix.Errno(-s.steps[len(s.steps)-1].Result)
}

func (s *child) kill() {
	unix.Kill(s.pid, unix.SIGKILL)
	s.reap()
}

func (s *child) reap() {
	for {
		if _, err := unix.Wait4(s.pid, nil, unix.WALL, nil); err != unix.EINTR {
			return
		}
	}
}

// done closes the pipe.
func (s *child) done() {
	for _, fd := range s.gate {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
	runtime.KeepAlive(s.keep)
}
