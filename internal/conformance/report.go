package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

// cause is why some tests fail.
type cause struct {
	title string
	// cannot says that no tracer inside the process could pass them.
	cannot bool
	tests  []string
}

// parseCauses reads causes.txt: "cannot: why" or "fails: why", then names of
// tests.
func parseCauses(text string) (causes []cause, err error) {
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if why, ok := strings.CutPrefix(line, "cannot: "); ok {
			causes = append(causes, cause{title: why, cannot: true})
			continue
		}
		if why, ok := strings.CutPrefix(line, "fails: "); ok {
			causes = append(causes, cause{title: why})
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		if len(causes) == 0 {
			return nil, fmt.Errorf("causes.txt:%d: a test before any cause", n+1)
		}
		for _, t := range strings.Fields(line) {
			if seen[t] {
				return nil, fmt.Errorf("causes.txt:%d: %s has a cause already", n+1, t)
			}
			seen[t] = true
			last := &causes[len(causes)-1]
			last.tests = append(last.tests, t)
		}
	}
	return causes, nil
}

// short is a test's name without what the suite puts behind it.
func short(test string) string {
	test = strings.TrimSuffix(test, ".test")
	return strings.TrimSuffix(test, ".gen")
}

// readList reads a list of tests.
func readList(path string) (tests []string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 0 {
			tests = append(tests, short(f[0]))
		}
	}
	return tests, nil
}

// parseResults reads lines of result, test and more.
func parseResults(text string) map[string]string {
	results := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if f := strings.Split(line, "\t"); len(f) >= 2 {
			results[short(f[1])] = f[0]
		}
	}
	return results
}

// report is what came out.
type report struct {
	version, kernel                   string
	all, slow                         int // tests run, tests left out
	valid, passed                     int // those that strace passes
	first, firstValid, firstPassed    int
	cannot, cannotPassed, attemptable int
	failed                            []cause // with the tests that do fail
	unexplained                       []string
}

// judge compares the results of strace (theirs) with ours. A test that strace
// itself does not pass on this machine says nothing.
func judge(theirs, ours map[string]string, first []string, causes []cause) *report {
	r := &report{all: len(theirs), first: len(first)}
	named := map[string]bool{}
	for _, c := range causes {
		found := cause{title: c.title, cannot: c.cannot}
		for _, t := range c.tests {
			named[t] = true
			if theirs[t] != "PASS" {
				continue
			}
			if c.cannot {
				r.cannot++
			}
			switch {
			case ours[t] != "PASS":
				found.tests = append(found.tests, t)
			case c.cannot:
				r.cannotPassed++
			}
		}
		if len(found.tests) > 0 {
			sort.Strings(found.tests)
			r.failed = append(r.failed, found)
		}
	}
	for t, result := range theirs {
		if result != "PASS" {
			continue
		}
		r.valid++
		if ours[t] == "PASS" {
			r.passed++
		} else if !named[t] {
			r.unexplained = append(r.unexplained, t)
		}
	}
	sort.Strings(r.unexplained)
	for _, t := range first {
		if theirs[t] == "PASS" {
			r.firstValid++
			if ours[t] == "PASS" {
				r.firstPassed++
			}
		}
	}
	r.attemptable = r.valid - r.cannot
	return r
}

func (r *report) counts() string {
	row := func(what string, passed, of int) string {
		return fmt.Sprintf("| %s | %d | %d | %.1f %% |\n", what, passed, of, 100*float64(passed)/float64(max(of, 1)))
	}
	return "| tests | pass | of | |\n| --- | --: | --: | --: |\n" +
		row("that strace itself passes here", r.passed, r.valid) +
		row("of these, those that a tracer inside the process can attempt", r.passed-r.cannotPassed, r.attemptable) +
		row("plain decoding of the most common calls (first150.txt)", r.firstPassed, r.firstValid)
}

func (r *report) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Conformance\n\nWritten by `make conformance`; causes are in `internal/conformance/causes.txt`.\n\n")
	fmt.Fprintf(&b, "strace's own test suite, with `systrap trace` in strace's place: a test passes when the trace\n"+
		"equals what the traced program said of itself. Measured with the tests of %s on Linux %s:\n"+
		"%d tests were run, first with that strace, then with ours; %d that run hundreds of programs each were\nleft out.\n\n", r.version, r.kernel, r.all, r.slow)
	b.WriteString("    make conformance STRACE_SRC=DIR STRACE_BUILD=DIR STRACE_SUITE=DIR/strace_suite\n\n")
	b.WriteString(r.counts())
	for _, part := range []struct {
		title  string
		cannot bool
	}{{"Cannot be attempted", true}, {"Fail", false}} {
		fmt.Fprintf(&b, "\n## %s\n", part.title)
		for _, c := range r.failed {
			if c.cannot == part.cannot {
				fmt.Fprintf(&b, "\n%s (%d):\n\n%s\n", c.title, len(c.tests), wrap(c.tests))
			}
		}
	}
	if len(r.unexplained) > 0 {
		fmt.Fprintf(&b, "\n## Fail, and nobody has looked why\n\n%s\n", wrap(r.unexplained))
	}
	return b.String()
}

// wrap puts words on lines of a readable length, as code.
func wrap(words []string) string {
	var b strings.Builder
	width := 0
	for i, w := range words {
		if width > 0 && width+len(w) > 90 {
			b.WriteString("\n")
			width = 0
		} else if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString("`" + w + "`")
		width += len(w) + 3
	}
	return b.String()
}
