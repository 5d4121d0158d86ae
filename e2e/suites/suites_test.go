package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestParseJUnit(t *testing.T) {
	got, err := parseJUnit([]byte(`<testsuites><testsuite>
<testcase name="t.A.ok" status="run" result="completed" time="0.1" />
<testcase name="t.A.skipped" status="run"><skipped>no network</skipped></testcase>
<testcase name="t.A.failed" status="run"><failure message="m">text</failure></testcase>
<testcase name="t.A.error" status="run"><error message="m" type="T">text</error></testcase>
<testcase name="t.A.sub" status="run"><failure>one subtest</failure></testcase>
<testcase name="t.A.sub" status="run" />
</testsuite></testsuites>`))
	want := outcomes{"t.A.ok": "pass", "t.A.skipped": "skip: no network", "t.A.failed": "fail", "t.A.error": "fail", "t.A.sub": "fail"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestParsers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{parseTAP("exit 0", "1..2\nok 1 - x\nok 2\n"), "pass, 2 ok"},
		{parseTAP("exit 0", "ok 1\nnot ok 2 - y\nnot ok 3\n"), "fail: exit 0, 1 ok, not ok 2 3"},
		{parseTAP("signal 11", "ok 1\n"), "fail: signal 11, 1 ok, not ok "},
		{parseStress("exit 0", "stress-ng: info:  [1] successful run completed in 1.00s\n"), "pass"},
		{parseStress("exit 4", ""), "skip: exit 4"},
		{parseStress("exit 0", "stress-ng: info:  [1] x stressor will be skipped\n"), "skip: no rights, or not here"},
		{parseStress("exit 1", "stress-ng: info:  [1] disabled 'x' (enable it with the --pathological option)\n"), "skip: disabled, as it may hang or reboot the machine"},
		{parseStress("exit 2", "stress-ng: fail:  [12] stress-ng-pipe: lost data\n"), "fail: exit 2, stress-ng-pipe: lost data"},
		{parseStress("time-out", ""), "fail: time-out"},
		{parseWrk("exit 0", "  12 requests in 1.00s, 1MB read\n"), "pass"},
		{parseWrk("exit 0", "  12 requests in 1.00s, 1MB read\n  Non-2xx or 3xx responses: 3\n"), "fail: Non-2xx or 3xx responses: 3"},
		{parseWrk("exit 0", "  0 requests in 1.00s\n"), "fail: exit 0, requests [0 requests in 0]"},
		{lastStarted("a (t.A.a) ... ok\nb (t.A.b) ... \n"), "b (t.A.b)"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	got := outcomes{}
	parseBenchmark("x", "\"test\",\"rps\"\n\"SET\",\"120.5\"\n\"GET\",\"0\"\n", got)
	if got["x SET"] != "pass" || got["x GET"] != "fail: 0 requests a second" {
		t.Errorf("%v", got)
	}
}

func TestJudge(t *testing.T) {
	diffs := compareOutcomes(outcomes{"same": "pass", "broke": "pass", "known": "pass", "lost": "pass"},
		outcomes{"same": "pass", "broke": "fail", "known": "fail", "more": "pass"})
	if len(diffs) != 4 {
		t.Fatalf("%v", diffs)
	}
	entries := []knownEntry{{suite: "s", test: "known", tool: "any"}, {suite: "s", test: "same", tool: "silent"},
		{suite: "s", test: "same", tool: "any", sometimes: true}, {suite: "other", test: "x", tool: "any"}}
	if n := judge("s", "silent", diffs, entries); n != 4 { // broke, lost, more, and same is gone
		t.Errorf("%d failures, want 4", n)
	}
	if n := judge("s", "trace", diffs, entries); n != 3 {
		t.Errorf("%d failures under another tool, want 3", n)
	}
}

func TestReadKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "known")
	for text, ok := range map[string]bool{
		"# comment\n\ns\tt\tany\talways\twhy\n": true,
		"s\tt\tany\talways\t\n":                 false,
		"s\tt\tany\tnever\twhy\n":               false,
		"s t any always why\n":                  false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if entries, err := readKnown(path); (err == nil) != ok || ok && len(entries) != 1 {
			t.Errorf("%q: %v, %v", text, entries, err)
		}
	}
	if _, err := readKnown("known.txt"); err != nil {
		t.Error(err)
	}
}
