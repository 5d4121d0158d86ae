// Faulty is a tool with a fault of the kind that SYSTRAP_OPTIONS names, in the function
// that it names: "nil enter".
package main

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

func main() {
	systrap.Run(systrap.Tool{Name: "faulty", Init: begin, Enter: enter, Exit: exit, Fini: end})
}

const constant = "constant"

var (
	options string
	counts  [4]int
	nobody  *[512]int
	bytes   [64]byte
)

func begin(p *systrap.Process) bool {
	options = p.Options
	fault("init", 4)
	return true
}

func enter(c *systrap.Call) systrap.Verdict {
	if c.Sysno == unix.SYS_WRITE {
		fault("enter", int(c.Args[2]))
	}
	return systrap.Pass
}

func exit(c *systrap.Call) {
	if c.Sysno == unix.SYS_WRITE {
		fault("exit", int(c.Args[2]))
	}
}

func end(int) { fault("fini", 4) }

// fault has the fault that is due in where. The write is one of 4 bytes.
func fault(where string, four int) {
	i := 0
	for i < len(options) && options[i] != ' ' {
		i++
	}
	if i == len(options) || options[i+1:] != where || four != 4 {
		return
	}
	switch options[:i] {
	case "nil":
		counts[0] = nobody[four]
	case "store":
		nobody[four] = 1
	case "index":
		counts[four]++
	case "divide":
		counts[0] = 1 / (four - 4)
	case "wild":
		counts[0] = *(*int)(at(0x123456789000))
	case "high":
		counts[0] = *(*int)(at(1 << 60))
	case "readonly":
		*(*byte)(at(uintptr(unsafe.Pointer(unsafe.StringData(constant))))) = 1
	case "copy":
		copy(bytes[:four*8], unsafe.Slice((*byte)(at(8)), 32))
	case "bus":
		fd := systrap.Syscall(unix.SYS_MEMFD_CREATE, uintptr(unsafe.Pointer(&bytes)), 0, 0, 0, 0, 0)
		p := systrap.Syscall(unix.SYS_MMAP, 0, 4096, unix.PROT_READ, unix.MAP_SHARED, uintptr(fd), 0)
		counts[0] = *(*int)(at(uintptr(p)))
	}
}

// at is a pointer to an address.
//
//go:noinline
func at(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }
