package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// backtrace is what gdb says of lib/crash.c.
var backtrace = regexp.MustCompile(`(?s)deep \(n=(n@entry=)?5.* in main \(`)

// TestCoreSize: the core of a traced program is about as large as a native one, and
// gdb unwinds it.
func TestCoreSize(t *testing.T) {
	if p, err := os.ReadFile("/proc/sys/kernel/core_pattern"); err != nil || strings.TrimSpace(string(p)) != "core" {
		t.Skipf("cores do not go to the working directory: %q, %v", p, err)
	}
	bin := buildLimits(t, "testdata/lib/crash.c")
	native, _ := coreOf(t, bin)
	for _, how := range []string{"fault", "abort", "ud2"} {
		t.Run(how, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			blocks, core := coreOf(t, "env", "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-o "+log, bin, how)
			if blocks > native+native/2 {
				t.Errorf("the core has %d KiB on disk, natively %d", blocks/2, native/2)
			}
			need(t, "gdb")
			out, err := exec.Command("gdb", "-nx", "-batch", "-ex", "bt", bin, core).CombinedOutput()
			if err != nil || !backtrace.Match(out) {
				t.Errorf("gdb's backtrace: %v\n%s", err, out)
			}
		})
	}
}

// coreOf runs a command that dies and returns the size of its core in blocks of 512
// bytes, and its path.
func coreOf(t *testing.T, args ...string) (blocks int64, path string) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited; exec "$@"`, "sh"}, args...)...)
	cmd.Dir = dir
	cmd.Env = fixedEnv(dir)
	err := cmd.Run()
	cores, _ := filepath.Glob(filepath.Join(dir, "core*"))
	if len(cores) != 1 {
		t.Skipf("%v left no core (%v)", args, err)
	}
	st, err := os.Stat(cores[0])
	if err != nil {
		t.Fatal(err)
	}
	return st.Sys().(*syscall.Stat_t).Blocks, cores[0]
}
