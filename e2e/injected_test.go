package e2e

import (
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

// linkStatically adds flags to f's, or skips where it cannot be linked with them.
func (f *fixture) linkStatically(t *testing.T, flags []string) {
	t.Helper()
	if len(f.builds) > 0 || f.cc != "gcc" || slices.ContainsFunc(f.flags, mindsStatic) {
		t.Skip("it is a program with libraries, or with a way of linking of its own")
	}
	if f.notStatic != "" {
		t.Skip(f.notStatic)
	}
	f.flags = append(f.flags, flags...)
}

// mindsStatic says whether a flag of the compiler cannot be had with -static.
func mindsStatic(flag string) bool {
	for _, f := range []string{"-static", "-m32", "-rdynamic", "-ldl", "-fsanitize=address", "-fsanitize=leak", "-pie", "-nostdlib"} {
		if f == flag {
			return true
		}
	}
	return false
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
