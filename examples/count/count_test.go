package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

// table is one process's, as printed.
type table struct {
	comm         string
	status       int
	made, failed map[string]int
}

var headerLine = regexp.MustCompile(`^count: (.*), pid \d+, exit status (\d+)$`)

func parseTables(t *testing.T, text string) []table {
	var all []table
	for _, line := range strings.Split(text, "\n") {
		if m := headerLine.FindStringSubmatch(line); m != nil {
			status, _ := strconv.Atoi(m[2])
			all = append(all, table{m[1], status, map[string]int{}, map[string]int{}})
			continue
		}
		if len(all) == 0 || len(line) < 23 || strings.HasPrefix(line, "     calls") {
			continue
		}
		now := all[len(all)-1]
		name := line[22:]
		now.made[name], _ = strconv.Atoi(strings.TrimSpace(line[:10]))
		now.failed[name], _ = strconv.Atoi(strings.TrimSpace(line[10:20]))
		if now.made[name] == 0 {
			t.Errorf("odd line %q", line)
		}
	}
	return all
}

// TestCount makes known numbers of calls with dd and compares.
func TestCount(t *testing.T) {
	tool := exampletest.Build(t)
	r := tool.Run(t, "", "dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=1000", "status=none")
	all := parseTables(t, r.Stderr)
	if len(all) != 1 || all[0].comm != "dd" || all[0].status != 0 {
		t.Fatalf("tables %+v of %q", all, r.Stderr)
	}
	if n := all[0].made["write"]; n != 1000 {
		t.Errorf("%d writes, want 1000", n)
	}
	if n := all[0].made["read"]; n < 1000 || n > 1010 {
		t.Errorf("%d reads, want 1000 and a few", n)
	}
	if all[0].made["exit_group"] != 1 {
		t.Errorf("no exit_group in %q", r.Stderr)
	}
}

// TestCountSum checks that every trapped call is in a table, and that children
// count their own only.
func TestCountSum(t *testing.T) {
	tool := exampletest.Build(t)
	r := tool.Run(t, "", "sh", "-c", "true; (cat /nonexistent; :); seq 3 | cat >/dev/null; exit 3")
	all := parseTables(t, r.Stderr)
	sum, enoent := 0, 0
	for _, p := range all {
		for _, n := range p.made {
			sum += n
		}
		if p.comm == "cat" && p.status == 1 {
			enoent = p.failed["openat"]
		}
	}
	if sum != r.Trapped {
		t.Errorf("the tables have %d calls, %d were trapped:\n%s", sum, r.Trapped, r.Stderr)
	}
	if enoent == 0 {
		t.Errorf("no failed openat of cat:\n%s", r.Stderr)
	}
	if last := all[len(all)-1]; last.comm != "sh" || last.status != 3 || r.Status != 3 {
		t.Errorf("last table %+v, status %d", last, r.Status)
	}
}

// TestCountThreads checks that no count is lost among threads.
func TestCountThreads(t *testing.T) {
	const script = `
import os, threading
def work():
    for i in range(5000): os.getppid()
all = [threading.Thread(target=work) for i in range(4)]
for t in all: t.start()
for t in all: t.join()`
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	r := exampletest.Build(t).Run(t, "", "/usr/bin/python3", "-c", script)
	all := parseTables(t, r.Stderr)
	if len(all) != 1 || all[0].made["getppid"] != 20000 {
		t.Errorf("want 20000 getppid:\n%s", r.Stderr)
	}
}

// TestCountFile has the tables in a file that the program cannot see, close or take the
// number of, from its children, too, and from another working directory.
func TestCountFile(t *testing.T) {
	tool := exampletest.Build(t)
	file := filepath.Join(t.TempDir(), "tables")
	t.Setenv("COUNT_FILE", file)
	const script = `
import os, sys
os.chdir("/")
def seen():
    found = []
    for fd in os.listdir("/proc/self/fd"):
        try: found += ["tables"] * ("tables" in os.readlink("/proc/self/fd/" + fd))
        except OSError: pass
    return found
print(seen())
for fd in range(3, 5000):
    try: os.close(fd)
    except OSError: pass
os.closerange(3, 1 << 30)
for fd in range(1990, 2200):
    try: os.dup2(1, fd, False)
    except OSError: pass
pid = os.fork()
if pid == 0:
    for i in range(7): os.getppid()
    os._exit(3)
os.waitpid(pid, 0)
try:
    print(os.readlink("/proc/self/cwd"))
finally:
    os.write(1, b"done\n")
`
	if _, err := exec.LookPath("/usr/bin/python3"); err != nil {
		t.Skip("no Python here")
	}
	r := tool.Run(t, "", "/usr/bin/python3", "-S", "-c", script)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := parseTables(t, string(text))
	if r.Stdout != "[]\n/\ndone\n" && r.Stdout != "done\n[]\n/\n" || r.Stderr != "" {
		t.Errorf("%+v", r)
	}
	if len(all) != 2 || all[0].status != 3 || all[0].made["getppid"] != 7 || all[1].made["fork"]+all[1].made["clone"] == 0 || all[1].made["dup3"]+all[1].made["dup2"] < 100 {
		t.Errorf("tables %s", text)
	}
	t.Setenv("COUNT_FILE", "/nonexistent/x")
	if r := tool.Untraced(t, "", "true"); r.Stderr != "count: COUNT_FILE cannot be written (errno 2); the program runs untraced\n" {
		t.Errorf("%+v", r)
	}
}
