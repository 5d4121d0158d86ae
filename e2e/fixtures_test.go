package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fixture is a C program of testdata. Its first lines are directives:
//
//	//e2e:cc musl-gcc        the compiler instead of gcc (g++ for *.cc)
//	//e2e:flags -static      added to the compiler's arguments
//	//e2e:lib p.so lib/p.c   a shared library, built beside the program
//	//e2e:prog q lib/q.c -static  another program, likewise
//	//e2e:env NAME=VALUE     added to the environment
//	//e2e:args a b           the program's arguments
//	//e2e:own REGEXP         a line of ours on standard error, or in the trace
//	//e2e:own-preloaded RE   likewise, but where the library is injected there is none
//	//e2e:own-static RE      likewise, only where it is linked statically and injected
//	//e2e:exes q             executables the report must mention besides
//	//e2e:notrace            the program itself cannot be in the report
//	//e2e:silent-only        not with the tools that read memory and see signals
//	//e2e:not-launched WHY    not under systrap trace
//	//e2e:not-static WHY     not linked statically
//	//e2e:not-musl WHY       not with musl
//	//e2e:not-rewritten WHY  not after systrap rewrite
//	//e2e:not-in-libc WHY    not with a rewritten C library
//	//e2e:report a.b 10      a counter of its report, and the least it must be
//	//e2e:need pkeys command:su  what the machine must have (needs_test.go)
//	//e2e:status exit 3      how the native run ends
//	//e2e:timeout 10m        the time after which it hangs, if the default is too short
//	//e2e:again A=1 B=2      compare once more, with these variables and no counters
//
// In env and args, $BIN is the directory of what was built.
type fixture struct {
	source string
	cc     string
	flags  []string
	builds []fixture // libraries and other programs
	output string
	spec   spec
	hidden bool
	needs  []string
	again  [][]string // additions to the environment, for one more run each
	// silentOnly is set for what looker cannot hide.
	silentOnly bool
	// notLaunched is why it is not run under systrap trace.
	notLaunched string
	// preloadedLines are lines of ours that tell of what only LD_PRELOAD cannot do.
	preloadedLines []string
	// staticLines tell of what cannot be done with what is linked statically.
	staticLines []string
	// notStatic is why it is not linked statically, notMusl why not with musl, notRewritten why it is not run after systrap rewrite.
	notStatic, notMusl, notRewritten string
	// notInLibc is why it is not run with a rewritten C library.
	notInLibc string
}

// TestFixtures runs every program of testdata natively and trapped.
func TestFixtures(t *testing.T) {
	eachFixture(t, (*fixture).run)
}

// eachFixture reads all programs of testdata and calls test for each, with its name.
func eachFixture(t *testing.T, test func(f *fixture, t *testing.T, name string)) {
	var sources []string
	for _, pattern := range []string{"testdata/*.c", "testdata/*.cc"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, found...)
	}
	if len(sources) == 0 {
		t.Fatal("no fixtures in testdata")
	}
	for _, source := range sources {
		name := strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := readFixture(source)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range f.needs {
				needMachine(t, n)
			}
			test(f, t, name)
		})
	}
}

// build makes f's programs and returns how to run it.
func (f *fixture) build(t *testing.T, name string) spec {
	bin := filepath.Join(workRoot, "bin", strings.ReplaceAll(t.Name(), "/", "_"))
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	f.output = name
	for _, b := range append(f.builds, *f) {
		need(t, b.cc)
		args := append([]string{"-O1", "-g", "-Wall", "-D_GNU_SOURCE", "-Itestdata", "-o", filepath.Join(bin, b.output), b.source}, b.flags...)
		if out, err := exec.Command(b.cc, args...).CombinedOutput(); err != nil {
			if cannotBuildHere(b, string(out)) {
				t.Skipf("%s cannot build this here (e2e/packages.txt): %s", b.cc, out)
			}
			t.Fatalf("%s %v: %v\n%s", b.cc, args, err, out)
		}
	}
	s := f.spec
	for _, words := range [][]string{s.args, s.env} {
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "$BIN", bin)
		}
	}
	s.args = append([]string{filepath.Join(bin, name)}, s.args...)
	s.name = name
	if !f.hidden {
		s.exes = append(s.exes, name)
	}
	return s
}

