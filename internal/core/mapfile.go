package core

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/seccomp"
)

// An injected program does not find our mappings in /proc/PID/maps, smaps and numa_maps: while a descriptor is open on one, what is
// read from it is answered here. As long as none is no call is looked at for that, but those that open files, by their paths.
// See docs/decisions/mappings-hidden.md.

const maxMapFiles = 64

// mapFds are the descriptors of such files.
var mapFds [maxMapFiles]struct {
	file     *mapFile
	fd       int64
	dev, ino uint64
}

var (
	mapFiles [maxMapFiles]mapFile // head is nil in a free one
	mapLock  int32
	// hidesMaps is set where our mappings are hidden.
	hidesMaps bool
)

// oddCalls says what plain calls have to be looked at for, before they are made: bits of odd*.
var oddCalls atomic.Uint32

const (
	oddSignalfd = 1 << iota // signalfd.go
	oddMaps
)

func setOdd(bit uint32, on bool) {
	old := oddCalls.Load()
	if on {
		oddCalls.Or(bit)
	} else {
		oddCalls.And(^bit)
	}
	if oddCalls.Load() != old {
		planCalls()
	}
}

// hideMaps begins it.
func hideMaps() {
	if hidesMaps = injection() != nil; hidesMaps {
		specials[unix.SYS_OPEN], specials[unix.SYS_OPENAT], specials[unix.SYS_OPENAT2] = openCall, openCall, openCall
	}
}

func lockMaps() {
	for i := 0; !atomic.CompareAndSwapInt32(&mapLock, 0, 1); i++ {
		sys.Pause(i)
	}
}

func unlockMaps() { atomic.StoreInt32(&mapLock, 0) }

// sysOpen makes a call that opens a file. The kernel has read the path then, so it can be read; or a filter has answered, and
// nobody has.
func sysOpen(c *Call) {
	c.performPlain()
	if c.Result < 0 {
		return
	}
	path := c.Args[1]
	if c.Sysno == unix.SYS_OPEN {
		path = c.Args[0]
	}
	var first [1]byte
	if seccomp.On && mem.Read(first[:], path) != len(first) {
		return
	}
	p := (*byte)(sys.Ptr(uintptr(path)))
	name := unsafe.Slice(p, ctext.CLen(p))
	if mayBeMaps(name) {
		noteMaps(c.Result, name)
	}
}

// mayBeMaps says whether an open file may be one of mappings, by its path.
func mayBeMaps(name []byte) bool {
	if len(name) == 0 {
		return false
	}
	switch last := name[len(name)-1]; {
	case last == 's':
		return ctext.EndsWith(name, "maps")
	case oddCalls.Load()&oddMaps == 0:
		return false
	default: // the name of a descriptor
		return last >= '0' && last <= '9' || last == 'n' && ctext.EndsWith(name, "/stdin")
	}
}

// mapsKind says what the file is that fd is open on, by its path.
func mapsKind(fd int64, name []byte) mapKind {
	if !onProcfs(uint64(fd)) {
		return noMapText
	}
	var buf [256]byte
	if n := linkOfFd(uint64(fd), buf[:]); n > 0 {
		name = buf[:n]
	}
	switch {
	case ctext.EndsWith(name, "/numa_maps"):
		return startText
	case ctext.EndsWith(name, "/maps"), ctext.EndsWith(name, "/smaps"):
		return rangeText
	}
	return noMapText
}

// mapsOf returns of which process the file of mappings is that fd is open on, 0 for this one.
func mapsOf(fd int64) int64 {
	var buf [64]byte
	p := ctext.FieldsOf(buf[:linkOfFd(uint64(fd), buf[:])])
	if !p.Word("/proc/") {
		return 0
	}
	if pid := int64(p.Dec()); pid != sys.Getpid() && pid != sys.Gettid() {
		return pid
	}
	return 0
}

// noteMaps notes that fd has just been opened on the file name.
func noteMaps(fd int64, name []byte) {
	kind := mapsKind(fd, name)
	if kind == noMapText {
		return
	}
	lockMaps()
	forgetMapFd(fd)
	for i := range mapFiles {
		f := &mapFiles[i]
		if f.head != nil {
			continue
		}
		*f = mapFile{head: (*mapHead)(sys.Ptr(ownmem.Shared(unsafe.Sizeof(mapHead{}))))}
		f.text.kind = kind
		if f.head != nil {
			addMapFd(fd, f)
		}
		break
	}
	unlockMaps()
}

