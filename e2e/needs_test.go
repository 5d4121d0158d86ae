package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// needs is what a test may need of the machine, the kernel or its user, and what
// finds out: "", or the reason why it is not there.
var needs = map[string]func() string{
	"pkeys": sync.OnceValue(func() string {
		key, _, e := unix.Syscall(unix.SYS_PKEY_ALLOC, 0, 0, 0)
		if e != 0 {
			return "no protection keys, pkey_alloc: " + e.Error()
		}
		unix.Syscall(unix.SYS_PKEY_FREE, key, 0, 0)
		return ""
	}),
	"notify": sync.OnceValue(func() string {
		const getNotifSizes = 3 // SECCOMP_GET_NOTIF_SIZES, Linux 5.0; what the fixture uses is of 5.5
		var sizes [3]uint16
		if _, _, e := unix.Syscall(unix.SYS_SECCOMP, getNotifSizes, 0, uintptr(unsafe.Pointer(&sizes))); e != 0 {
			return "seccomp, user notification: " + e.Error()
		}
		return ""
	}),
	"mseal": sync.OnceValue(func() string {
		const sysMseal = 462 // Linux 6.10
		if _, _, e := unix.Syscall(sysMseal, 0, 0, 0); e != 0 {
			return "mseal: " + e.Error()
		}
		return ""
	}),
	"hugetlb": func() string {
		allowHugePages()
		b, err := unix.Mmap(-1, 0, 2<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_HUGETLB)
		if err != nil {
			return "no huge page: " + err.Error()
		}
		unix.Munmap(b)
		return ""
	},
	"dispatch": sync.OnceValue(func() string {
		const setUserDispatch = 59 // PR_SET_SYSCALL_USER_DISPATCH
		if err := unix.Prctl(setUserDispatch, 0, 0, 0, 0); err != nil {
			return "no Syscall User Dispatch (Linux 5.11): " + err.Error()
		}
		return ""
	}),
	"jump":     sync.OnceValue(jumpMissing),
	"avx2":     func() string { return cpuFlag("avx2") },
	"avx512":   func() string { return cpuFlag("avx512bw") },
	"fsgsbase": func() string { return cpuFlag("fsgsbase") },
	"bmi2":     func() string { return cpuFlag("bmi2") },
	"root": func() string {
		if os.Geteuid() != 0 {
			return "not root"
		}
		return ""
	},
	"chroot": func() string { return capability(unix.CAP_SYS_CHROOT, "chroot(2)") },
	"setuid": func() string {
		return capability(unix.CAP_SETUID, "setuid(2)") + capability(unix.CAP_SETGID, "setgid(2)")
	},
	"suid":    sync.OnceValue(suidMissing),
	"core":    sync.OnceValue(coreMissing),
	"ia32":    sync.OnceValue(ia32Missing),
	"ptrace":  sync.OnceValue(ptraceMissing),
	"seccomp": sync.OnceValue(seccompMissing),
	"pty": func() string {
		m, s, err := openPty()
		if err != nil {
			return "no pseudo terminal: " + err.Error()
		}
		m.Close()
		s.Close()
		return ""
	},
	"threads1100": func() string { return tasksMissing(1100) },
}

// needMachine skips a test where the machine, the kernel or the user lacks
// something; command:NAME is a program.
func needMachine(t *testing.T, what string) {
	t.Helper()
	if name, ok := strings.CutPrefix(what, "command:"); ok {
		need(t, name)
		return
	}
	missing := needs[what]
	if missing == nil {
		t.Fatalf("unknown need %q", what)
	}
	if why := missing(); why != "" {
		t.Skip(why)
	}
}

// jumpMissing says why there is no jump door: what jumpDoor's instructions need.
func jumpMissing() string { return cmp.Or(cpuFlag("fsgsbase"), cpuFlag("bmi2")) }

// cpuFlag says that the kernel does not show a processor's feature to programs.
func cpuFlag(flag string) string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return err.Error()
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "flags") {
			for _, f := range strings.Fields(line) {
				if f == flag {
					return ""
				}
			}
			return "the processor has no " + flag
		}
	}
	return "no flags in /proc/cpuinfo"
}

// capability says that the test's process lacks one.
func capability(c int, what string) string {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return err.Error()
	}
	if data[c/32].Effective&(1<<(c%32)) == 0 {
		return "no right to " + what
	}
	return ""
}

