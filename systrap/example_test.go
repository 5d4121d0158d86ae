package systrap_test

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// A tool's Enter that makes getdents64 fail, without performing it.
func ExampleReplace() {
	enter := func(c *systrap.Call) systrap.Verdict {
		if c.Sysno != unix.SYS_GETDENTS64 {
			return systrap.Pass
		}
		c.Result = -int64(unix.EACCES)
		return systrap.Replace
	}
	c := systrap.Call{Sysno: unix.SYS_GETDENTS64}
	fmt.Println(enter(&c) == systrap.Replace, c.Failed(), unix.Errno(c.Errno()))
	// Output: true true permission denied
}

// A tool's Enter that changes an argument in place: every openat is read-only.
func ExamplePass() {
	enter := func(c *systrap.Call) systrap.Verdict {
		if c.Sysno == unix.SYS_OPENAT {
			c.Args[2] = c.Args[2]&^unix.O_ACCMODE | unix.O_RDONLY
		}
		return systrap.Pass
	}
	c := systrap.Call{Sysno: unix.SYS_OPENAT}
	c.Args[2] = unix.O_RDWR | unix.O_CLOEXEC
	enter(&c)
	fmt.Println(c.Args[2] == unix.O_RDONLY|unix.O_CLOEXEC)
	// Output: true
}

// Text is written to a buffer in the caller's frame; nothing is allocated.
func ExampleLineOn() {
	var buf [40]byte
	l := systrap.LineOn(buf[:])
	l.Str("openat(")
	l.Int(-100)
	l.Str(", ")
	l.Hex(0x7ffd)
	l.Str(", ")
	l.Oct(0o644)
	l.Byte(')')
	l.Pad(30)
	l.Str("= 3")
	fmt.Printf("%s\n", l.Bytes())
	// Output: openat(-100, 0x7ffd, 0644)    = 3
}

// What does not fit is dropped, and Overflow says so.
func ExampleLine_Overflow() {
	var buf [4]byte
	l := systrap.LineOn(buf[:])
	l.Str("abcdef")
	fmt.Printf("%s %v\n", l.Bytes(), l.Overflow())
	l.Truncate(2)
	fmt.Printf("%s %v\n", l.Bytes(), l.Overflow())
	// Output:
	// abcd true
	// ab false
}

// Memory of the program is read without faulting, whatever the address is.
func ExampleReadString() {
	path := []byte("/etc/passwd\x00")
	var buf [64]byte
	n, terminated := systrap.ReadString(buf[:], addressOf(path))
	fmt.Println(string(buf[:n]), terminated)
	n, terminated = systrap.ReadString(buf[:], 8)
	fmt.Println(n, terminated)
	// Output:
	// /etc/passwd true
	// -1 false
}

// A call of the tool's own is not trapped.
func ExampleSyscall() {
	r := systrap.Syscall(unix.SYS_CLOSE, ^uintptr(0), 0, 0, 0, 0, 0)
	fmt.Println(r == -int64(unix.EBADF))
	// Output: true
}

func addressOf(b []byte) uint64 { return uint64(uintptr(unsafe.Pointer(&b[0]))) }
