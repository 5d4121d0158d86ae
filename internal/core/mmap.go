package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// sysMap performs a call that makes, changes or ends a mapping, and keeps the
// sites in step with it.
func sysMap(c *Call) {
	if deferred {
		forgetTexts(c)
	}
	switch c.Sysno {
	case unix.SYS_MMAP:
		sysMmap(c)
	case unix.SYS_MUNMAP:
		sysMunmap(c)
	case unix.SYS_MPROTECT, unix.SYS_PKEY_MPROTECT:
		sysMprotect(c)
	case unix.SYS_MREMAP:
		sysMremap(c)
	case unix.SYS_MADVISE:
		sysMadvise(c)
	case unix.SYS_BRK:
		sysBrk(c)
		return
	case unix.SYS_SHMAT:
		if c.Args[1] != 0 && outpostCount > 0 {
			giveWay(c.Args[1], c.Args[1]+shmRoom)
		}
		c.performHere()
		if !c.Failed() && (c.Args[2]&shmExec != 0 || readImpliesExec) && !foundWhenRun() {
			instrumentAt(uint64(c.Result), uint64(c.Result)+1)
		}
	case unix.SYS_PERSONALITY:
		c.performHere()
		if !c.Failed() {
			readImpliesExec = personality()&readImpliesExecBit != 0
		}
	}
	noteCode(c)
}

// codeGeneration counts the calls that may have made memory executable.
var codeGeneration atomic.Uint32

// CodeGeneration returns a number that changes when the program makes memory
// executable, or moves it: what a tool knows of the text at an address holds as
// long as it stays. Memory that is unmapped does not change it.
func CodeGeneration() uint32 { return codeGeneration.Load() }

// noteCode is called behind a call of this family.
func noteCode(c *Call) {
	exec := false
	switch c.Sysno {
	case unix.SYS_MMAP, unix.SYS_MPROTECT, unix.SYS_PKEY_MPROTECT:
		exec = effectiveProt(c.Args[2])&unix.PROT_EXEC != 0
	case unix.SYS_SHMAT:
		exec = c.Args[2]&shmExec != 0 || readImpliesExec
	case unix.SYS_MREMAP:
		exec = true
	}
	if exec && !c.Failed() {
		codeGeneration.Add(1)
	}
}

// readImpliesExec is set while every readable mapping the program makes is
// executable, too (personality(2), READ_IMPLIES_EXEC).
var readImpliesExec bool

const readImpliesExecBit = 0x0400000

// personality returns the execution domain of the process.
func personality() uintptr {
	const query = 0xffffffff
	r := rawsys.Syscall(unix.SYS_PERSONALITY, query, 0, 0, 0, 0, 0)
	if r != sys.Refused {
		return r
	}
	var buf [16]byte
	fd := sys.Open(&procSelfPersonality[0], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return 0
	}
	n := sys.Read(fd, buf[:])
	sys.Close(fd)
	p := ctext.FieldsOf(buf[:max(n, 0)])
	return uintptr(p.Hex())
}

var procSelfPersonality = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'p', 'e', 'r', 's', 'o', 'n', 'a', 'l', 'i', 't', 'y', 0}

// effectiveProt is the protection that the kernel gives a mapping for which
// prot was asked.
func effectiveProt(prot uint64) uintptr {
	if readImpliesExec && prot&unix.PROT_READ != 0 {
		prot |= unix.PROT_EXEC
	}
	return uintptr(prot)
}

// shmRoom is taken for the size of a segment of shared memory, in bytes, where outposts are looked for.
const shmRoom = 1 << 30

// sysBrk makes brk(2), whose result is the end there is.
func sysBrk(c *Call) {
	c.performHere()
	if end := sys.PageCeil(c.Args[0]); outpostCount > 0 && uint64(c.Result) < c.Args[0] && outpostIn(uint64(c.Result), end) {
		giveWay(uint64(c.Result), end)
		c.performHere()
	}
}

func sysMmap(c *Call) {
	if lo := c.Args[0]; lo != 0 && outpostIn(lo, lo+sys.PageCeil(c.Args[1])) {
		giveWay(lo, lo+sys.PageCeil(c.Args[1]))
	}
	if lo := c.Args[0]; c.Args[3]&unix.MAP_FIXED != 0 && hasCode(lo, lo+sys.PageCeil(c.Args[1])) {
		m := lockCode()
		rememberSites(lo, lo+sys.PageCeil(c.Args[1]))
		unlockCode(m)
	}
	c.performHere()
	if c.Failed() {
		return
	}
	start := uint64(c.Result)
	end := start + sys.PageCeil(c.Args[1])
	prot := effectiveProt(c.Args[2])
	exec := prot&unix.PROT_EXEC != 0
	gone := c.Args[3]&unix.MAP_FIXED != 0 && hasCode(start, end)
	if !exec && !gone {
		return
	}
	m := lockCode()
	if gone {
		forget(start, end, false)
	}
	if exec {
		if prot&unix.PROT_WRITE != 0 {
			counters.writableCode.Add(1) // left alone, as by instrumentMaps
			noteMadeCode()
		} else if c.Args[3]&unix.MAP_ANONYMOUS == 0 { // new anonymous memory is all zeros
			left := notLeft
			if c.Args[3]&mapType != unix.MAP_PRIVATE {
				left = leftShared
			}
			keys := openKeys(keysUsed || prot&unix.PROT_READ == 0)
			freshText = jumpWanted
			instrumentFile(int64(int32(c.Args[4])), c.Args[5], start, end, prot, left)
			freshText = false
			closeKeys(keys)
		}
	}
	unlockCode(m)
}

