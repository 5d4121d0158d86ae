package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// difference is a test that did not end as it does natively.
type difference struct {
	test            string
	native, trapped string
}

func (d difference) String() string {
	return fmt.Sprintf("%s: %s, natively %s", d.test, orMissing(d.trapped), orMissing(d.native))
}

func orMissing(outcome string) string {
	if outcome == "" {
		return "not run"
	}
	return outcome
}

// rounds is how often a test that differs is run again before that is believed.
const rounds = 2

// most is the number of different tests up to which they are run again.
const most = 60

// compareOutcomes returns the tests that ended otherwise, sorted.
func compareOutcomes(native, trapped outcomes) []difference {
	var diffs []difference
	names := maps.Clone(native)
	maps.Copy(names, trapped)
	for _, test := range slices.Sorted(maps.Keys(names)) {
		if native[test] != trapped[test] {
			diffs = append(diffs, difference{test, native[test], trapped[test]})
		}
	}
	return diffs
}

// again runs the tests of diffs again and returns those that differ every time,
// and those that do not.
func again(s *suite, native, tool *mode, diffs []difference) (steady, unsteady []difference) {
	for round := 0; round < rounds && len(diffs) > 0 && len(diffs) <= most; round++ {
		var only []string
		for _, d := range diffs {
			only = append(only, d.test)
		}
		n, err := timed(s, native, only)
		if err != nil {
			break
		}
		t, err := timed(s, tool, only)
		if err != nil {
			break
		}
		var still []difference
		for _, d := range diffs {
			if n[d.test] == t[d.test] {
				unsteady = append(unsteady, d)
			} else {
				still = append(still, difference{d.test, n[d.test], t[d.test]})
			}
		}
		diffs = still
	}
	return diffs, unsteady
}

// summary counts the outcomes by their first word.
func (o outcomes) summary() string {
	count := map[string]int{}
	for _, how := range o {
		word, _, _ := strings.Cut(how, " ")
		count[strings.Trim(word, ":,")]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d tests", len(o))
	for _, word := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&b, ", %d %s", count[word], word)
	}
	return b.String()
}
