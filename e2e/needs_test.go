package e2e

import (
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// needMachine skips a test where the machine or the kernel lacks something.
func needMachine(t *testing.T, what string) {
	t.Helper()
	why := ""
	switch what {
	case "pkeys":
		key, _, e := unix.Syscall(unix.SYS_PKEY_ALLOC, 0, 0, 0)
		if e != 0 {
			why = "pkey_alloc: " + e.Error()
		} else {
			unix.Syscall(unix.SYS_PKEY_FREE, key, 0, 0)
		}
	case "mseal":
		const sysMseal = 462 // Linux 6.10
		if _, _, e := unix.Syscall(sysMseal, 0, 0, 0); e != 0 {
			why = "mseal: " + e.Error()
		}
	case "hugetlb":
		allowHugePages()
		b, err := unix.Mmap(-1, 0, 2<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_HUGETLB)
		if err != nil {
			why = "no huge page: " + err.Error()
		} else {
			unix.Munmap(b)
		}
	case "dispatch":
		const setUserDispatch = 59 // PR_SET_SYSCALL_USER_DISPATCH
		if err := unix.Prctl(setUserDispatch, 0, 0, 0, 0); err != nil {
			why = "no Syscall User Dispatch (Linux 5.11): " + err.Error()
		}
	default:
		t.Fatalf("unknown need %q", what)
	}
	if why != "" {
		t.Skip(why)
	}
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
