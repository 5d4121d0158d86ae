// Package testlog reads what `go test -json` prints: it passes on what a reader of
// `go test` expects, and keeps counts, failures, and why tests were skipped.
package testlog

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Summary is what came of the tests. A test with subtests is not counted itself,
// unless it fails and none of them does.
type Summary struct {
	Passed, Failed, Skipped int
	// Failures are tests, packages that could not be built, and those that ended
	// before their tests had.
	Failures []Failure
	// Skips are names of tests by the reason they give.
	Skips map[string][]string
}

// Failure is one test and what it said.
type Failure struct{ Name, Output string }

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action, Package, Test, Output, ImportPath string
}

// test is one that has begun.
type test struct {
	pkg, name, outcome string
	output             strings.Builder
	children           int
}

// reader keeps what has been read so far.
type reader struct {
	w     io.Writer
	tests map[string]*test // by package and name
	order []*test
	ended map[string]string // packages
}

// Read reads to the end of r and writes to w each package's line, and the output of
// tests that fail. Lines that are not of go test's are passed on.
func Read(r io.Reader, w io.Writer) (*Summary, error) {
	x := &reader{w: w, tests: map[string]*test{}, ended: map[string]string{}}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				w.Write(line)
			} else {
				x.event(&e)
			}
		}
		if err == io.EOF {
			return x.summary(), nil
		}
		if err != nil {
			return x.summary(), err
		}
	}
}

func (x *reader) event(e *event) {
	if e.Test == "" {
		switch e.Action {
		case "output", "build-output":
			if e.Output != "PASS\n" {
				io.WriteString(x.w, e.Output)
			}
		case "pass", "fail", "skip":
			x.ended[e.Package] = e.Action
		}
		return
	}
	key := e.Package + " " + e.Test
	t := x.tests[key]
	if t == nil {
		t = &test{pkg: e.Package, name: e.Test}
		x.tests[key] = t
		x.order = append(x.order, t)
		if i := strings.LastIndexByte(e.Test, '/'); i >= 0 {
			if parent := x.tests[e.Package+" "+e.Test[:i]]; parent != nil {
				parent.children++
			}
		}
	}
	switch e.Action {
	case "output":
		if !frame.MatchString(e.Output) {
			t.output.WriteString(e.Output)
		}
	case "pass", "fail", "skip":
		t.outcome = e.Action
		if e.Action == "fail" {
			fmt.Fprintf(x.w, "--- FAIL: %s\n%s", t.name, t.output.String())
		}
	}
}

// frame are the lines that say that a test begins, waits, goes on and ends.
var frame = regexp.MustCompile(`^\s*(=== (RUN|PAUSE|CONT|NAME)|--- (PASS|FAIL|SKIP):) `)

// place is the file and line that t.Skip puts before the reason.
var place = regexp.MustCompile(`(?m)^\s*\S+\.go:\d+: `)

func (x *reader) summary() *Summary {
	s := &Summary{Skips: map[string][]string{}}
	explained := map[string]bool{} // parents and packages of which a failure is counted
	fail := func(name, output string) {
		s.Failed++
		s.Failures = append(s.Failures, Failure{name, output})
	}
	// Subtests begin after their parents: backwards, they come first.
	for _, t := range slices.Backward(x.order) {
		key := t.pkg + " " + t.name
		switch {
		case t.outcome == "skip":
			s.Skipped++
			reason := strings.TrimSpace(place.ReplaceAllString(t.output.String(), ""))
			if reason == "" {
				reason = "no reason given"
			}
			s.Skips[reason] = append(s.Skips[reason], t.name)
		case t.outcome == "pass" && t.children == 0:
			s.Passed++
		case t.outcome == "fail" && !explained[key]:
			fail(t.name, t.output.String())
		case t.outcome == "" && !explained[key]:
			fail(t.name+" (has not ended)", t.output.String())
		}
		if t.outcome == "fail" || t.outcome == "" {
			explained[t.pkg] = true
			if i := strings.LastIndexByte(t.name, '/'); i >= 0 {
				explained[t.pkg+" "+t.name[:i]] = true
			}
		}
	}
	for pkg, how := range x.ended {
		if how == "fail" && !explained[pkg] {
			fail(pkg, "")
		}
	}
	for _, names := range s.Skips {
		slices.Sort(names)
	}
	slices.SortFunc(s.Failures, func(a, b Failure) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// Add adds what came of other tests.
func (s *Summary) Add(o *Summary) {
	s.Passed += o.Passed
	s.Failed += o.Failed
	s.Skipped += o.Skipped
	s.Failures = append(s.Failures, o.Failures...)
	if s.Skips == nil {
		s.Skips = map[string][]string{}
	}
	for reason, names := range o.Skips {
		s.Skips[reason] = append(s.Skips[reason], names...)
	}
}

// Reasons are the reasons of Skips, sorted.
func (s *Summary) Reasons() []string {
	reasons := make([]string, 0, len(s.Skips))
	for r := range s.Skips {
		reasons = append(reasons, r)
	}
	slices.Sort(reasons)
	return reasons
}

// Print writes the counts, the names of what failed, and each reason with the tests
// that it keeps from running.
func (s *Summary) Print(w io.Writer) {
	fmt.Fprintf(w, "tests: %d passed, %d failed, %d skipped\n", s.Passed, s.Failed, s.Skipped)
	for _, f := range s.Failures {
		fmt.Fprintf(w, "  failed: %s\n", f.Name)
	}
	for _, reason := range s.Reasons() {
		fmt.Fprintf(w, "  skipped: %s\n      %s\n", strings.ReplaceAll(reason, "\n", "\n      "), Names(s.Skips[reason], 8))
	}
}

// Names joins up to most names.
func Names(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
