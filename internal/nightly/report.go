package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"libsystrap/internal/testlog"
)

// writeReport writes what is known so far.
func writeReport(c *config, machine []row, done []result, took time.Duration) error {
	if err := os.MkdirAll(filepath.Dir(c.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(c.out, []byte(report(machine, done, took)), 0o644)
}

// report is docs/QUALITY.md.
func report(machine []row, done []result, took time.Duration) string {
	var b strings.Builder
	b.WriteString("# Quality\n\nWritten by `make nightly`, which runs all there is to run, each part in a box of time.\n\n| | |\n| --- | --- |\n")
	for _, r := range machine {
		fmt.Fprintf(&b, "| %s | %s |\n", r.name, cell(r.value))
	}
	fmt.Fprintf(&b, "| all parts took | %v |\n", took.Round(time.Second))
	b.WriteString("\n| part | | passed | failed | skipped | took | box | |\n| --- | --- | --: | --: | --: | --: | --: | --- |\n")
	for _, r := range done {
		counts := fmt.Sprintf("%d | %d | %d", r.Passed, r.Failed, r.Skipped)
		if r.Passed+r.Failed+r.Skipped == 0 {
			counts = " |  | "
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.0f s | %v | %s |\n", r.name, r.state, counts, r.took.Seconds(), r.box, cell(join(r.why, r.note)))
	}
	b.WriteString("\n| part | what it is |\n| --- | --- |\n")
	for _, r := range done {
		fmt.Fprintf(&b, "| %s | %s |\n", r.name, cell(r.what))
	}
	for _, r := range done {
		if len(r.Failures) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## Failed in %s\n\n", r.name)
		for _, f := range r.Failures {
			fmt.Fprintf(&b, "- `%s`%s\n", cut200(f.Name), excerpt(f.Output))
		}
	}
	first := true
	for _, r := range done {
		if len(r.Skips) == 0 && r.state != skipped {
			continue
		}
		if first {
			b.WriteString("\n## Skipped\n")
			first = false
		}
		fmt.Fprintf(&b, "\n%s:\n\n", r.name)
		if r.state == skipped {
			fmt.Fprintf(&b, "- all of it: %s\n", r.why)
		}
		for _, reason := range r.Reasons() {
			fmt.Fprintf(&b, "- %s: %s\n", strings.Join(strings.Fields(reason), " "), testlog.Names(r.Skips[reason], 12))
		}
	}
	for _, r := range done {
		if r.figures != "" {
			fmt.Fprintf(&b, "\n## Figures of %s\n\n```\n%s\n```\n", r.name, r.figures)
		}
	}
	return b.String()
}

// cell is text in a table.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}

func join(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return cmp.Or(a, b)
}

func cut200(s string) string { return s[:min(len(s), 200)] }

// excerpt is the first lines of what a failed test said.
func excerpt(output string) string {
	const most = 12
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if lines[0] == "" {
		return ""
	}
	more := ""
	if len(lines) > most {
		lines, more = lines[:most], "\n      …"
	}
	for i := range lines {
		lines[i] = "      " + cut200(lines[i])
	}
	return "\n\n" + strings.Join(lines, "\n") + more
}
