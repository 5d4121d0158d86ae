package main

import (
	"os"
	"os/exec"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

func checkSeccomp(m *machine) finding {
	status, err := m.read(m.proc + "/self/status")
	if err != nil {
		return warn("", "unknown: %s/self/status cannot be read", m.proc)
	}
	for _, line := range strings.Split(status, "\n") {
		v, ok := strings.CutPrefix(line, "Seccomp:")
		if !ok {
			continue
		}
		switch strings.TrimSpace(v) {
		case "0":
			return good("no filter on this process")
		case "1":
			return bad("start from a process without it", "strict mode: the library's own calls would be killed")
		}
		return warn("if `own memory` or `traps` fails, let the filter pass process_vm_readv, rt_sigaction and mprotect",
			"a filter is on this process (a container's?), it judges the library's own calls, too")
	}
	return good("not in this kernel")
}

// checkOwnMemory tries how the library reads arguments: its own process through
// process_vm_readv(2), which fails instead of faulting.
func checkOwnMemory(*machine) finding {
	var word uint64 = 0x0123456789abcdef
	var copied uint64
	local := []unix.Iovec{{Base: (*byte)(unsafe.Pointer(&copied)), Len: 8}}
	remote := []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&word)), Len: 8}}
	n, err := unix.ProcessVMReadv(os.Getpid(), local, remote, 0)
	if err != nil || n != 8 || copied != word {
		return bad("let seccomp pass process_vm_readv (docker: --cap-add SYS_PTRACE, or a newer profile)",
			"process_vm_readv on the process itself: %v", err)
	}
	return good("process_vm_readv works")
}

// checkCodeWritable tries how the library patches: a private file mapping made
// writable and executable, then executable again.
func checkCodeWritable(*machine) finding {
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return warn("", "unknown: %v", err)
	}
	defer f.Close()
	page, err := unix.Mmap(int(f.Fd()), 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE)
	if err != nil {
		return bad("", "an executable mapping of a file: %v", err)
	}
	defer unix.Munmap(page)
	const advice = "lift what forbids writable code: SELinux execmod, PR_SET_MDWE or MemoryDenyWriteExecute= (systemd), PaX MPROTECT"
	if err := unix.Mprotect(page, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC); err != nil {
		return bad(advice, "mprotect for writing: %v", err)
	}
	page[0] ^= 0
	if err := unix.Mprotect(page, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		return bad(advice, "mprotect back: %v", err)
	}
	return good("mapped code can be changed and made executable again")
}

// ownFds is above the numbers of the library's own descriptors
// (internal/ownfd/fd.go).
const ownFds = 1024

func checkOpenFiles(*machine) finding {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return warn("", "getrlimit: %v", err)
	}
	if l.Max < ownFds {
		return warn("ulimit -Hn 4096", "hard limit %d: the trace's descriptor is not out of the program's way", l.Max)
	}
	return good("hard limit %d", l.Max)
}

func checkCoreFiles(m *machine) finding {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &l); err != nil {
		return warn("", "getrlimit: %v", err)
	}
	pattern, _ := m.read(m.proc + "/sys/kernel/core_pattern")
	if l.Cur == 0 {
		return good("limit 0: crashes leave none (ulimit -c unlimited)")
	}
	return good("written as %s", pattern)
}

func checkEnvironment(*machine) finding {
	var set []string
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); name == "LD_PRELOAD" || name == "LD_BIND_NOT" || strings.HasPrefix(name, "SYSTRAP_") {
			set = append(set, e)
		}
	}
	if len(set) > 0 {
		return warn("unset what is not meant", "has %s", strings.Join(set, " "))
	}
	return good("nothing set that changes a trace")
}

func checkGdb(*machine) finding {
	path, err := exec.LookPath("gdb")
	if err != nil {
		return good("not installed")
	}
	return good("%s: systrap gdb -- PROG", path)
}
