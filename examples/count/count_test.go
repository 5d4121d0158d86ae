package main

import (
	"os/exec"
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
