package core

import (
	"libsystrap/internal/ownmem"
	"libsystrap/internal/proc"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What mlockall(2) and core files must not see of ours (package ownmem keeps what that is).

// ownImage notes where our image lies, whose text begins with its ELF header, and
// keeps what of it is data out of core files, but for the first thread's stack:
// debuggers read the file.
func ownImage() {
	const elfMagic, phdrSize = 0x464c457f, 56 // gABI, chapter 5
	base := uintptr(ownText.start)
	if base == 0 || *(*uint32)(sys.Ptr(base)) != elfMagic {
		return
	}
	data, end := ^uintptr(0), uintptr(0)
	phdr := base + *(*uintptr)(sys.Ptr(base + elfPhoff))
	for range *(*uint16)(sys.Ptr(base + elfPhnum)) {
		const flagsAt, vaddrAt, memszAt, ptLoad, pfW = 4, 16, 40, 1, 2
		if *(*uint32)(sys.Ptr(phdr)) == ptLoad {
			start := *(*uintptr)(sys.Ptr(phdr + vaddrAt))
			end = max(end, start+*(*uintptr)(sys.Ptr(phdr + memszAt)))
			if *(*uint32)(sys.Ptr(phdr + flagsAt))&pfW != 0 {
				data = min(data, start)
			}
		}
		phdr += phdrSize
	}
	end = uintptr(sys.PageCeil(uint64(end)))
	ownmem.Note(base, end)
	stack := uintptr(unsafe.Pointer(&mainBlock))
	ownmem.LeaveOut(base+data, stack)
	ownmem.LeaveOut(stack+threadBlockSize, base+end)
}

// Flags of mlockall(2).
const (
	mclCurrent = 1
	mclFuture  = 2
	mclOnfault = 4
)

// sysMlock makes mlockall or munlockall. What there is is locked piece by piece,
// without our own, where that is allowed.
func sysMlock(c *Call) {
	flags := c.Args[0]
	if c.Sysno == unix.SYS_MUNLOCKALL || flags&mclCurrent == 0 || flags&^(mclCurrent|mclFuture|mclOnfault) != 0 || seccomp.On {
		c.performHere()
		if c.Result == 0 {
			ownmem.LockFuture = c.Sysno == unix.SYS_MLOCKALL && flags&mclFuture != 0
		}
		return
	}
	m := lockCode()
	if mayLock(forOthers(0, 0, 0)) {
		// The one call sets what is new, the other takes back what an earlier one has set.
		switch {
		case flags&mclFuture != 0:
			c.Result = int64(rawsys.Syscall(unix.SYS_MLOCKALL, uintptr(flags&^mclCurrent), 0, 0, 0, 0, 0))
			ownmem.LockFuture = c.Result == 0
		case ownmem.LockFuture:
			c.Result = int64(rawsys.Syscall(unix.SYS_MUNLOCKALL, 0, 0, 0, 0, 0, 0))
			ownmem.LockFuture = false
		default:
			c.Result = 0
		}
		if c.Result == 0 {
			forOthers(unix.SYS_MLOCK2, uintptr(flags)/mclOnfault, 0)
		}
	} else {
		c.performHere() // the kernel says why not
	}
	unlockCode(m)
}

// forOthers makes call nr(start, size, a, b) for each piece of memory that is not
// ours, unless nr is 0, and returns how many bytes there are. What the calls return does not
// matter, as with mlockall(2). The code lock is held.
func forOthers(nr, a, b uintptr) (total uintptr) {
	if !proc.Maps.Open() {
		return 0
	}
	var m proc.Mapping
	for proc.Maps.Next(&m) {
		if m.Start>>47 != 0 {
			break // [vsyscall]
		}
		for at := uintptr(m.Start); at < uintptr(m.End); {
			end, mine := ownBound(at, uintptr(m.End))
			if !mine {
				total += end - at
				if nr != 0 {
					rawsys.Syscall(nr, at, end-at, a, b, 0, 0)
				}
			}
			at = end
		}
	}
	proc.Maps.Close()
	return total
}

// ownBound returns whether the memory at at is ours, and up to where, at most end,
// that is so.
func ownBound(at, end uintptr) (bound uintptr, mine bool) {
	blocks := int(atomic.LoadInt32(&slotsUsed))
	for i := range ownmem.Max + blocks + int(outpostCount) {
		var s, n uintptr
		if i < ownmem.Max {
			s, n = ownmem.Block(i)
		} else if i -= ownmem.Max; i >= blocks {
			s, n = uintptr(outposts[i-blocks].page), sys.PageSize
		} else if t := threadSlots[i].thread; t != nil {
			s, n = uintptr(t.stackBase()), threadBlockSize
		}
		switch {
		case s == 0 || n == 0:
		case at-s < n:
			return min(end, s+n), true
		case s > at && s < end:
			end = s
		}
	}
	return end, false
}

// thinCore is called when a signal is about to end the process: text that we have
// patched is no file's any more to the kernel, which would write it to the core.
func thinCore() {
	if seccomp.On {
		return
	}
	for i := range code[:atomic.LoadInt32(&codeCount)] {
		r := &code[i]
		if r.end > r.start && !isELF(r.start) {
			rawsys.Syscall(unix.SYS_MADVISE, uintptr(r.start&^(sys.PageSize-1)), uintptr(r.end-r.start&^(sys.PageSize-1)), unix.MADV_DONTDUMP, 0, 0, 0)
		}
	}
}

// mayLock says whether the kernel lets n bytes be locked: RLIMIT_MEMLOCK allows it, or
// the process may lock what it likes (CAP_IPC_LOCK), which a mapping shows.
func mayLock(n uintptr) bool {
	var lim unix.Rlimit
	rawsys.Syscall(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_MEMLOCK, 0, uintptr(unsafe.Pointer(&lim)), 0, 0)
	if lim.Cur != 0 && uint64(n) <= lim.Cur {
		return true
	}
	size := uintptr(sys.PageCeil(lim.Cur)) + sys.PageSize
	p := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(size), size, unix.PROT_NONE,
		unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE|unix.MAP_LOCKED, ^uintptr(0), 0)
	if int64(p) < 0 && int64(p) >= -sys.MaxErrno {
		return false
	}
	sys.Munmap(p, size)
	return true
}
