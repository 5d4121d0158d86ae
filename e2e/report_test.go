package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// reportLine is one process's line of SYSTRAP_REPORT.
type reportLine struct {
	Pid     int
	Exe     string
	Start   string // inject or preload
	Trap    string
	Sites   int
	Trapped int
	all     map[string]any
}

// number returns the counter of that name, 0 if it is not there.
func (l *reportLine) number(name string) int {
	var v any = l.all
	for _, key := range strings.Split(name, ".") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	n, _ := v.(float64)
	return int(n)
}

// readReport returns the lines of a report.
func readReport(path string) ([]reportLine, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, errors.New("no process wrote a report")
	}
	var lines []reportLine
	for _, text := range bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")) {
		var l reportLine
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("report line %q: %w", text, err)
		}
		if err := json.Unmarshal(text, &l.all); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// checkReport returns what in a report shows that something was not trapped:
// every executable in exes must be there, with calls trapped, and every counter
// be large enough. trap, unless it is empty, is what some process must have had at its sites.
func checkReport(path string, exes []string, counters []counter, trap string) []string {
	lines, err := readReport(path)
	if err != nil {
		return []string{"not trapped: " + err.Error()}
	}
	var diffs []string
	total := 0
	trapped := map[string]int{}
	if trap != "" && !slices.ContainsFunc(lines, func(l reportLine) bool { return l.Trap == trap }) {
		diffs = append(diffs, "no process had its calls trapped by "+trap)
	}
	for _, l := range lines {
		total += l.Trapped
		trapped[filepath.Base(l.Exe)] += l.Trapped
	}
	if total == 0 {
		diffs = append(diffs, "not trapped: no call was")
	}
	for _, exe := range exes {
		if trapped[exe] == 0 {
			diffs = append(diffs, fmt.Sprintf("not trapped: no call of %s (trapped: %v)", exe, trapped))
		}
	}
	for _, c := range counters {
		sum := 0
		for _, l := range lines {
			sum += l.number(c.name)
		}
		if sum < c.least {
			diffs = append(diffs, fmt.Sprintf("report: %s is %d, want %d", c.name, sum, c.least))
		}
	}
	return diffs
}
