package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestInjected runs the fixtures under systrap trace --inject: the library is in the program before its first
// instruction, and nothing of ours in its environment.
func TestInjected(t *testing.T) {
	eachFixture(t, func(f *fixture, t *testing.T, name string) {
		f.runInjected(t, name)
	})
}

// TestInjectedStatic does so with the fixtures linked statically, into which ld.so could load nothing.
func TestInjectedStatic(t *testing.T) {
	for name, flags := range map[string][]string{"static": {"-static"}, "static-pie": {"-static-pie", "-fPIE"}} {
		t.Run(name, func(t *testing.T) {
			eachFixture(t, func(f *fixture, t *testing.T, name string) {
				f.linkStatically(t, flags)
				f.runInjected(t, name)
			})
		})
	}
}

// muslFixtures are those that are linked with musl in every run of the tests: `make static` has all of them so.
var muslFixtures = []string{"exec_follow", "exec_at", "fd_numbers", "jit_calls", "mask_waits", "seccomp_filters",
	"signal_basic", "signal_eintr", "signal_fault", "thread_many", "thread_tls", "vfork_exec"}

// TestInjectedMusl does so with the fixtures linked statically with musl, whose threads, masks and start are of another make.
func TestInjectedMusl(t *testing.T) {
	headers := kernelHeaders(t)
	eachFixture(t, func(f *fixture, t *testing.T, name string) {
		if os.Getenv("E2E_STATIC") == "" && !slices.Contains(muslFixtures, name) {
			t.Skip("with musl, too: make static")
		}
		if f.notMusl != "" {
			t.Skip(f.notMusl)
		}
		f.linkStatically(t, []string{"-static", "-idirafter", headers, "-include", "muslgaps.h"})
		f.cc = "musl-gcc"
		for i := range f.builds {
			f.builds[i].cc = "musl-gcc"
		}
		f.runInjected(t, name)
	})
}

// kernelHeaders makes a folder with those of the kernel and nothing of glibc's: musl-gcc looks into its own only.
func kernelHeaders(t *testing.T) string {
	need(t, "musl-gcc")
	dir := filepath.Join(workRoot, "kernel-headers")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"linux": "/usr/include/linux", "asm-generic": "/usr/include/asm-generic", "asm": "/usr/include/x86_64-linux-gnu/asm"} {
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	return dir
}

// linkStatically adds flags to those of all its programs, or skips where one cannot be linked with them.
func (f *fixture) linkStatically(t *testing.T, flags []string) {
	t.Helper()
	if f.notStatic != "" {
		t.Skip(f.notStatic)
	}
	if f.mindsStatic() || slices.ContainsFunc(f.builds, (fixture).mindsStatic) {
		t.Skip("it is a program with libraries, or with a way of linking of its own")
	}
	f.flags = append(f.flags, flags...)
	f.spec.ownLines = append(f.spec.ownLines, f.staticLines...)
	for i := range f.builds {
		f.builds[i].flags = append(f.builds[i].flags, flags...)
	}
}

// mindsStatic says whether a program is none that can be linked with -static.
func (f fixture) mindsStatic() bool {
	return f.cc != "gcc" || slices.ContainsFunc(f.flags, func(flag string) bool {
		return slices.Contains([]string{"-shared", "-static", "-m32", "-rdynamic", "-ldl", "-fsanitize=address", "-fsanitize=leak", "-pie", "-nostdlib"}, flag)
	})
}

func (f *fixture) runInjected(t *testing.T, name string) {
	switch {
	case f.notLaunched != "":
		t.Skip(f.notLaunched)
	case f.silentOnly:
		t.Skip("not under a tool that sees signals")
	}
	s := f.build(t, name)
	s.launched, s.injected = true, true
	compareWith(t, s, traceLib)
}