// mapType is MAP_TYPE (include/uapi/linux/mman.h).
const mapType = 0xf

// instrumentFile patches [start, end), a new mapping of fd at offset off. The
// rest of its image may not be mapped yet (ld.so maps text before .eh_frame),
// so the file itself tells where functions start.
func instrumentFile(fd int64, off, start, end uint64, prot uintptr, left leaving) {
	if unsearched && fsTrust(fsState.Load()) != fsSearched {
		return
	}
	size := sys.FileSize(fd)
	if off >= size {
		return
	}
	// Pages wholly beyond the end of the file cannot be touched.
	if end-start > sys.PageCeil(size-off) {
		end = start + sys.PageCeil(size-off)
	}
	noteTextForFS(start, end)
	if unsearched {
		return
	}
	p := rawsys.Syscall(unix.SYS_MMAP, sys.Hint(uintptr(size)), uintptr(size), unix.PROT_READ, unix.MAP_PRIVATE, uintptr(fd), 0)
	if int64(p) < 0 && int64(p) >= -sys.MaxErrno {
		if !foundWhenRun() {
			instrument(nil, start, start, end, prot, left)
		}
		return
	}
	var im *instr.Image
	if image.FromFile(unsafe.Slice((*byte)(sys.Ptr(p)), int(size))) {
		if v, ok := image.VAddr(off); ok {
			image.SetBias(start - v)
			im = &image
		}
	}
	if im != nil || !foundWhenRun() {
		instrument(im, start, start, end, prot, left)
	}
	sys.Munmap(p, uintptr(size))
}

func sysMunmap(c *Call) {
	lo, hi := c.Args[0], c.Args[0]+sys.PageCeil(c.Args[1])
	if outpostIn(lo, hi) {
		giveWay(lo, hi)
	}
	if !hasCode(lo, hi) {
		c.performHere()
		return
	}
	// Another thread's new mapping may be here at once: its sites are entered
	// when these are gone.
	m := lockCode()
	rememberSites(lo, hi)
	c.performHere()
	if c.Result == 0 {
		forget(lo, hi, false)
	}
	unlockCode(m)
}

func sysMprotect(c *Call) {
	lo, hi := c.Args[0], c.Args[0]+sys.PageCeil(c.Args[1])
	prot := effectiveProt(c.Args[2])
	stays := prot&(unix.PROT_EXEC|unix.PROT_WRITE|unix.PROT_READ) == unix.PROT_EXEC|unix.PROT_READ
	if stays {
		c.performHere()
		if c.Result == 0 && !foundWhenRun() {
			instrumentAt(lo, hi)
		}
		return
	}
	if !hasCode(lo, hi) {
		c.performHere()
		if c.Result == 0 && prot&unix.PROT_EXEC != 0 && !foundWhenRun() {
			instrumentAt(lo, hi)
		}
		return
	}
	// The program may now read or change its code: it finds it as it wrote it.
	m := lockCode()
	forget(lo, hi, true)
	c.performHere()
	unlockCode(m)
	if c.Result != 0 || prot&unix.PROT_EXEC != 0 {
		instrumentAt(lo, hi) // what failed has been undone, or it is executable still
	}
}

// sysMadvise: dropped pages of a file's private mapping come back with the
// file's bytes, so without our traps (madvise(2), MADV_DONTNEED).
func sysMadvise(c *Call) {
	const dontneedLocked = 24 // MADV_DONTNEED_LOCKED
	lo, hi := c.Args[0], c.Args[0]+sys.PageCeil(c.Args[1])
	if c.Args[2] != unix.MADV_DONTNEED && c.Args[2] != dontneedLocked || !hasCode(lo, hi) {
		c.performHere()
		return
	}
	m := lockCode()
	forget(lo, hi, true)
	c.performHere()
	instrumentMaps(lo, hi)
	unlockCode(m)
}

// instrumentAt patches what is executable in [lo, hi), as /proc/self/maps
// shows it.
func instrumentAt(lo, hi uint64) {
	m := lockCode()
	instrumentMaps(lo, hi)
	unlockCode(m)
}

// sysMremap moves the sites with their memory.
func sysMremap(c *Call) {
	lo, n := c.Args[0], sys.PageCeil(c.Args[1])
	to, end := c.Args[4], c.Args[4]+sys.PageCeil(c.Args[2])
	if c.Args[3]&unix.MREMAP_FIXED != 0 && outpostIn(to, end) {
		giveWay(to, end)
	}
	over := c.Args[3]&unix.MREMAP_FIXED != 0 && hasCode(to, end)
	if !over && !hasCode(lo, lo+n) {
		c.performHere()
		return
	}
	m := lockCode()
	if over {
		rememberSites(to, end)
	}
	undoJumpsAt(lo, lo+n)
	undoSiteAcross(lo)
	undoSiteAcross(lo + n)
	c.performHere()
	if !c.Failed() {
		if over {
			forget(to, end, false)
		}
		moveSites(lo, lo+n, uint64(c.Result), sys.PageCeil(c.Args[2]))
	}
	unlockCode(m)
}

// shmExec is SHM_EXEC (include/uapi/linux/shm.h).
const shmExec = 0o100000
