package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"libsystrap/internal/testdir"
)

// TestNightly runs parts that pass, fail, hang, run nothing and cannot be run: none
// stops the others, each is in the report, and nothing is left running.
func TestNightly(t *testing.T) {
	dir, err := testdir.Make("nightly-") // its name goes into scripts
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	c := &config{total: time.Hour, scale: 1, out: filepath.Join(dir, "docs", "QUALITY.md"), logs: filepath.Join(dir, "logs")}
	sh := func(script string) [][]string { return [][]string{{"sh", "-c", script}} }
	pids := filepath.Join(dir, "pids")
	keep := `echo '{"Passed":3,"Skipped":1,"Skips":{"no pkeys":["TestA"]}}' >` + filepath.Join(c.logs, "kept.json")
	all := []part{
		{name: "good", what: "a | b", commands: sh("echo x: 3 passed, 1 failed, 0 skipped; echo x: 4 passed, 0 failed, 1 skipped"), box: time.Minute, read: readCounts, counts: true},
		{name: "bad", commands: append(sh("exit 3"), sh("echo FAIL: second")...), box: time.Minute, read: readSuites},
		// A child in a session of its own, and one whose parent is gone.
		{name: "hangs", commands: sh(`setsid sleep 1000 & echo $! >` + pids + `; (sleep 1000 & echo $! >>` + pids + `); sleep 1000`), box: 5400 * time.Millisecond},
		{name: "leaves", commands: sh(`sleep 1000 & echo $! >>` + pids), box: time.Minute},
		{name: "nothing", commands: sh("true"), box: time.Minute, counts: true},
		{name: "absent", commands: sh("exit 1"), box: time.Minute, missing: func() string { return "no trees" }},
		{name: "kept", commands: sh(keep), box: time.Minute, counts: true},
		{name: "none", commands: [][]string{{"/nonexistent"}}, box: time.Minute},
	}
	ok, err := nightly(c, all)
	if err != nil || ok {
		t.Fatalf("%v, %v", ok, err)
	}
	b, err := os.ReadFile(c.out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n| good | passed | 4 | 0 | 1 | ", "\n| good | a \\| b |\n",
		"\n| bad | FAILED | 0 | 1 | 0 | ", "sh -c exit 3: exit status 3;", "\n- `second`\n",
		"\n| hangs | CUT |  |  |  | ", "| killed when its time box of 5s was over |\n", // rounded
		"\n| leaves | passed |  |  |  | ", "\n| nothing | FAILED |", "| nothing has run |",
		"\n| absent | skipped |", "\n- all of it: no trees\n",
		"\n| kept | passed | 3 | 0 | 1 |", "\n- no pkeys: TestA\n", "\n| none | FAILED |",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
	text, err := os.ReadFile(pids)
	words := strings.Fields(string(text))
	if err != nil || len(words) != 3 {
		t.Fatalf("%v, %q", err, text)
	}
	for _, word := range words {
		pid, _ := strconv.Atoi(word)
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}

	c.only = []string{"good", "absent", "kept"}
	if ok, err := nightly(c, all); err != nil || !ok {
		t.Errorf("what passes or cannot be run: %v, %v", ok, err)
	}
	c.total = 0
	if ok, err := nightly(c, all); err != nil || ok {
		t.Errorf("without time: %v, %v", ok, err)
	}
	c.only = []string{"good", "god"}
	if _, err := nightly(c, all); err == nil {
		t.Error("a part that there is not is no error")
	}
}

// TestParts: every part has a time and something to run.
func TestParts(t *testing.T) {
	names := map[string]bool{}
	for _, p := range parts(&config{scale: 1, logs: "logs"}) {
		if p.box < time.Minute || len(p.commands) == 0 || p.what == "" || names[p.name] {
			t.Errorf("%+v", p)
		}
		names[p.name] = true
	}
	for _, p := range parts(&config{scale: 0.1, logs: "logs"}) {
		if p.name == "soak" && !strings.Contains(strings.Join(p.commands[0], " "), "-for 30s") {
			t.Errorf("scaled soak: %v", p.commands)
		}
	}
}

func TestReaders(t *testing.T) {
	tests := []struct {
		name, text string
		read       func(string, *result)
		want       [3]int
		note       string
	}{
		{"soak", "   20 s: trace, seed 7: 9 threads\n   40 s: silent, seed 8: x\nsoak: round 2, trace, seed 9: hangs\nexit status 1\n", readSoak, [3]int{2, 1, 0}, "3 rounds"},
		{"fuzz", "$  go test -fuzz FuzzA -fuzztime 30s ./p\nfuzz: elapsed: 0s, execs: 5 (0/sec)\nfuzz: elapsed: 3s, execs: 70 (0/sec)\nPASS\n" +
			"$  go test -fuzz FuzzB -fuzztime 30s ./p\nfuzz: elapsed: 0s, execs: 1 (0/sec)\n--- FAIL: FuzzB\nFAIL\n", readFuzz, [3]int{1, 1, 0}, "71 runs"},
		{"suites", "redis                            native  9 tests, 9 ok in 3 s\nredis                            silent  9 tests, 9 ok in 3 s\n" +
			"redis                            silent  1 tests, 1 ok in 3 s\n    FAIL: set: exit 1, natively ok\nredis                            trace   9 tests, 9 ok in 3 s\n" +
			"nginx                            SKIP: wrk is not installed\nperl/op                          not run: the time is over\n",
			readSuites, [3]int{17, 1, 2}, "1 suites, each under two tools"},
		{"verbose", "=== RUN   TestA\n    x.go:1: 12 files, 34 MB of text, 56 functions\n--- PASS: TestA (1.00s)\n    --- FAIL: TestB/x (0.00s)\n", readVerbose, [3]int{1, 1, 0}, "12 files, 34 MB of text"},
		{"conformance", "| tests | pass | of | |\n| that strace itself passes here | 1002 | 1055 | 95.0 % |\n", readConformance, [3]int{1002, 0, 53}, "1002 of strace's 1055"},
	}
	for _, test := range tests {
		var r result
		test.read(test.text, &r)
		if got := [3]int{r.Passed, r.Failed, r.Skipped}; got != test.want || r.note != test.note {
			t.Errorf("%s: %v %q, want %v %q", test.name, got, r.note, test.want, test.note)
		}
	}
	r := result{state: passed}
	readBench("goos: linux\n\ngroup\n  row\n\n2 processors, load averages (1, 5, 15 minutes) 0\n\ngroup\n  row 1.1 x\nPASS\nok\n", &r)
	if d := cmp.Diff("2 processors, load averages (1, 5, 15 minutes) 0\n\ngroup\n  row 1.1 x", r.figures); d != "" || r.state != passed {
		t.Error(d, r.state)
	}
	if readBench("PASS\n", &r); r.state != failed {
		t.Error("a run without a table passes")
	}
}
