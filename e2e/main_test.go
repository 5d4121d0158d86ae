package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/internal/testdir"
)

// What TestMain prepares for all tests.
var (
	silentLib string // the library with the silent tool
	lookerLib string // that with a tool that reads memory and sees signals
	traceLib  string // trace-syscalls
	workRoot  string // a directory for everything that the tests write
)

// coreLimit is RLIMIT_CORE in bytes of what the tests run: enough for "core
// dumped" to be seen in the status, too little to fill a disk.
const coreLimit = 1 << 20

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	// A library in the environment would trace the tests themselves.
	os.Unsetenv("LD_PRELOAD")
	unix.Umask(0o022)
	var lim unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_CORE, &lim)
	if err == nil {
		lim.Cur = min(coreLimit, lim.Max)
		err = unix.Setrlimit(unix.RLIMIT_CORE, &lim)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: cannot set RLIMIT_CORE:", err)
	}
	if workRoot, err = testdir.Make("systrap-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer os.RemoveAll(workRoot)
	defer forbidHugePages()
	// Tests that drop privileges must reach their files.
	if err := os.Chmod(workRoot, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	if silentLib, err = library("./e2e/silent", "E2E_LIB"); err == nil {
		lookerLib, err = library("./e2e/looker", "E2E_LOOKER")
	}
	if err == nil {
		traceLib, err = library("./cmd/trace-syscalls", "E2E_TRACE")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return m.Run()
}

var libraryLock sync.Mutex

// library returns the path of a tool's library, built if need be. The variable
// named by env can say which file to use instead.
func library(tool, env string) (string, error) {
	if lib := os.Getenv(env); lib != "" {
		if _, err := os.Stat(lib); err != nil {
			return "", fmt.Errorf("%s: %w", env, err)
		}
		return filepath.Abs(lib)
	}
	// One name for all: some fixtures look for it in /proc/self/maps.
	lib := filepath.Join(workRoot, filepath.Base(tool), "silent.so")
	libraryLock.Lock()
	defer libraryLock.Unlock()
	if _, err := os.Stat(lib); err == nil {
		return lib, nil // another test has built it
	}
	if err := os.MkdirAll(filepath.Dir(lib), 0o755); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "run", "./cmd/systrap", "build", "-o", lib, tool)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	if _, err := os.Stat(lib); err != nil {
		return "", fmt.Errorf("systrap build made no library: %w", err)
	}
	return lib, nil
}
