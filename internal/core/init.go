package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/seccomp"
)

// self describes the process image to the tool.
var self imageState

// imageState is what is known of a process image.
type imageState struct {
	Process
	// envp is the environment block, 0-terminated; auxv the auxiliary vector.
	envp, auxv uintptr
}

// starting is set while code is patched before the program has a second thread;
// booting while the images are looked at that are there at the start.
var starting, booting bool

// libraryInit is DT_INIT: it runs before any other constructor, on the loader's
// stack. Where the library was injected it runs before the program's first instruction.
func libraryInit(argc, argv, envp uintptr) {
	loaded = true
	keepAway()
	if b := injection(); b != nil {
		helperPid = b.Helper
	}
	startImage(argc, argv, envp)
	if Trapping == 0 {
		startFn, presence.Later = 0, 0
	}
	if p := prepared(); p != nil && Trapping == 0 && presence.Quiet == 0 {
		returnPrepared(p, true, true)
	}
	tellInjector()
	leftover := uintptr(0)
	if Trapping == 0 {
		leftover = sys.HintsEnd()
	}
	stopForInjector(leftover)
}

func startImage(argc, argv, envp uintptr) {
	sys.Tid, mem.MayCopy = Tid, guarded
	if supplanted() {
		return
	}
	argv, envp = findStart(argc, argv, envp)
	if envp == 0 {
		tracelog.Warn("cannot find the environment (is /proc mounted?): the program runs untraced")
		return
	}
	self.envp = envp
	setAuxv()
	if leftAside(argv) {
		return
	}
	seccomp.Suspended = attached() // internal/launch, filters.go
	takeState()
	findFilters() // no call but ld.so's own before
	if behindInjected() {
		return
	}
	self.Pid = int(sys.Getpid())
	if sameIDsTold {
		SameIDs.Store(int64(self.Pid))
	}
	initThreads()
	findOwnText()
	startCatching()
	toolMain()
	ctext.CopyPath(exePath[:], (*byte)(sys.Ptr(auxv(atExecfn))))
	self.Path = uint64(auxv(atExecfn))
	self.Env = uint64(envp)
	tellAttached()
	self.Args = uint64(argv)
	tracelog.RememberStderr()
	switch {
	case inheritedFd >= 0 && tracelog.Adopt(inheritedFd, self.Execed):
	case inheritedFd >= 0 && (self.Execed || closedAside()):
		self.LogGone = true // standard error is the program's
		tracelog.Set(sys.Open(&devNull[0], unix.O_WRONLY|unix.O_CLOEXEC, 0))
	default:
		if fd := ownfd.MoveHigh(2); fd >= 0 {
			tracelog.Set(fd)
		}
	}
	ownfd.Adopt(self.Execed)
	tracelog.AdoptMap(self.Execed)
	if process == nil {
		stayOut("no memory for the table of threads: the program runs untraced")
		return
	}
	if tool.Init != nil && !tool.Init(&self.Process) {
		stayOut("")
		return
	}
	if onValgrind() != 0 {
		stayOut("runs on valgrind, which makes the program's calls itself: untraced")
		return
	}
	if e := installTrap(ownSigill); e != 0 {
		stayOut("cannot install a SIGILL handler: the program runs untraced")
		return
	}
	readImpliesExec = personality()&readImpliesExecBit != 0
	noteTracer()
	hideMaps()
	chooseDiscovery()
	if attached() && !discoverOnly {
		stayOut("this kernel does not report system calls (Syscall User Dispatch, Linux 5.11): cannot be attached to")
		return
	}
	chooseTrap()
	chooseDoor()
	deferSearch()
	takePrepared()
	listed := instrumentStart()
	renameForASan()
	ownImage()
	if !listed && !doWithoutMaps() {
		stayOut("cannot read /proc/self/maps: the program runs untraced")
		return
	}
	giveStack()
	startDiscovery()
	adoptProgram()
	if !discovering {
		searchAll()
	}
	reportsKnown = true
	if leftCount() != 0 || counters.doubtful.Load() != 0 || counters.writableCode.Load() != 0 {
		noteUnseen()
	}
	sandboxed()
	startWatching()
	startReleased()
	Trapping = 1
}

