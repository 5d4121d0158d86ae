package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// Kernel versions that brought what the library uses.
const (
	kernelWipeOnFork = 4<<8 | 14 // MADV_WIPEONFORK (madvise(2))
)

func checkKernel(*machine) finding {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return bad("", "uname: %v", err)
	}
	return judgeKernel(unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:]))
}

func judgeKernel(release, machine string) finding {
	if machine != "x86_64" {
		return bad("only x86-64 can be traced", "Linux %s for %s", release, machine)
	}
	var major, minor int
	if _, err := fmt.Sscanf(release, "%d.%d", &major, &minor); err != nil {
		return warn("", "Linux %s: not a version this program can read", release)
	}
	switch v := major<<8 | minor; {
	case v < kernelWipeOnFork:
		return bad("use Linux 4.14 or newer", "Linux %s lacks MADV_WIPEONFORK", release)
	}
	return good("Linux %s", release)
}

func checkProc(m *machine) finding {
	if _, err := os.ReadFile(m.proc + "/self/maps"); err != nil {
		return bad("mount -t proc proc /proc", "/proc/self/maps cannot be read: code cannot be found")
	}
	return good("mounted")
}

func checkIoUring(m *machine) finding {
	v, err := m.read(m.proc + "/sys/kernel/io_uring_disabled")
	switch {
	case err != nil:
		return good("cannot tell; what a ring does is not a system call, and not shown")
	case v == "2":
		return good("disabled")
	}
	return good("enabled; what a ring does is not a system call, and not shown (nor by strace)")
}

func checkOvercommit(m *machine) finding {
	if v, _ := m.read(m.proc + "/sys/vm/overcommit_memory"); v == "2" {
		return warn("sysctl vm.overcommit_memory=0, or leave room for 64 MB a process",
			"strict: memory that the library only reserves is charged to the program")
	}
	return good("memory may be reserved without being charged")
}

// checkPageZero says whether zpoline's page at address 0 could be had: ours needs none.
// See docs/decisions/hook-library-loading.md.
func checkPageZero(m *machine) finding {
	v, err := m.read(m.proc + "/sys/vm/mmap_min_addr")
	switch {
	case err != nil:
		return good("not known (vm.mmap_min_addr cannot be read); libzpoline.so needs none")
	case v == "0":
		return good("vm.mmap_min_addr=0 lets programs map address 0; libzpoline.so needs no page there")
	}
	return good("vm.mmap_min_addr=%s keeps programs from mapping address 0; libzpoline.so needs no page there", v)
}

func checkSELinux(m *machine) finding {
	v, err := m.read(m.sys + "/fs/selinux/enforce")
	switch {
	case err != nil:
		return good("not active")
	case v == "1":
		return warn("setsebool allow_execmod 1, if `traps` below fails", "enforcing: it can forbid changing mapped code (execmod)")
	}
	return good("permissive")
}

func checkPtraceScope(m *machine) finding {
	v, err := m.read(m.proc + "/sys/kernel/yama/ptrace_scope")
	if err != nil {
		return good("no Yama; ptrace is not used anyway")
	}
	return good("%s; ptrace is not used", v)
}

// checkShadowStack asks a program that the C library started: this one is
// static and would not have a shadow stack anyway.
func checkShadowStack(m *machine) finding {
	status, err := exec.Command("cat", m.proc+"/self/status").Output()
	if err != nil {
		return warn("", "unknown: cat %s/self/status: %v", m.proc, err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if f, ok := strings.CutPrefix(line, "x86_Thread_features:"); ok && strings.Contains(f, "shstk") {
			return warn("GLIBC_TUNABLES=glibc.cpu.x86_shstk=off", "on for new processes: handlers that jump away can fail under the library")
		}
	}
	return good("off")
}
