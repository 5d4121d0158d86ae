package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// write writes the list of environments.
func (t *trial) write(path string) error {
	var u unix.Utsname
	unix.Uname(&u)
	var b strings.Builder
	b.WriteString("# Environments\n\nWritten by `make environments`. In each environment these programs run natively and under two tools, one that does\n" +
		"nothing and trace-syscalls, and must end alike, with the same output, and leave calls in the trace:\n")
	var names []string
	for _, p := range t.programs {
		names = append(names, p.name)
	}
	fmt.Fprintf(&b, "%s.\n", strings.Join(names, ", "))
	fmt.Fprintf(&b, "\n%s, Linux %s, %d processors, uid %d: %d runs as expected, %d not, %d environments skipped.\n",
		time.Now().UTC().Format(time.DateOnly), unix.ByteSliceToString(u.Release[:]), runtime.NumCPU(), os.Geteuid(), t.passed, t.failed, t.skipped)
	b.WriteString("\n| environment | how | as natively | traced | |\n| --- | --- | --: | --: | --- |\n")
	cell := func(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
	for _, r := range t.rows {
		if r.skipped != "" {
			fmt.Fprintf(&b, "| %s | %s | | | skipped: %s |\n", r.name, cell(r.what), cell(r.skipped))
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %d of %d | %d of %d | %s |\n", r.name, cell(r.what), r.equal, r.runs, r.traced, r.runs/len(tools), cell(strings.Join(r.notes, "; ")))
	}
	for i, s := range t.skips {
		if i == 0 {
			b.WriteString("\nPrograms that are not there:\n\n")
		}
		fmt.Fprintf(&b, "- %s\n", s)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