// Trapping is 1 once the program's calls are trapped.
var Trapping uint32

// stayOut says why the program runs untraced, and leaves it nothing of ours.
func stayOut(why string) {
	stopCatching()
	if trapInstalled[ownSigill] {
		giveBack()
	}
	if why != "" {
		tracelog.Warn(why)
	}
	for i := range ownfd.Count {
		if fd := ownfd.Get(i); fd >= 0 {
			sys.Close(fd)
			ownfd.Set(i, -1)
		}
	}
	tracelog.ForgetMap()
}

// doWithoutMaps says whether discovery will do where /proc/self/maps cannot be read, in a
// root without /proc or behind landlock: nothing is patched then.
// See docs/decisions/traces-without-proc.md.
func doWithoutMaps() bool {
	if !discoverWanted || ownText.size == 0 {
		return false
	}
	discoverOnly = true
	return true
}

// onValgrind says whether valgrind runs the program, more than 0 if so.
//
//go:noescape
func onValgrind() uint64

// Auxiliary vector types (getauxval(3)).
const (
	atPhdr, atPhent, atPhnum = 3, 4, 5
	atBase                   = 7
	atExecfn                 = 31
	atSysinfoEhdr            = 33
)

// Auxv returns the value of an auxiliary vector entry (getauxval(3)), or 0.
func Auxv(kind uint64) uintptr { return auxv(kind) }

// auxv returns the value of an auxiliary vector entry, or 0. The vector follows
// the environment (System V ABI, "Initial Stack").
func auxv(kind uint64) uintptr {
	p := self.auxv
	if p == 0 {
		return 0
	}
	for ; ; p += 16 {
		k := *(*uint64)(sys.Ptr(p))
		if k == kind {
			return *(*uintptr)(sys.Ptr(p + 8))
		}
		if k == 0 {
			return 0
		}
	}
}

// findStart returns the addresses of the argument list and of the initial
// environment block, which follows it (System V ABI, "Initial Stack"), or 0, 0.
// glibc passes them to constructors; musl passes nothing, so its arguments are
// taken only if they are laid out as the kernel does.
func findStart(argc, argv, envp uintptr) (args, env uintptr) {
	if injection() != nil {
		return argv, envp
	}
	here := uintptr(unsafe.Pointer(stubFrameHere())) // lower on the same stack, all of which can be read
	if argc > 0 && argc < 1<<24 && argv > here && argv-here < loaderStack && envp == argv+(argc+1)*8 &&
		*(*uint64)(sys.Ptr(argv - 8)) == uint64(argc) {
		return argv, envp
	}
	start := startStack()
	if start == 0 {
		return 0, 0
	}
	return start + 8, start + 8*(*(*uintptr)(sys.Ptr(start))+2)
}

// loaderStack is more than ld.so uses of the stack before it calls us, in bytes.
const loaderStack = 4 << 20

// startStack returns field 28 of /proc/self/stat, the address of argc.
func startStack() uintptr {
	var buf [1024]byte
	fd := sys.Open(&sys.SelfStat[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return 0
	}
	n := sys.Read(fd, buf[:])
	sys.Close(fd)
	if n <= 0 {
		return 0
	}
	i := n - 1
	for i > 0 && buf[i] != ')' { // the command's name may hold anything
		i--
	}
	p := ctext.FieldsOf(buf[i:n])
	for field := 2; field < 28; field++ {
		for p.At(0) != ' ' && p.At(0) != 0 {
			p.Skip(1)
		}
		p.Skip(1)
	}
	return uintptr(p.Dec())
}

var devNull = [...]byte{'/', 'd', 'e', 'v', '/', 'n', 'u', 'l', 'l', 0}