func setuidMissing() string {
	return cmp.Or(capability(unix.CAP_SETUID, "setuid(2)"), capability(unix.CAP_SETGID, "setgid(2)"))
}

// suidMissing says why a set-user-ID file would have no effect under workRoot.
func suidMissing() string {
	if why := setuidMissing(); why != "" {
		return why
	}
	var st unix.Statfs_t
	if err := unix.Statfs(workRoot, &st); err != nil {
		return err.Error()
	}
	if st.Flags&unix.MS_NOSUID != 0 {
		return workRoot + " is mounted nosuid"
	}
	// no_new_privs makes set-user-ID files ordinary ones.
	if n, _, _ := unix.Syscall6(unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0); n == 1 {
		return "the tests run with no_new_privs"
	}
	return ""
}

// coreMissing says why a process that dies leaves no core: a limit, or a
// core_pattern whose program or directory is not there.
func coreMissing() string {
	dir, err := os.MkdirTemp(workRoot, "core")
	if err != nil {
		return err.Error()
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("/bin/sh", "-c", "kill -SEGV $$")
	cmd.Dir = dir
	cmd.Run()
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !ws.CoreDump() {
		pattern, _ := os.ReadFile("/proc/sys/kernel/core_pattern")
		return fmt.Sprintf("no core dumps here (RLIMIT_CORE, core_pattern %q)", bytes.TrimSpace(pattern))
	}
	return ""
}

// ia32Program is a 32-bit ELF file: mov $1, %eax; xor %ebx, %ebx; int $0x80.
var ia32Program = append([]byte("\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"+
	"\x02\x00\x03\x00\x01\x00\x00\x00\x54\x80\x04\x08\x34\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x34\x00\x20\x00\x01\x00\x28\x00\x00\x00\x00\x00"+
	"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x80\x04\x08\x00\x80\x04\x08\x60\x00\x00\x00\x60\x00\x00\x00\x05\x00\x00\x00\x00\x10\x00\x00"),
	0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80, 0x90, 0x90, 0x90)

func ia32Missing() string {
	path := filepath.Join(workRoot, "ia32")
	if err := os.WriteFile(path, ia32Program, 0o755); err != nil {
		return err.Error()
	}
	if err := exec.Command(path).Run(); err != nil {
		return "the kernel runs no 32-bit programs: " + err.Error()
	}
	return ""
}

func ptraceMissing() string {
	cmd := exec.Command("/bin/true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return "no ptrace: " + err.Error()
	}
	cmd.Process.Kill()
	cmd.Wait()
	return ""
}

func seccompMissing() string {
	const getActionAvail = 2 // SECCOMP_GET_ACTION_AVAIL, Linux 4.14
	action := uint32(unix.SECCOMP_RET_KILL_PROCESS)
	if _, _, e := unix.Syscall(unix.SYS_SECCOMP, getActionAvail, 0, uintptr(unsafe.Pointer(&action))); e != 0 {
		return "no seccomp filters: " + e.Error()
	}
	return ""
}

// tasksMissing says that a limit is in the way of n threads.
func tasksMissing(n int) string {
	var lim unix.Rlimit
	if os.Geteuid() != 0 && unix.Getrlimit(unix.RLIMIT_NPROC, &lim) == nil && lim.Cur < uint64(n) {
		return fmt.Sprintf("RLIMIT_NPROC is %d", lim.Cur)
	}
	text, err := os.ReadFile("/sys/fs/cgroup/pids.max")
	if err == nil {
		if most, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && most < n {
			return fmt.Sprintf("the control group allows %d tasks", most)
		}
	}
	return ""
}

// overcommitHuge is how many huge pages the kernel may make on demand.
const overcommitHuge = "/proc/sys/vm/nr_overcommit_hugepages"

var hugeBefore string

// allowHugePages lets the kernel make huge pages on demand, where none are
// reserved and we may say so. TestMain takes it back.
var allowHugePages = sync.OnceFunc(func() {
	old, err := os.ReadFile(overcommitHuge)
	if err == nil && strings.TrimSpace(string(old)) == "0" && os.WriteFile(overcommitHuge, []byte("8"), 0) == nil {
		hugeBefore = string(old)
	}
})

func forbidHugePages() {
	if hugeBefore != "" {
		os.WriteFile(overcommitHuge, []byte(hugeBefore), 0)
	}
}
