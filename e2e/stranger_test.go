package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// stranger works in a folder outside this module, as somebody who has nothing but the command systrap: a
// home of his own, no module cache, no network.
type stranger struct {
	dir     string
	systrap string
	env     []string
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &stranger{dir, systrap, []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.Getenv("TMPDIR"), "HOME=" + filepath.Join(dir, "home"),
		"GOCACHE=" + strings.TrimSpace(string(cache)), "GOMODCACHE=" + filepath.Join(dir, "none"), "GOPROXY=off", "GOENV=off", "GOTOOLCHAIN=local", "LC_ALL=C"}}
}

// run runs a command in a folder of his; its words are standard output and error.
func (s *stranger) run(t *testing.T, dir string, env []string, name string, args ...string) (words string, status int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = filepath.Join(s.dir, dir)
	cmd.Env = append(s.env[:len(s.env):len(s.env)], env...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// want runs a command and compares its status, and its words with a regular expression.
func (s *stranger) want(t *testing.T, status int, words, dir string, env []string, name string, args ...string) {
	t.Helper()
	got, ended := s.run(t, dir, env, name, args...)
	if ended != status || !regexp.MustCompile("^"+words+"$").MatchString(got) {
		t.Errorf("%s %v: status %d, want %d and %s\n%s", name, args, ended, status, words, got)
	}
}

// read returns a file of his.
func (s *stranger) read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// library is the folder of the sources in his cache.
func (s *stranger) library(t *testing.T) string {
	t.Helper()
	all, _ := filepath.Glob(filepath.Join(s.dir, "home/.cache/systrap/*"))
	if len(all) != 1 {
		t.Fatalf("the cache has %q", all)
	}
	return all[0]
}

const (
	built      = `\S+\.so: \d+ KB, proven to need no runtime: .*\n`
	howToBuild = `# \S+\na_tool_is_built_by:_systrap_build_-o_tool\.so_\./pkg: [^\n]* \.not_by_go_build [^\n]*\n(sym [^\n]* \.not_by_go_build [^\n]*\n)?`
)

// TestNewModule has what `systrap new` makes do all that a Go programmer does with a module, offline.
func TestNewModule(t *testing.T) {
	s := newStranger(t)
	s.want(t, 0, `mytool: a tool with its test, built with the library in \S+/home/\.cache/systrap/[0-9a-f]{16}\n\n`+
		`\tcd mytool\n\tgo test\n\t\S+/systrap build -o mytool\.so \. && LD_PRELOAD=\$PWD/mytool\.so ls -l\n`, "", nil, s.systrap, "new", "mytool")
	mod := s.read(t, "mytool/go.mod")
	for _, cgo := range []string{"CGO_ENABLED=0", "CGO_ENABLED=1"} {
		s.want(t, 0, "", "mytool", []string{cgo}, "go", "vet", "./...")
		// With -v: a test that skips itself passes.
		s.want(t, 0, `(?s)=== RUN   TestMissing\n.*--- PASS: TestMissing .*--- PASS: TestProgram .*\nPASS\nok .*`, "mytool", []string{cgo}, "go", "test", "-v")
		s.want(t, 0, `PASS\nok .*\n`, "mytool", []string{cgo}, "go", "test", "-buildmode=pie", "-run", "Missing")
	}
	s.want(t, 0, "", "mytool", nil, "go", "mod", "tidy")
	if tidy := s.read(t, "mytool/go.mod"); tidy != mod {
		t.Errorf("go mod tidy makes of\n%s\n%s", mod, tidy)
	}
	t.Run("program", func(t *testing.T) {
		s.want(t, 0, "", "mytool", nil, "go", "build", "-o", "program")
		s.want(t, 2, "systrap: this is a tool: build it with `systrap build`\n", "mytool", nil, "./program")
	})
	t.Run("c-shared", func(t *testing.T) {
		s.want(t, 1, `-buildmode=c-shared requires external \(cgo\) linking, but cgo is not enabled\n`, "mytool", []string{"CGO_ENABLED=0"}, "go", "build", "-buildmode=c-shared")
		need(t, "gcc")
		s.want(t, 1, howToBuild, "mytool", []string{"CGO_ENABLED=1"}, "go", "build", "-buildmode=c-shared")
	})
	t.Run("gopls", func(t *testing.T) {
		need(t, "gopls")
		main := filepath.Join(s.dir, "mytool/main.go")
		text := s.read(t, "mytool/main.go")
		os.WriteFile(main, []byte(text+"\nvar x int = \"\"\n"), 0o644)
		words, _ := s.run(t, "mytool", nil, "gopls", "check", "main.go")
		os.WriteFile(main, []byte(text), 0o644)
		if !strings.Contains(words, `cannot use "" `) {
			first, _, _ := strings.Cut(words, "\n")
			t.Skipf("this gopls does not know this Go: %s", first)
		}
		s.want(t, 0, "", "mytool", nil, "gopls", "check", "main.go", "main_test.go")
	})
	t.Run("vendor", func(t *testing.T) {
		vendor, cache := filepath.Join(s.dir, "mytool/vendor"), filepath.Join(s.dir, "home/.cache")
		defer os.RemoveAll(vendor)
		s.want(t, 0, "", "mytool", nil, "go", "mod", "vendor")
		if err := os.Rename(cache, cache+".away"); err != nil {
			t.Fatal(err)
		}
		defer os.Rename(cache+".away", cache)
		s.want(t, 0, built, "mytool", nil, s.systrap, "build", ".")
		if _, err := os.Stat(cache); err == nil {
			t.Error("the sources were unpacked")
		}
	})
	t.Run("library gone", func(t *testing.T) {
		library := s.library(t)
		if err := os.RemoveAll(library); err != nil {
			t.Fatal(err)
		}
		s.want(t, 0, `systrap build: the library's sources in \S+ were gone or changed: unpacked again\n`+built, "mytool", nil, s.systrap, "build", ".")
		// One that this systrap does not have: an older one's.
		old := filepath.Join(filepath.Dir(library), "0123456789abcdef")
		os.WriteFile(filepath.Join(s.dir, "mytool/go.mod"), []byte(strings.ReplaceAll(mod, library, old)), 0o644)
		s.want(t, 1, `systrap: \S+/mytool/go.mod: libsystrap is not in \S+/0123456789abcdef/libsystrap any more: .systrap new -update \S+. changes .*\n`,
			"mytool", nil, s.systrap, "build", ".")
		if err := os.Rename(library, old); err != nil {
			t.Fatal(err)
		}
		s.want(t, 0, `systrap build: the library is another systrap's, .*systrap new -update \S+. changes that to this one's\n`+built, "mytool", nil, s.systrap, "build", ".")
		s.want(t, 0, `\S+/mytool: is built with the library in \S+ now, and not in \S+/0123456789abcdef any more\n`, "mytool", nil, s.systrap, "new", "-update", ".")
		s.want(t, 0, `\S+/mytool: is built with the library in \S+, as before\n`, "", nil, s.systrap, "new", "mytool", "-update")
		s.want(t, 0, built, "mytool", nil, s.systrap, "build", ".")
		if now := s.read(t, "mytool/go.mod"); now != mod {
			t.Errorf("go.mod was\n%s\nand is\n%s", mod, now)
		}
	})
}

// TestStranger builds the module in testdata/stranger, which is none of this repository: tools of its own, a
// package that they share, and one on the library's tracer.
func TestStranger(t *testing.T) {
	s := newStranger(t)
	if err := os.CopyFS(filepath.Join(s.dir, "m"), os.DirFS("testdata/stranger")); err != nil {
		t.Fatal(err)
	}
	where := filepath.Join(s.dir, "m")
	s.want(t, 1, "systrap: "+where+"/go.mod does not say where libsystrap is: `systrap new -update "+where+"` adds the lines\n", "m", nil, s.systrap, "build", "./tally")
	s.want(t, 1, "systrap: "+s.dir+": no go.mod here or above, so no module that a tool could belong to; `systrap new DIR` makes one\n", "", nil, s.systrap, "build", "m/tally/main.go")
	s.want(t, 0, where+`: is built with the library in \S+ now\n`, "", nil, s.systrap, "new", "-update", "m")
	s.want(t, 0, "", "m", nil, "go", "vet", "./...")
	s.want(t, 0, `(?s).*ok  \texample.com/stranger/tally.*`, "m", nil, "go", "test", "./...")
	s.want(t, 0, built, "m", nil, s.systrap, "build", "-o", "tally.so", "./tally")
	s.want(t, 0, built, "", nil, s.systrap, "build", "-o", "m/both.so", "./m/orphan", "m/trace")
	const program = "cat /absent/file; echo $PPID"
	native, _ := s.run(t, "m", nil, "sh", "-c", "cat /absent/file")
	s.want(t, 0, regexp.QuoteMeta(native)+`\d+\n`, "m", nil, "sh", "-c", program)
	s.want(t, 0, `(?s)(tally: [1-9]\d* calls, \d+ failed\n)?`+regexp.QuoteMeta(native)+`tally: [1-9]\d* calls, [1-9]\d* failed\n\d+\ntally: [1-9]\d* calls, \d+ failed\n`,
		"m", []string{"LD_PRELOAD=" + where + "/tally.so"}, "sh", "-c", program)
	s.want(t, 0, regexp.QuoteMeta(native)+"1\n", "m", []string{"LD_PRELOAD=" + where + "/both.so", "SYSTRAP_OPTIONS=-- -o trace.txt"}, "sh", "-c", program)
	if text := s.read(t, "m/trace.txt"); !strings.Contains(text, `"/absent/file", O_RDONLY) = -1 ENOENT`) || !strings.Contains(text, "+++ exited with 0 +++\n") {
		t.Errorf("the trace:\n%s", text)
	}
}
