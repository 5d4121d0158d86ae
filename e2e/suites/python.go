package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// pythonModules are the test modules of CPython that touch what we do.
var pythonModules = []string{
	"test_signal", "test_threading", "test_subprocess", "test_os", "test_socket",
	"test_mmap", "test_faulthandler", "test_posix", "test_multiprocessing_fork",
}

// pythonIgnored are tests that are not run: VSOCK needs a transport, and without
// one the stream test waits for ever, natively too.
const pythonIgnored = "*VSOCK*"

const (
	python        = "/usr/bin/python3" // Debian's, whose tests are installed
	pythonPerTest = 5 * time.Minute
	pythonTimeout = 30 * time.Minute
)

// pythonSuite is a module of CPython's tests.
func pythonSuite(module string) suite {
	s := suite{name: "python/" + module, needs: []string{python}}
	s.run = func(m *mode, only []string) (outcomes, error) {
		args := []string{python, "-m", "test", "-v", "--timeout", fmt.Sprint(int(pythonPerTest.Seconds())),
			"--junit-xml", "junit.xml", "-i", pythonIgnored}
		for _, test := range only {
			if test != lostResults {
				args = append(args, "-m", test)
			}
		}
		r, err := m.start(&job{args: append(args, module), timeout: pythonTimeout, log: s.name})
		if err != nil {
			return nil, err
		}
		defer r.discard()
		status := r.wait()
		b, err := os.ReadFile(filepath.Join(r.dir, "junit.xml"))
		if err != nil {
			return outcomes{lostResults: status + ", last: " + lastStarted(r.output())}, nil
		}
		return parseJUnit(b)
	}
	return s
}

// lostResults stands for all tests of a module that did not get as far as
// writing its results.
const lostResults = "(no results)"

// lastStarted returns the line of the last test in verbose output that has no
// result.
func lastStarted(output string) string {
	last := "?"
	for line := range strings.Lines(output) {
		if name, _, ok := strings.Cut(line, " ... "); ok {
			last = name
		}
	}
	return last
}

// parseJUnit reads the results that regrtest writes.
func parseJUnit(b []byte) (outcomes, error) {
	type message struct {
		Text    string `xml:",chardata"`
		Message string `xml:"message,attr"`
	}
	var doc struct {
		Suites []struct {
			Cases []struct {
				Name    string    `xml:"name,attr"`
				Skipped *message  `xml:"skipped"`
				Failure []message `xml:"failure"`
				Error   []message `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return nil, err
	}
	got := outcomes{}
	for _, s := range doc.Suites {
		for _, c := range s.Cases {
			how := "pass"
			switch {
			case len(c.Failure)+len(c.Error) > 0:
				how = "fail"
			case c.Skipped != nil:
				how = "skip: " + strings.TrimSpace(c.Skipped.Message+c.Skipped.Text)
			}
			// A test with subtests has several entries: the worst counts.
			if before := got[c.Name]; before == "" || before == "pass" || how == "fail" {
				got[c.Name] = how
			}
		}
	}
	return got, nil
}
