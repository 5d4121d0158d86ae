package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// rewriteFile makes the file at out of that at path, with a tool in it.
func rewriteFile(path, out, lib string) error {
	tracer, err := ourStrace()
	if err != nil {
		return err
	}
	systrap := filepath.Join(filepath.Dir(tracer), "systrap")
	if text, err := exec.Command(systrap, "rewrite", path, "-o", out, "--tool", lib).CombinedOutput(); err != nil {
		return fmt.Errorf("systrap rewrite %s: %w: %s", path, err, text)
	}
	return nil
}

// rewriteInPlace replaces a program by its rewritten self.
func rewriteInPlace(path, lib string) error {
	if err := rewriteFile(path, path+".rewritten", lib); err != nil {
		return err
	}
	return os.Rename(path+".rewritten", path)
}

// libcCopy is a copy of the C library with the silent tool in it.
var libcCopy = sync.OnceValues(func() (string, error) {
	const libc = "/lib/x86_64-linux-gnu/libc.so.6"
	if _, err := os.Stat(libc); err != nil {
		return "", err
	}
	out := filepath.Join(workRoot, "libc-hook.so")
	return out, rewriteFile(libc, out, silentLib)
})

// needRewritten skips where all fixtures would run once more: `make rewritten` has them do so.
func needRewritten(t *testing.T) {
	if os.Getenv("E2E_REWRITTEN") == "" {
		t.Skip("all fixtures again, rewritten: make rewritten")
	}
}

// TestRewrittenStatic runs the fixtures, linked statically, after systrap rewrite, without a library in their environment.
func TestRewrittenStatic(t *testing.T) {
	needRewritten(t)
	for name, flags := range map[string][]string{"static": {"-static"}, "static-pie": {"-static-pie", "-fPIE"}} {
		t.Run(name, func(t *testing.T) {
			eachFixture(t, func(f *fixture, t *testing.T, name string) {
				if len(f.builds) > 0 {
					t.Skip("what it executes is not rewritten")
				}
				f.linkStatically(t, flags)
				if f.notRewritten != "" {
					t.Skip(f.notRewritten)
				}
				s := f.build(t, name)
				s.rewritten = true
				s.ownLines = append(s.ownLines, f.preloadedLines...)
				compare(t, s)
			})
		})
	}
}

// TestRewrittenLibc runs them with a rewritten C library in the place of their own.
func TestRewrittenLibc(t *testing.T) {
	needRewritten(t)
	lib, err := libcCopy()
	if err != nil {
		t.Skip(err)
	}
	eachFixture(t, func(f *fixture, t *testing.T, name string) {
		if f.cc == "musl-gcc" || slices.Contains(f.flags, "-static") || slices.Contains(f.flags, "-nostdlib") {
			t.Skip("it has no glibc")
		}
		if f.notInLibc != "" {
			t.Skip(f.notInLibc)
		}
		s := f.build(t, name)
		s.ownLines = append(s.ownLines, f.preloadedLines...)
		compareWith(t, s, lib)
	})
}
