package freestanding

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"libsystrap/internal/testdir"
)

// good builds a fixture once for all tests that only read it.
var good = func() func(t *testing.T, name string) string {
	var mu sync.Mutex
	built := map[string]string{}
	return func(t *testing.T, name string) string {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if path, ok := built[name]; ok {
			return path
		}
		dir, err := os.MkdirTemp(buildDir, name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".so")
		if _, err := Build(Options{Package: "./testdata/" + name, Output: path}); err != nil {
			t.Fatal(err)
		}
		built[name] = path
		return path
	}
}()

// buildDir holds the fixtures that tests share.
var buildDir string

func TestMain(m *testing.M) {
	dir, err := testdir.Make("freestanding-test-")
	if err != nil {
		panic(err)
	}
	buildDir = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// preload runs a program with the library and returns its standard error and exit status.
func preload(t *testing.T, library string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "LD_PRELOAD="+library)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err := cmd.Run()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		t.Fatal(err)
	}
	return stderr.String(), cmd.ProcessState.ExitCode()
}

func TestLibraryRunsBeforeTheProgram(t *testing.T) {
	for _, program := range []string{"/bin/true", "/bin/ls"} {
		stderr, status := preload(t, good(t, "hello"), program)
		if stderr != "hello from DT_INIT\n" || status != 0 {
			t.Errorf("%s: status %d, standard error %q", program, status, stderr)
		}
	}
}

func TestLibraryRunsUnderMusl(t *testing.T) {
	gcc, err := exec.LookPath("musl-gcc")
	if err != nil {
		t.Skip("no musl-gcc (Debian package musl-tools) to build a program with")
	}
	source, program := filepath.Join(t.TempDir(), "main.c"), filepath.Join(t.TempDir(), "main")
	if err := os.WriteFile(source, []byte("int main(void) { return 0; }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(gcc, "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if stderr, status := preload(t, good(t, "hello"), program); stderr != "hello from DT_INIT\n" || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
}

func TestAllowedFeaturesCompute(t *testing.T) {
	stderr, status := preload(t, good(t, "features"), "/bin/true")
	want := `jump table
strings
called through a field
func values
type switch
closure
range function
method
generic
struct equality
atomic
bits
utf8
index
memory
`
	if diff := cmp.Diff(want, stderr); diff != "" || status != 0 {
		t.Errorf("status %d (-want +got):\n%s", status, diff)
	}
}

func TestFaultNamesItsLine(t *testing.T) {
	stderr, status := preload(t, good(t, "fault"), "/bin/true")
	if want := "before\nfault/main.go:12: index out of range in main.main\n"; stderr != want || status != 99 {
		t.Errorf("status %d, standard error %q, want 99 and %q", status, stderr, want)
	}
}

func TestVerifyAgreesWithBuild(t *testing.T) {
	path := filepath.Join(t.TempDir(), "features.so")
	built, err := Build(Options{Package: "./testdata/features", Output: path})
	if err != nil {
		t.Fatal(err)
	}
	verified, err := Verify(path)
	if err != nil {
		t.Fatal(err)
	}
	if built.RelocsDropped < 1000 {
		t.Errorf("only %d relocations dropped", built.RelocsDropped)
	}
	verified.RelocsDropped = built.RelocsDropped
	if diff := cmp.Diff(built, verified); diff != "" {
		t.Error(diff)
	}
}

func TestBuildIsReproducible(t *testing.T) {
	name := filepath.Join(t.TempDir(), "features.so")
	if _, err := Build(Options{Package: "./testdata/features", Output: name}); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(good(t, "features"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Error("two builds differ")
	}
}

func TestBuildFromAnotherModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := map[string]string{
		"go.mod":       "module example.com/my.tool\n\ngo 1.26.0\n\nrequire libsystrap v0.0.0\n\nrequire golang.org/x/sys v0.49.0 // indirect\n\nreplace libsystrap => " + strconv.Quote(root) + "\n",
		"cmd/main.go":  "package main\n\nimport (\n\t\"example.com/my.tool/part\"\n\t\"libsystrap/rawsys\"\n)\n\n//systrap:entry stack=512\n//systrap:calls start\nfunc libraryEntry()\n\nvar fn = start\n\n//go:nosplit\nfunc start() { rawsys.Raw(39, part.N(), 0, 0, 0, 0, 0) }\n\nfunc main() {}\n",
		"cmd/main.s":   "#include \"textflag.h\"\n\nTEXT ·libraryEntry(SB), NOSPLIT, $64\n\tMOVQ R14, 56(SP)\n\tLEAQ 16(SP), R14\n\tXORPS X15, X15\n\tMOVQ ·fn(SB), DX\n\tCALL (DX)\n\tMOVQ 56(SP), R14\n\tRET\n",
		"part/part.go": "// Package part is the tool's own.\n//\n//systrap:freestanding\npackage part\n\nvar n uintptr\n\n//go:noinline\n//go:nosplit\nfunc N() uintptr { n++; return n }\n",
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "tool.so")
	report, err := Build(Options{Dir: dir, Package: "./cmd", Output: out})
	if err != nil {
		t.Fatal(err)
	}
	if stderr, status := preload(t, out, "/bin/true"); stderr != "" || status != 0 {
		t.Errorf("status %d, standard error %q\n%v", status, stderr, report)
	}
}

func TestGoldenFile(t *testing.T) {
	report, err := Verify(good(t, "features"))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(t.TempDir(), "golden")
	if err := report.WriteGolden(golden); err != nil {
		t.Fatal(err)
	}
	if err := report.CompareGolden(golden); err != nil {
		t.Errorf("just recorded: %v", err)
	}
	report.Entries[0].Stack += 8
	if err := report.CompareGolden(golden); !errors.Is(err, ErrGolden) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("changed stack: %v", err)
	}
	if err := report.CompareGolden(golden + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}
