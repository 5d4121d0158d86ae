package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/mem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/restorer"
	"libsystrap/seccomp"
)

// Behind a seccomp filter a call of ours may kill, or fail where the program's own
// would not. Package seccomp keeps the filters and is asked before each (rawsys.Syscall);
// here they are noticed, and what would need calls that are about to be forbidden is
// given up while it can be.

// sysSeccomp notices that a filter was installed: seccomp(2), or prctl(2) with
// PR_SET_SECCOMP. A filter stays for good. It returns true if the program makes the call
// itself.
func sysSeccomp(c *Call, d *door) bool {
	if c.Sysno == unix.SYS_PRCTL && int32(c.Args[0]) == prSUD {
		sysUserDispatchSet(c)
		return false
	}
	how, prog := installs(c)
	if how == installsNone {
		c.performHere()
		return false
	}
	text, kept := keepFilter(how, prog)
	if how == installsFilter && !kept {
		c.performHere() // the kernel will not take it either
		if c.installed() {
			seccomp.Install(nil)
			sandboxed()
		}
		return false
	}
	if seccomp.ReadsIP(text) && goNative(c, d) {
		return true
	}
	wake()
	ownComeAtOnce()
	searchAll() // while discovery is as it was
	alone := proc.LastThread()
	was := seccomp.Save()
	if how == installsStrict {
		seccomp.InstallStrict()
	} else {
		seccomp.Install(text)
	}
	with := seccomp.Save()
	plan := planRetreat()
	seccomp.Restore(&was)
	plan.carryOut()
	if v := currentVMChild(); v != nil && !v.filters.saved {
		v.filters.saved, v.filters.were = true, was // its parent's, which is not behind this one
	}
	// Before it is in force: with SECCOMP_FILTER_FLAG_TSYNC it is for all threads at once.
	proc.KnownAlone = alone
	sys.HoldBlocking()
	seccomp.Restore(&with)
	sandboxed()
	c.performHere()
	if !c.installed() {
		seccomp.Restore(&was)
		sandboxed()
	}
	sys.LetBlock()
	return false
}

// What a call installs.
const (
	installsNone = iota
	installsStrict
	installsFilter
)

// installs says what c is to install, and where the struct sock_fprog of a filter is.
func installs(c *Call) (how int, prog uint64) {
	const setModeStrict, setModeFilter = 0, 1 // include/uapi/linux/seccomp.h
	switch {
	case c.Sysno == unix.SYS_SECCOMP && uint32(c.Args[0]) == setModeStrict,
		c.Sysno == unix.SYS_PRCTL && int32(c.Args[0]) == unix.PR_SET_SECCOMP && c.Args[1] == unix.SECCOMP_MODE_STRICT:
		return installsStrict, 0
	case c.Sysno == unix.SYS_SECCOMP && uint32(c.Args[0]) == setModeFilter:
		return installsFilter, c.Args[2]
	case c.Sysno == unix.SYS_PRCTL && int32(c.Args[0]) == unix.PR_SET_SECCOMP && c.Args[1] == unix.SECCOMP_MODE_FILTER:
		return installsFilter, c.Args[2]
	}
	return installsNone, 0
}

// installed says whether c, made, has installed what it is for. A thread that could not
// be synchronised is the result of a failure, a listener's descriptor that of success.
func (c *Call) installed() bool {
	const newListener = 1 << 3 // SECCOMP_FILTER_FLAG_NEW_LISTENER
	return c.Result == 0 || c.Result > 0 && c.Sysno == unix.SYS_SECCOMP && c.Args[1]&newListener != 0
}

// keepFilter copies the filter whose struct sock_fprog is at prog to memory of ours. It
// returns false for one that the kernel does not take.
func keepFilter(how int, prog uint64) (text []seccomp.Insn, ok bool) {
	var p struct {
		n  uint16
		at uint64
	}
	if how != installsFilter ||
		mem.Read(unsafe.Slice((*byte)(unsafe.Pointer(&p)), unsafe.Sizeof(p)), prog) != int(unsafe.Sizeof(p)) || p.n == 0 {
		return nil, false
	}
	size := uintptr(p.n) * unsafe.Sizeof(seccomp.Insn{})
	a := sys.MmapAnon(size, unix.MAP_PRIVATE)
	if a == 0 {
		return nil, false
	}
	if mem.Read(unsafe.Slice((*byte)(sys.Ptr(a)), size), p.at) != int(size) {
		sys.Munmap(a, size)
		return nil, false
	}
	text = unsafe.Slice((*seccomp.Insn)(sys.Ptr(a)), int(p.n))
	if text[len(text)-1].Code&bpfClass != unix.BPF_RET { // bpf_check_classic, net/core/filter.c
		sys.Munmap(a, size)
		return nil, false
	}
	return text, true
}

// bpfClass is BPF_CLASS's mask (include/uapi/linux/bpf_common.h).
const bpfClass = 0x07

// sandboxed brings what follows from the filters in step with them.
func sandboxed() {
	returnsDirect = 0
	if !sys.MayCall(unix.SYS_RT_SIGRETURN) {
		returnsDirect = 1
	}
	findsInThreads = discovering && mayDispatch()
	planCalls()
}

