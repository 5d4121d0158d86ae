package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// The execve that made the first image was made before anything of ours
// existed. Its line is put together from what the kernel remembers of it.

var (
	procCmdline = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'c', 'm', 'd', 'l', 'i', 'n', 'e', 0}
	procEnviron = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'e', 'n', 'v', 'i', 'r', 'o', 'n', 0}
	procAuxv    = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 'a', 'u', 'x', 'v', 0}
)

// readFile reads the file at path (NUL-terminated) from offset off.
func readFile(path, dst []byte, off int) int {
	fd := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&path[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if fd < 0 {
		return 0
	}
	n := systrap.Syscall(unix.SYS_PREAD64, uintptr(fd), uintptr(unsafe.Pointer(&dst[0])), uintptr(len(dst)), uintptr(off), 0, 0)
	systrap.Syscall(unix.SYS_CLOSE, uintptr(fd), 0, 0, 0, 0, 0)
	if n < 0 {
		return 0
	}
	return int(n)
}

// firstLine holds the line, as that of a record does.
var firstLine [32 << 10]byte

// firstExec prints the line of the execve that started the program.
func firstExec() {
	if !traced(unix.SYS_EXECVE) || opt.status == statusFailed {
		return
	}
	var p printer
	p.Line = systrap.LineOn(firstLine[:len(firstLine)-1])
	p.prefix()
	p.Str("execve(")
	p.execfn()
	p.Str(", [")
	p.list(procCmdline[:])
	p.Str("], ")
	if opt.verbose {
		p.Byte('[')
		p.list(procEnviron[:])
		p.Byte(']')
	} else {
		p.environment()
	}
	p.Str(") ")
	p.Pad(opt.column)
	p.Str("= 0")
	if opt.duration {
		p.Str(" <0.000000>")
	}
	n := p.Len()
	firstLine[n] = '\n'
	systrap.Log(firstLine[:n+1])
}

// execfn prints the path that was executed: AT_EXECFN of the auxiliary vector
// (getauxval(3)).
func (p *printer) execfn() {
	const atExecfn = 31
	var v [64]uint64
	n := readFile(procAuxv[:], unsafe.Slice((*byte)(unsafe.Pointer(&v)), len(v)*8), 0)
	for i := 0; i+1 < n/8; i += 2 {
		if v[i] == atExecfn {
			p.path(v[i+1])
			return
		}
	}
	p.Str("NULL")
}

// scratch is for the files of firstExec, which runs before any thread.
var scratch [4096]byte

// list prints the NUL-terminated strings of a file.
func (p *printer) list(path []byte) {
	count := 0
	for off := 0; ; {
		n := readFile(path, scratch[:], off)
		end := 0
		for end < n && scratch[end] != 0 {
			end++
		}
		if n == 0 || end == n && n < len(scratch) {
			return
		}
		if count > 0 {
			p.comma()
		}
		if count >= maxItems && !opt.verbose {
			p.Str("...")
			return
		}
		k := end
		if uint64(k) > opt.strLen {
			k = int(opt.strLen)
		}
		p.bytes(scratch[:k])
		if k < end {
			p.Str("...")
		}
		count++
		off += end + 1
	}
}

// environment prints the number of variables; the address that the caller had
// them at is not known, so ours is printed.
func (p *printer) environment() {
	count := uint64(0)
	for off := 0; ; {
		n := readFile(procEnviron[:], scratch[:], off)
		if n == 0 {
			break
		}
		for _, c := range scratch[:n] {
			if c == 0 {
				count++
			}
		}
		off += n
	}
	p.Hex(uint64(uintptr(unsafe.Pointer(&scratch))))
	p.Str(" /* ")
	p.Uint(count)
	if count == 1 {
		p.Str(" var */")
		return
	}
	p.Str(" vars */")
}
