package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// knownEntry explains a difference.
type knownEntry struct {
	suite, test string
	tool        string // a tool's name, or "any"
	sometimes   bool   // not in every run
	why         string
}

// readKnown reads the list of explained differences: a line has suite, test,
// tool, "always" or "sometimes", and the reason, separated by tabs.
func readKnown(path string) ([]knownEntry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var entries []knownEntry
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		w := strings.Split(line, "\t")
		if len(w) != 5 || w[4] == "" || w[3] != "always" && w[3] != "sometimes" {
			return nil, fmt.Errorf("%s:%d: want suite, test, tool, always|sometimes, reason, with tabs between", path, n)
		}
		entries = append(entries, knownEntry{w[0], w[1], w[2], w[3] == "sometimes", w[4]})
	}
	return entries, lines.Err()
}

// matches says whether e is about a test of a suite under a tool.
func (e *knownEntry) matches(suite, tool string) bool {
	return e.suite == suite && (e.tool == "any" || e.tool == tool)
}

// judge prints the differences of a suite's run under a tool, and the entries
// whose difference is gone, and returns how many of both make the run fail.
func judge(suite, tool string, diffs []difference, explained []knownEntry) int {
	failed := 0
	left := map[string]difference{}
	for _, d := range diffs {
		left[d.test] = d
	}
	for _, e := range explained {
		if !e.matches(suite, tool) {
			continue
		}
		d, differs := left[e.test]
		delete(left, e.test)
		switch {
		case differs:
			fmt.Printf("    known: %s (%s)\n", d, e.why)
		case !e.sometimes:
			fmt.Printf("    FAIL: %s ends as natively: take it out of the list of known differences\n", e.test)
			failed++
		}
	}
	for _, d := range diffs {
		if _, ok := left[d.test]; ok {
			fmt.Printf("    FAIL: %s\n", d)
			failed++
		}
	}
	return failed
}
