package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// ptrace adds what the address and the data of ptrace(2) are: kernel/ptrace.c and arch/x86/kernel/ptrace.c. Where the
// address is the tracee's the range has its number.
func (it *Iterator) ptrace(k abi.Kind, addr uint64) {
	c := it.call
	data := k == abi.PtraceData
	size := c.Args[2] // of the requests that have it there
	switch request := uint32(c.Args[0]); request {
	case unix.PTRACE_PEEKTEXT, unix.PTRACE_PEEKDATA, unix.PTRACE_POKETEXT, unix.PTRACE_POKEDATA:
		peek := request == unix.PTRACE_PEEKTEXT || request == unix.PTRACE_PEEKDATA
		switch {
		case data && peek:
			it.writes(addr, 8, 0, "")
		case !data:
			it.pid = int32(c.Args[1])
			if peek {
				it.reads(addr, 8, 0, "")
			} else {
				it.writes(addr, 8, 0, "")
			}
		}
		return
	case unix.PTRACE_PEEKSIGINFO:
		if !data {
			it.reads(addr, 16, 0, "")
			return
		}
		n := times(uint64(max(int32(read32(c.Args[2]+12)), 0)), 128)
		if it.when == succeeded {
			n = min(n, times(uint64(max(c.Result, 0)), 128))
		}
		it.writes(addr, n, MayChange, "")
		return
	}
	if !data {
		return
	}
	switch request := uint32(c.Args[0]); request {
	case unix.PTRACE_PEEKUSR, unix.PTRACE_GETEVENTMSG:
		it.writes(addr, 8, 0, "")
	case unix.PTRACE_GETREGS:
		it.writes(addr, 27*8, 0, "")
	case unix.PTRACE_SETREGS:
		it.reads(addr, 27*8, 0, "")
	case unix.PTRACE_GETFPREGS:
		it.writes(addr, 512, 0, "")
	case unix.PTRACE_SETFPREGS:
		it.reads(addr, 512, 0, "")
	case unix.PTRACE_GETSIGINFO:
		it.writes(addr, 128, 0, "")
	case unix.PTRACE_SETSIGINFO:
		it.siginfo(addr)
	case unix.PTRACE_GETREGSET, unix.PTRACE_SETREGSET:
		it.registerSet(addr, request == unix.PTRACE_GETREGSET)
	case unix.PTRACE_GETSIGMASK:
		it.writes(addr, maskBytes(size), 0, "")
	case unix.PTRACE_SETSIGMASK:
		it.reads(addr, maskBytes(size), 0, "")
	case unix.PTRACE_GET_THREAD_AREA:
		it.writes(addr, 16, 0, "")
	case unix.PTRACE_SET_THREAD_AREA:
		it.both(addr, 16, 0, "")
	case unix.PTRACE_SECCOMP_GET_FILTER:
		n := uint64(4096)
		f := Bound
		if it.when == succeeded {
			n, f = uint64(max(c.Result, 0)), 0
		}
		it.writes(addr, n*8, f, "")
	case unix.PTRACE_SECCOMP_GET_METADATA:
		it.reads(addr, min(size, 8), 0, "")
		it.writes(addr, min(size, 16), 0, "")
	case unix.PTRACE_GET_SYSCALL_INFO, unix.PTRACE_GET_RSEQ_CONFIGURATION:
		it.result(addr, size, "")
	case 0x4212: // PTRACE_SET_SYSCALL_INFO
		it.reads(addr, size, Bound, "")
	case 0x4210: // PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG
		it.reads(addr, 32, 0, "")
	case 0x4211: // PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG
		it.writes(addr, 32, 0, "")
	}
}

// registerSet adds the struct iovec of PTRACE_GETREGSET, whose length becomes what there was, and its registers.
func (it *Iterator) registerSet(addr uint64, get bool) {
	it.reads(addr, 16, 0, "")
	it.writes(addr+8, 8, 0, "iov_len")
	base, n := read64(addr), read64(addr+8)
	if get {
		it.writes(base, n, MayChange, "iov_base")
	} else {
		it.reads(base, n, MayChange, "iov_base")
	}
}