// retreat is what is given up before a filter is installed.
type retreat struct {
	sent, faults, log, mapping bool
}

// planRetreat looks at what the filters, the new one included, forbid.
func planRetreat() (r retreat) {
	action := sys.MayCall(unix.SYS_RT_SIGACTION)
	r.sent = !action || !sys.MayCall(unix.SYS_RT_TGSIGQUEUEINFO) && !sys.MayCall(unix.SYS_TGKILL)
	r.faults = !action && !sys.MayCall(unix.SYS_RT_SIGRETURN)
	r.log = !tracelog.MayWrite()
	r.mapping = !tracelog.MayMap()
	return r
}

// carryOut does it. Signals whose default action we could not take any more are left to
// the kernel: without us it is that which ends the process.
func (r retreat) carryOut() {
	if watching || catching {
		set := uint64(0)
		if r.sent {
			set |= ^uint64(guardBits)
		}
		if r.faults {
			set |= faultBits
		}
		unwatch(set)
	}
	if r.mapping && tracelog.Fix(!r.log) {
		r.log = false
	}
	if r.log && tracelog.MayWrite() {
		tracelog.Warn("a seccomp filter forbids to write the trace: what this process does from here on is not in it")
	}
}

// goNative gives the process back to itself before it installs a filter that looks at
// where a call comes from: ours would come from elsewhere. The program makes the call
// itself.
// See docs/decisions/instruction-pointer-filters.md.
func goNative(c *Call, d *door) bool {
	if currentVMChild() != nil {
		tracelog.Warn("a child in its parent's memory installs a seccomp filter that looks at the instruction pointer, which is not the program's here")
		return false
	}
	c.Result, c.Interrupted = restartNointr, true
	if tool.Exit != nil {
		tool.Exit(c)
	}
	if !goUntraced(d, "a seccomp filter that looks at the instruction pointer: goes on untraced") {
		tracelog.Warn("its text cannot be given back to it: calls come from elsewhere than the filter expects")
		return false
	}
	tool = Tool{Name: tool.Name}
	return true
}

// filtersDecide says whether the program's filters do not let c, of family s, through, so that it
// is not only answered in the kernel's place. It is made then, and they say what becomes of it: if the result
// is 0 a tracer or a supervisor has let it through, or the filters are another thread's.
func filtersDecide(c *Call, s special) bool {
	action, known := seccomp.Verdict(c.Sysno, &c.Args, c.PC+siteSize)
	if !known || s == sigactionCall && ownIndex(int(int32(c.Args[0]))) < 0 { // that is made anyway
		return false
	}
	switch action & unix.SECCOMP_RET_ACTION_FULL {
	case unix.SECCOMP_RET_ALLOW, unix.SECCOMP_RET_LOG:
		return false
	}
	switch s {
	case sigprocmaskCall:
		performUnowned(c, c.Args[2])
	case sigactionCall, sigaltstackCall:
		performUnchanging(c)
	default:
		c.performHere()
	}
	return true
}

// performUnowned makes rt_sigprocmask(2) as the program does, but that our own signals stay unblocked, and that the
// mask of before is written to old.
func performUnowned(c *Call, old uint64) {
	a := &c.Args
	at := uintptr(a[1])
	set, ok := uint64(0), false
	if at != 0 && a[3] == sys.SigSetSize {
		set, ok = mem.ReadUint64(a[1])
	}
	if ok && set&ownMask != 0 {
		set &^= ownMask
		at = uintptr(unsafe.Pointer(&set))
	}
	c.Result = int64(rawsys.Raw(unix.SYS_RT_SIGPROCMASK, uintptr(a[0]), at, uintptr(old), uintptr(a[3]), uintptr(a[4]), uintptr(a[5])))
}

// performUnchanging makes rt_sigaction(2) or sigaltstack(2) as the program does, but that nothing is set: our
// handlers stay, and our stack.
func performUnchanging(c *Call) {
	a := &c.Args
	if c.Sysno == unix.SYS_SIGALTSTACK {
		c.Result = int64(rawsys.Raw(unix.SYS_SIGALTSTACK, 0, 0, uintptr(a[2]), uintptr(a[3]), uintptr(a[4]), uintptr(a[5])))
		return
	}
	c.Result = int64(rawsys.Raw(unix.SYS_RT_SIGACTION, uintptr(a[0]), 0, 0, uintptr(a[3]), uintptr(a[4]), uintptr(a[5])))
}

// forgetFilters takes back what was learned of the filters of v, which was its
// own, when it has gone its own way.
func (v *vmChild) forgetFilters() {
	if v.filters.saved {
		v.filters.saved = false
		seccomp.Restore(&v.filters.were)
		sandboxed()
	}
}

// rawSigaction makes rt_sigaction(2) in place of the program's.
func rawSigaction(sig int, act, old *restorer.Sigaction) int64 {
	return int64(rawsys.Raw(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(act)),
		uintptr(unsafe.Pointer(old)), sys.SigSetSize, 0, 0))
}
