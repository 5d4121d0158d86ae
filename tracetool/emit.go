package tracetool

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/tracelog"
	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// emit writes text to the trace, or with -ff to the file of thread tid.
func emit(b []byte, tid int) {
	if !opt.separate {
		systrap.Log(b)
		return
	}
	fd := openOwn(tid)
	if fd < 0 {
		return
	}
	tracelog.WriteLimited(fd, b)
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
}

// begunFiles are the threads whose files of -ff have been begun.
type begunFiles [1024]atomic.Int32

// openOwn opens the file of a thread for one line: -o's name, a point and the
// thread's id. No descriptor is kept, as vfork children share ours.
func openOwn(tid int) int64 {
	dir := ownfd.Get(ownfd.Shared)
	if dir < 0 {
		return -1
	}
	var name [320]byte
	l := systrap.LineOn(name[:len(name)-1])
	_, file := splitPath(opt.path)
	l.Raw(file)
	l.Byte('.')
	l.Uint(uint64(tid))
	flags := uintptr(unix.O_WRONLY | unix.O_CREAT | unix.O_APPEND | unix.O_CLOEXEC)
	if beginFile(tid) && !opt.appendTo {
		flags |= unix.O_TRUNC
	}
	return systrap.Syscall(unix.SYS_OPENAT, uintptr(dir), uintptr(unsafe.Pointer(&name)), flags, 0o666, 0, 0)
}

// beginFile says whether this is the thread's first line.
func beginFile(tid int) bool {
	if pool == nil {
		return false
	}
	for i := range pool.begun {
		switch v := pool.begun[i].Load(); v {
		case int32(tid):
			return false
		case 0:
			if pool.begun[i].CompareAndSwap(0, int32(tid)) {
				return true
			}
		}
	}
	return false
}

// splitPath cuts a path (with its NUL) behind the last slash; neither part has
// the NUL.
func splitPath(path []byte) (dir, file []byte) {
	n := len(path) - 1
	i := n
	for i > 0 && path[i-1] != '/' {
		i--
	}
	return path[:i], path[i:n]
}

// startSeparate opens the folder of -ff's files.
func startSeparate(execed bool) bool {
	if !opt.separate {
		return true
	}
	if execed {
		beginFile(systrap.Tid())
		return true
	}
	if ownfd.Get(ownfd.Shared) >= 0 {
		return true
	}
	var path [1024]byte
	dir, _ := splitPath(opt.path)
	n := copy(path[:len(path)-2], dir)
	if n == 0 {
		path[0] = '.'
	}
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&path)), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return cannotOpen(opt.path, int(-fd))
	}
	return ownfd.Share(fd) >= 0
}

// spill makes room for n more bytes of a line by writing what there is of it.
func spill(p *text.Printer, n int) {
	if p.Room() >= n {
		return
	}
	emit(p.Rec[:p.Base+p.Len()], p.Tid)
	p.Base = 0
	p.Line = systrap.LineOn(p.Rec)
}

// moved makes the larger text that record k has got the line's: it begins with
// the first n bytes of the one before, and has room for more behind it.
func moved(p *text.Printer, k, n, room int) {
	old := p.Rec
	p.Rec = textOf(k)
	p.Base = 0
	p.Line = systrap.LineOn(p.Rec[:len(p.Rec)-room])
	p.Raw(old[:n])
}

// MapsLog says whether the lines go to -o's file through a mapping: not with -A,
// which is for files that others write to or read meanwhile, nor for the one table
// of -c.
func MapsLog() bool {
	return opt.toFile && !opt.appendTo && !opt.separate && opt.count != countOnly
}

// openLog makes the file at path (with its NUL) the trace's stream.
func openLog(path []byte, appendTo bool) bool {
	e := tracelog.Open(path, appendTo)
	if e != 0 {
		return cannotOpen(path, e)
	}
	if MapsLog() {
		tracelog.Map()
	}
	return true
}

func cannotOpen(path []byte, e int) bool {
	text := "Unknown error"
	if e > 0 && e < len(names.Errnos) && names.Errnos[e].Name != 0 {
		text = names.Errnos[e].Text.String()
	}
	return die("Can't fopen '", unsafe.String(&path[0], len(path)-1), "': ", text)
}
