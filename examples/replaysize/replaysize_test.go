package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"libsystrap/examples/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m) }

var (
	writes = regexp.MustCompile(`(?m)(\d+) bytes at 0x`)
	sums   = regexp.MustCompile(`(?m)^replaysize: process \d+: (\d+) results of 8 bytes, (\d+) bytes of memory, (\d+) bytes of mapped files, \d+ places that the kernel writes later$`)
)

// TestReplaySize wants as many bytes of read(2) as the file has, and the sums to be those of the lines.
func TestReplaySize(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, make([]byte, 12345), 0o644); err != nil {
		t.Fatal(err)
	}
	r := exampletest.Build(t).Run(t, "", "cat", file)
	if len(r.Stdout) != 12345 || r.Status != 0 {
		t.Fatalf("%d bytes of output, status %d", len(r.Stdout), r.Status)
	}
	if !regexp.MustCompile(`(?m)^replaysize: read: a result, 12345 bytes at 0x[0-9a-f]+$`).MatchString(r.Stderr) {
		t.Errorf("no line of the read in\n%s", r.Stderr)
	}
	sum := 0
	for _, m := range writes.FindAllStringSubmatch(r.Stderr, -1) {
		n, _ := strconv.Atoi(m[1])
		sum += n
	}
	m := sums.FindStringSubmatch(r.Stderr)
	if m == nil || m[2] != strconv.Itoa(sum) || m[1] == "0" {
		t.Errorf("sums %q, want %d bytes of memory", m, sum)
	}
}

// TestChildren wants each process to have its own sums.
func TestChildren(t *testing.T) {
	r := exampletest.Build(t).Run(t, "", "sh", "-c", "(cat /dev/null; :); (:); exit 3")
	if n := len(sums.FindAllString(r.Stderr, -1)); n != 4 || r.Status != 3 {
		t.Errorf("%d sums, status %d\n%s", n, r.Status, r.Stderr)
	}
	if n := len(regexp.MustCompile(`process (\d+)`).FindAllString(r.Stderr, -1)); n != 4 {
		t.Errorf("%d processes", n)
	}
	if strings.Contains(r.Stderr, fmt.Sprint("process ", 0, ":")) {
		t.Error(r.Stderr)
	}
}
