package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWith(t *testing.T) {
	got := with([]string{"A=1", "B=2", "C=3"}, []string{"B=4", "-C", "D=5", "-E"})
	if want := []string{"A=1", "B=4", "D=5"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestDiffers: what ends otherwise, or says something else, is seen.
func TestDiffers(t *testing.T) {
	native := &outcome{stdout: "a\nb\n", status: "exit status 0"}
	for _, c := range []struct {
		trapped outcome
		want    string
	}{
		{outcome{stdout: "a\nb\n", status: "exit status 0"}, ""},
		{outcome{stdout: "a\nb\n", status: "exit status 1"}, `status: "exit status 1", natively "exit status 0"`},
		{outcome{stdout: "a\n", status: "exit status 0"}, `standard output: "", natively "b"`},
		{outcome{stdout: "a\nb\n", stderr: "ours", status: "exit status 0"}, `standard error: "ours", natively ""`},
	} {
		if got := native.differs(&c.trapped); got != c.want {
			t.Errorf("%+v: %q, want %q", c.trapped, got, c.want)
		}
	}
}

// TestJudge: a difference fails unless it is explained, and an explanation of nothing
// fails, too.
func TestJudge(t *testing.T) {
	before := expected
	defer func() { expected = before }()
	expected = []expectation{{environment: "e", program: "p", tool: "trace", reason: "r"}, {environment: "e", program: "gone", reason: "s"}}
	x := &trial{used: make([]bool, len(expected))}
	r := &row{environment: environment{name: "e"}}
	x.judge(r, program{name: "p"}, "silent", "differs", &outcome{})
	x.judge(r, program{name: "p"}, "trace", "differs", &outcome{traced: true})
	x.judge(r, program{name: "q"}, "trace", "", &outcome{traced: true})
	if x.failed != 1 || x.passed != 2 || r.traced != 2 || r.equal != 1 || !slices.Equal(r.notes, []string{"r"}) {
		t.Errorf("%+v, %+v", x, r)
	}
	x.rows = []row{*r}
	if x.unused(); x.failed != 2 {
		t.Errorf("an explanation of nothing: %d failed", x.failed)
	}
}

// TestList: names are unique, and what is restricted to programs names some there are.
func TestList(t *testing.T) {
	names := append([]string{}, fixtures...)
	for _, s := range scripts {
		names = append(names, s.name)
	}
	seen := map[string]bool{}
	for _, e := range environments() {
		if seen[e.name] || strings.Contains(e.name, ",") || e.what == "" {
			t.Errorf("%q", e.name)
		}
		seen[e.name] = true
		for _, p := range e.only {
			if !slices.Contains(names, p) {
				t.Errorf("%s: no program %s", e.name, p)
			}
		}
	}
	for _, e := range expected {
		if e.environment != "" && !seen[e.environment] || e.program != "" && !slices.Contains(names, e.program) || e.reason == "" {
			t.Errorf("%+v", e)
		}
	}
	for _, f := range fixtures {
		if _, err := os.Stat(filepath.Join("..", "testdata", f+".c")); err != nil {
			t.Error(err)
		}
	}
}
