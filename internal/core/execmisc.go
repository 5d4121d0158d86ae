package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/mem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
)

// Formats that somebody has registered with the kernel (binfmt_misc,
// Documentation/admin-guide/binfmt-misc.rst): a file that begins in some way, or whose name
// ends in some way, is run by an interpreter.

var miscFolder = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'y', 's', '/', 'f', 's', '/', 'b', 'i', 'n', 'f', 'm', 't', '_', 'm', 'i', 's', 'c', 0}

// miscCredentials is the flag by which the file's set-id bits count, not the interpreter's.
const miscCredentials = 'C'

// miscFormat finds the interpreter of the file that begins with head and was executed by
// the name at addr, and writes its path, and to the last byte of that miscCredentials or 0. sure is fails if there is none, doubtful if that
// cannot be told.
func miscFormat(path []byte, head []byte, addr uint64) (sure outlook) {
	dir := sys.Open(&miscFolder[0], unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if dir < 0 {
		if dir == -int64(unix.ENOENT) || dir == -int64(unix.ENOTDIR) {
			return fails
		}
		return doubtful
	}
	sure = fails
	var buf [1024]byte
	for sure == fails {
		n := int(int64(rawsys.Syscall(unix.SYS_GETDENTS64, uintptr(dir), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0)))
		if n <= 0 {
			break
		}
		for at := 0; at+direntName < n && sure == fails; {
			name := buf[at+direntName : n]
			at += int(*(*uint16)(unsafe.Pointer(&buf[at+direntReclen])))
			if name[0] != '.' && !ctext.StartsWith(name, "register\x00") && !ctext.StartsWith(name, "status\x00") {
				sure = miscEntry(dir, &name[0], path, head, addr)
			}
		}
	}
	sys.Close(dir)
	return sure
}

// miscEntry looks whether the format called name is that of a file.
func miscEntry(dir int64, name *byte, path, head []byte, addr uint64) outlook {
	fd := sys.OpenAt(uintptr(dir), uintptr(unsafe.Pointer(name)), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if fd < 0 {
		return doubtful
	}
	var buf [1536]byte
	n := max(sys.Read(fd, buf[:]), 0)
	sys.Close(fd)
	if n == len(buf) {
		return doubtful
	}
	p := ctext.FieldsOf(buf[:n])
	if !p.Word("enabled\n") {
		return fails
	}
	if !p.Word("interpreter ") {
		return doubtful
	}
	i := 0
	for ; p.At(0) != '\n' && p.At(0) != 0 && i < len(path)-2; i++ {
		path[i] = p.At(0)
		p.Skip(1)
	}
	path[i] = 0
	p.Line()
	path[len(path)-1] = 0
	for ; p.At(0) != '\n' && p.At(0) != 0; p.Skip(1) {
		if p.At(0) == miscCredentials {
			path[len(path)-1] = miscCredentials
		}
	}
	p.Skip(1)
	if p.Word("extension .") {
		return hasExtension(&p, addr)
	}
	if !p.Word("offset ") {
		return doubtful
	}
	offset := int(p.Dec())
	p.Skip(1)
	if !p.Word("magic ") {
		return doubtful
	}
	mask := p
	mask.Line()
	masked := mask.Word("mask ")
	for ; p.At(0) != '\n' && p.At(0) != 0; offset++ {
		want, with := p.Byte(), byte(0xff)
		if masked {
			with = mask.Byte()
		}
		if offset >= len(head) || (head[offset]^want)&with != 0 {
			return fails
		}
	}
	return succeeds
}

// hasExtension says whether the name at addr ends with a point and the word at p.
func hasExtension(p *ctext.Fields, addr uint64) outlook {
	var tail [64]byte
	n, base := 0, addr
	for { // the last bytes of a long name
		k, whole := mem.ReadString(tail[:], base)
		if n = max(k, 0); whole || k < len(tail) {
			break
		}
		base += uint64(len(tail)) / 2
	}
	from := n
	for from > 0 && tail[from-1] != '.' {
		from--
	}
	if from == 0 {
		return fails
	}
	for _, c := range tail[from:n] {
		if p.At(0) != c {
			return fails
		}
		p.Skip(1)
	}
	if p.At(0) != '\n' {
		return fails
	}
	return succeeds
}