// run builds f and compares its runs.
func (f *fixture) run(t *testing.T, name string) {
	s := f.build(t, name)
	s.ownLines = append(s.ownLines, f.preloadedLines...)
	compare(t, s)
	if !f.silentOnly && !t.Failed() {
		t.Run("looking", func(t *testing.T) {
			s := s
			s.env = searchedAtOnce(s.env)
			compareWith(t, s, lookerLib)
		})
		t.Run("footprint", func(t *testing.T) { checkFootprints(t, s) })
		t.Run("tracing", func(t *testing.T) {
			s := s
			s.trace = true
			compareWith(t, s, traceLib)
		})
		t.Run("launched", func(t *testing.T) {
			if f.notLaunched != "" {
				t.Skip(f.notLaunched)
			}
			s := s
			s.launched = true
			compareWith(t, s, traceLib)
		})
	}
	for _, env := range f.again {
		t.Run(env[0], func(t *testing.T) {
			if slices.Contains(env, "SYSTRAP_DISCOVER=only") {
				needMachine(t, "dispatch")
			}
			a := s
			a.name, a.counters = name+" "+env[0], nil
			a.env = append(append([]string{}, s.env...), env...)
			if doorAsked(env) == "jump" {
				needMachine(t, "jump")
				a.counters = []counter{{"jumped", 1}}
				a.env = searchedAtOnce(a.env)
			}
			compare(t, a)
			if (trapAsked(env) != "" || doorAsked(env) != "") && !f.silentOnly && !t.Failed() {
				t.Run("looking", func(t *testing.T) { compareWith(t, a, lookerLib) })
			}
		})
	}
}

// searchedAtOnce is env with all text searched and patched at the start, which is left to the
// kernel's reports else.
func searchedAtOnce(env []string) []string {
	for _, v := range env {
		if strings.HasPrefix(v, "SYSTRAP_DISCOVER=") {
			return env
		}
	}
	return append(append([]string{}, env...), "SYSTRAP_DISCOVER=1")
}

// cannotBuildHere tells a library or header that the machine lacks from a mistake.
func cannotBuildHere(b fixture, out string) bool {
	return strings.Contains(out, "skipping incompatible") || strings.Contains(out, "cannot find -l") ||
		slices.Contains(b.flags, "-m32") && strings.Contains(out, "No such file or directory")
}

// readFixture reads the directives of a source.
func readFixture(source string) (*fixture, error) {
	b, err := os.ReadFile(source)
	if err != nil {
		return nil, err
	}
	f := &fixture{source: source, cc: compilerOf(source), flags: []string{"-pthread"}}
	for _, line := range strings.Split(string(b), "\n") {
		text, ok := strings.CutPrefix(line, "//e2e:")
		if !ok {
			continue
		}
		key, value, _ := strings.Cut(text, " ")
		if err := f.directive(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", source, line, err)
		}
	}
	return f, nil
}

func compilerOf(source string) string {
	if filepath.Ext(source) == ".cc" {
		return "g++"
	}
	return "gcc"
}

func (f *fixture) directive(key, value string) error {
	words := strings.Fields(value)
	switch key {
	case "cc":
		f.cc = value
	case "flags":
		f.flags = append(f.flags, words...)
	case "lib", "prog":
		if len(words) < 2 {
			return fmt.Errorf("want a name and a source")
		}
		b := fixture{source: filepath.Join("testdata", words[1]), output: words[0], cc: compilerOf(words[1]), flags: words[2:]}
		if key == "lib" {
			b.flags = append(b.flags, "-shared", "-fPIC")
		}
		f.builds = append(f.builds, b)
	case "env":
		f.spec.env = append(f.spec.env, value)
	case "args":
		f.spec.args = words
	case "own":
		f.spec.ownLines = append(f.spec.ownLines, value)
	case "own-preloaded":
		f.preloadedLines = append(f.preloadedLines, value)
	case "own-static":
		f.staticLines = append(f.staticLines, value)
	case "exes":
		f.spec.exes = words
	case "notrace":
		f.hidden = true
	case "again":
		if len(words) == 0 {
			return fmt.Errorf("want NAME=VALUE")
		}
		f.again = append(f.again, words)
	case "need":
		f.needs = append(f.needs, words...)
	case "report":
		if len(words) != 2 {
			return fmt.Errorf("want a counter and a number")
		}
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return err
		}
		f.spec.counters = append(f.spec.counters, counter{words[0], n})
	case "not-launched":
		f.notLaunched = value
	case "not-static":
		f.notStatic = value
	case "not-musl":
		f.notMusl = value
	case "not-rewritten":
		f.notRewritten = value
	case "not-in-libc":
		f.notInLibc = value
	case "silent-only":
		f.silentOnly = true
	case "timeout":
		d, err := time.ParseDuration(value)
		f.spec.patience = max(d, defaultPatience)
		return err
	case "status":
		f.spec.status = value
	default:
		return fmt.Errorf("unknown directive %s", key)
	}
	return nil
}
