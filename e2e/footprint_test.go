package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// footcheckLib is the library with the tool that compares memory before and after each call.
var footcheckLib = sync.OnceValues(func() (string, error) { return library("./e2e/footcheck", "E2E_FOOTCHECK") })

// unnamedWrites are the calls, by test and name, with which the kernel writes what package footprint does not name.
// The list only shrinks.
var unnamedWrites = map[string]unnamedWrite{
	"foot_self_mem pwrite64": {why: "/proc/self/mem is the memory, and only its path says so"},
	"jit_views wait4":        {why: "a child writes memory that a private view shows", sometimes: true},
	"jit_views clone":        {why: "likewise", sometimes: true},
}

type unnamedWrite struct {
	why       string
	sometimes bool
}

// checkFootprints runs s with each call's memory compared: whatever the kernel changed must have been named.
func checkFootprints(t *testing.T, s spec) {
	t.Helper()
	if _, err := os.Stat("/proc/self/pagemap"); err != nil {
		t.Skip("no list of the pages that are in memory: the kernel is without CONFIG_PROC_PAGE_MONITOR")
	}
	lib, err := footcheckLib()
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(workRoot, strings.NewReplacer("/", "_", " ", "_").Replace(t.Name()))
	defer os.RemoveAll(base)
	report := filepath.Join(base, "report")
	if err := os.MkdirAll(base, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writableByAll(report); err != nil {
		t.Fatal(err)
	}
	env := []string{"LD_PRELOAD=" + lib, "SYSTRAP_OPTIONS=" + report}
	o, err := execute(&s, filepath.Join(base, "w"), filepath.Join(base, "logs"), env)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	if o.hung != "" {
		t.Errorf("hangs:\n%s", o.hung)
	}
	checked, seen := 0, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		var n int
		if _, err := fmt.Sscanf(line, "checked %d ", &n); err == nil {
			checked += n
			continue
		}
		call, _, _ := strings.Cut(strings.TrimPrefix(line, "unnamed "), "(")
		if _, ok := unnamedWrites[s.name+" "+call]; ok {
			seen[call] = true
			continue
		}
		t.Errorf("%s", strings.TrimSpace(line))
	}
	if checked == 0 {
		t.Errorf("no call was compared; it ended with %s:\n%s", o.status, o.stderr)
	}
	t.Logf("%d calls compared", checked)
	for key, u := range unnamedWrites {
		if test, call, _ := strings.Cut(key, " "); test == s.name && !seen[call] && !u.sometimes {
			t.Errorf("%s named all that it wrote (%s): take it out of unnamedWrites", call, u.why)
		}
	}
}

// TestPrivateDescriptorWithoutStderr lists the descriptors of a program that is started without a standard error, where the trace has
// none: what the tool has open is not in the list either.
func TestPrivateDescriptorWithoutStderr(t *testing.T) {
	lib, err := footcheckLib()
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "report")
	list := func(env ...string) string {
		// The shell has a standard error: the library is not in it.
		cmd := exec.Command("timeout", append([]string{"60", "sh", "-c", `exec 2>&-; exec env "$@" ls /proc/self/fd`, "sh"}, env...)...)
		cmd.Env = fixedEnv(workRoot)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	want := list()
	if got := list("LD_PRELOAD="+lib, "SYSTRAP_OPTIONS="+report); got != want {
		t.Errorf("descriptors %q, natively %q", got, want)
	}
	if text, err := os.ReadFile(report); err != nil || !strings.Contains(string(text), "checked ") {
		t.Errorf("the tool was not there: %q, %v", text, err)
	}
}
