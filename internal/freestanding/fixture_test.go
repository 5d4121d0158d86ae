package freestanding

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wanted is a comment in a fixture: want, an optional distance in lines or place in another file,
// and quoted reasons.
var wanted = regexp.MustCompile(`want([+-][0-9]+)?( \S+:\d+)? ((?:"[^"]*" ?)+)`)

// wantProblems reads the comments of the fixture in dir: "file:line: reason", sorted.
func wantProblems(t *testing.T, dir string) []string {
	t.Helper()
	var want []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		line := 0
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			line++
			m := wanted.FindStringSubmatch(s.Text())
			if m == nil {
				continue
			}
			distance, _ := strconv.Atoi(m[1])
			pos := strings.TrimSpace(m[2])
			if pos == "" {
				pos = fmt.Sprintf("%s:%d", filepath.Base(path), line+distance)
			}
			for _, q := range regexp.MustCompile(`"[^"]*"`).FindAllString(m[3], -1) {
				want = append(want, pos+": "+strings.Trim(q, `"`))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	return want
}

// problemsOf returns what err rejects, nil if it is another kind of error.
func problemsOf(err error) []*Problem {
	var r *Rejection
	if errors.As(err, &r) {
		return r.Problems
	}
	return nil
}

// buildFixture builds testdata/name and returns the library's path.
func buildFixture(t *testing.T, name string) (string, *Report, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), name+".so")
	report, err := Build(Options{Package: "./testdata/" + name, Output: out})
	return out, report, err
}

// goodFixtures build; the others must not.
var goodFixtures = []string{"base", "hello", "features", "fault"}

func TestFixturesAreRejected(t *testing.T) {
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		name := dir.Name()
		if slices.Contains(goodFixtures, name) || name == "noentry" || name == "notmain" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _, err := buildFixture(t, name)
			if !errors.Is(err, ErrRejected) {
				t.Fatalf("error %v, want a rejection", err)
			}
			if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
				t.Error("a file was written all the same")
			}
			var got []string
			for _, p := range problemsOf(err) {
				got = append(got, filepath.Base(p.Pos)+": "+string(p.Reason))
				checkProblem(t, p)
			}
			slices.Sort(got)
			if diff := cmp.Diff(wantProblems(t, filepath.Join("testdata", name)), got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s\n%v", diff, err)
			}
		})
	}
}

// checkProblem checks what every problem must have: advice, and a chain from the rejected code to
// an entry, unless it is about the sources.
func checkProblem(t *testing.T, p *Problem) {
	t.Helper()
	if p.What == "" || p.Instead == "" {
		t.Errorf("%v: says too little", p)
	}
	switch p.Reason {
	case ReasonDirective, ReasonInit, ReasonVariable:
		return
	}
	if len(p.Chain) == 0 {
		t.Fatalf("%v: no chain", p)
	}
	last := p.Chain[len(p.Chain)-1].Func
	if !strings.Contains(last, "libraryEntry") && p.Reason != ReasonStack {
		t.Errorf("%v: the chain ends in %s", p, last)
	}
	for _, f := range p.Chain {
		if !regexp.MustCompile(`^[\w.-]+/[\w.-]+\.(go|s):\d+$`).MatchString(f.Pos) {
			t.Errorf("%v: %q is no position", p, f.Pos)
		}
	}
}

func TestChainNamesEachCaller(t *testing.T) {
	_, _, err := buildFixture(t, "alloc")
	problems := problemsOf(err)
	if len(problems) != 1 {
		t.Fatal(err)
	}
	var got []string
	for _, f := range problems[0].Chain {
		got = append(got, shortName(f.Func)+" "+f.Pos)
	}
	want := []string{"main.keep alloc/main.go:12", "main.main alloc/main.go:8", "base.start base/base.go:16", "base.libraryEntry base/base_amd64.s:19"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	const message = `testdata/alloc/main.go:12: heap allocation: a value is allocated on the heap (runtime.newobject)
	instead: build the value in the caller's frame`
	if !strings.HasPrefix(problems[0].Error(), message) {
		t.Errorf("message is\n%v", problems[0])
	}
}

func TestBuildErrors(t *testing.T) {
	for name, want := range map[string]error{"noentry": ErrNoEntry, "notmain": ErrNotMain} {
		if _, _, err := buildFixture(t, name); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", name, err, want)
		}
	}
	if _, _, err := buildFixture(t, "doesnotexist"); err == nil || !strings.Contains(err.Error(), "doesnotexist") {
		t.Errorf("missing package: error %v", err)
	}
}

// TestEveryReasonHasAFixture compares the declared reasons with those that fixtures want and those
// that tampering with a finished file yields.
func TestEveryReasonHasAFixture(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	tested := strings.Join(wantProblems(t, "testdata"), "\n")
	for _, c := range tamperings {
		tested += "\n" + string(c.want)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Reason") {
			return true
		}
		n++
		reason, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if !strings.Contains(tested+"\n", reason+"\n") {
			t.Errorf("%s (%q) is tested nowhere", spec.Names[0].Name, reason)
		}
		return true
	})
	if n < 30 {
		t.Errorf("only %d reasons found in problem.go", n)
	}
}