// addMapFd notes that fd is open on f.
func addMapFd(fd int64, f *mapFile) {
	for i := range mapFds {
		m := &mapFds[i]
		if m.file == nil {
			m.fd, m.file = fd, f
			m.dev, m.ino = sys.Identity(uintptr(fd))
			f.refs++
			setOdd(oddMaps, true)
			return
		}
	}
	f.release()
}

// forgetMapFd forgets descriptor fd, if it is one.
func forgetMapFd(fd int64) {
	some := false
	for i := range mapFds {
		m := &mapFds[i]
		if m.file != nil && m.fd == fd {
			f := m.file
			m.file = nil
			f.refs--
			f.release()
		}
		some = some || m.file != nil
	}
	if !some {
		setOdd(oddMaps, false)
	}
}

// release gives back what a file has that has no descriptor.
func (f *mapFile) release() {
	if f.refs == 0 && f.head != nil {
		f.text.drop()
		ownmem.Unmap(uintptr(unsafe.Pointer(f.head)), unsafe.Sizeof(*f.head))
		f.head = nil
	}
}

// mapFileOf returns the file that fd is open on, or nil. A descriptor that has been closed out of sight has another number of
// its file system and file.
func mapFileOf(fd int64) *mapFile {
	for i := range mapFds {
		m := &mapFds[i]
		if m.file == nil || m.fd != fd {
			continue
		}
		if dev, ino := sys.Identity(uintptr(fd)); dev != m.dev || ino != m.ino {
			if currentVMChild() == nil {
				forgetMapFd(fd)
			}
			return nil
		}
		return m.file
	}
	return nil
}

// performOnMaps makes a plain call while such descriptors are open, if it is about one and has to be made here.
func (c *Call) performOnMaps() bool {
	switch c.Sysno {
	case unix.SYS_READ, unix.SYS_PREAD64, unix.SYS_READV, unix.SYS_PREADV, unix.SYS_LSEEK, unix.SYS_DUP, unix.SYS_CLOSE:
	case unix.SYS_PREADV2:
		if c.Args[5] != 0 {
			return false // flags that the file does not know
		}
	case unix.SYS_IOCTL:
		if c.Args[1]&0xffffffff != procmapQuery {
			return false
		}
	case unix.SYS_FCNTL:
		if cmd := c.Args[1] & 0xffffffff; cmd != unix.F_DUPFD && cmd != unix.F_DUPFD_CLOEXEC {
			return false
		}
	default:
		return false
	}
	lockMaps()
	f := mapFileOf(int64(int32(c.Args[0])))
	if f != nil {
		f.perform(c)
	}
	unlockMaps()
	return f != nil
}

// perform makes a call about f.
func (f *mapFile) perform(c *Call) {
	switch c.Sysno {
	case unix.SYS_LSEEK:
		f.seek(c)
	case unix.SYS_IOCTL:
		query(c)
	case unix.SYS_DUP, unix.SYS_FCNTL:
		c.performHere()
		if c.Result >= 0 {
			forgetMapFd(c.Result)
			addMapFd(c.Result, f)
		}
	case unix.SYS_CLOSE:
		if currentVMChild() == nil {
			forgetMapFd(int64(int32(c.Args[0])))
		}
		c.performHere()
	default:
		f.read(c)
	}
}

// closeMaps forgets the descriptors from first to last, which have been closed.
func closeMaps(first, last uint32) {
	if oddCalls.Load()&oddMaps == 0 || currentVMChild() != nil {
		return
	}
	lockMaps()
	for i := range mapFds {
		if m := &mapFds[i]; m.file != nil && m.fd >= int64(first) && m.fd <= int64(last) {
			forgetMapFd(m.fd)
		}
	}
	unlockMaps()
}

// dupMaps notes what dup2(2) or dup3(2) has done.
func dupMaps(c *Call) {
	from, to := int64(int32(c.Args[0])), c.Result
	if oddCalls.Load()&oddMaps == 0 || c.Failed() || from == to {
		return
	}
	lockMaps()
	f := mapFileOf(from)
	if currentVMChild() == nil || f != nil {
		forgetMapFd(to)
	}
	if f != nil {
		addMapFd(to, f)
	}
	unlockMaps()
}

// ownMapName says whether name, of an entry of /proc/PID/map_files, is that of a mapping of ours.
func ownMapName(name []byte) bool {
	p := ctext.FieldsOf(name)
	from := p.Hex()
	if p.At(0) != '-' || from == 0 {
		return false
	}
	p.Skip(1)
	return inOwnArea(from, p.Hex())
}
