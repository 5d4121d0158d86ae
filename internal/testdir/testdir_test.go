package testdir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMake has a TMPDIR that cannot be used, and one that can.
func TestMake(t *testing.T) {
	good, err := os.MkdirTemp("/tmp", "testdir-") // where TMPDIR may have spaces
	if err != nil {
		t.Skip(err)
	}
	defer os.RemoveAll(good)
	bad := filepath.Join(good, "with space")
	if err := os.Mkdir(bad, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tmp := range []string{bad, filepath.Join(good, "missing"), good} {
		t.Setenv("TMPDIR", tmp)
		dir, err := Make("testdir-")
		if err != nil {
			t.Fatalf("%s: %v", tmp, err)
		}
		defer os.RemoveAll(dir)
		if strings.ContainsAny(dir, " :") || os.Getenv("TMPDIR") != dir || tmp == good && filepath.Dir(dir) != good {
			t.Errorf("%s: %s, TMPDIR=%s", tmp, dir, os.Getenv("TMPDIR"))
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: %v, %v", dir, left, err)
		}
	}
	if left, err := os.ReadDir(bad); err != nil || len(left) > 0 {
		t.Errorf("%s: %v, %v", bad, left, err)
	}
}
