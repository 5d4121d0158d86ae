package main

import (
	"errors"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"libsystrap/internal/library"
)

func TestModulePath(t *testing.T) {
	for _, name := range []string{"mytool", "a", "x-1.2", "example.com/user/tool", "_x", "systrap", "a~b"} {
		if err := checkModulePath(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", ".", "..", ".x", "-x", "a b", "a//b", "/a", "a/", "a/.b", "ä", "a:b", "a.", "libsystrap", "libsystrap/x", "std", "cmd/x"} {
		if checkModulePath(name) == nil {
			t.Errorf("%q is taken for a module's path", name)
		}
	}
}

// TestWords has paths that need quotes in a shell and in go.mod.
func TestWords(t *testing.T) {
	for _, test := range []struct{ path, shell, mod string }{
		{"/home/u/.cache", "/home/u/.cache", "/home/u/.cache"},
		{"/a b", "'/a b'", `"/a b"`},
		{"/it's", `'/it'\''s'`, `"/it's"`},
		{"/a//b", "/a//b", `"/a//b"`},
	} {
		if got := shellWord(test.path); got != test.shell {
			t.Errorf("shellWord(%s) = %s", test.path, got)
		}
		if got := modWord(test.path); got != test.mod {
			t.Errorf("modWord(%s) = %s", test.path, got)
		}
	}
}

// TestNoSources: this test, as what a plain go build makes, has no sources in it.
func TestNoSources(t *testing.T) {
	if _, err := library.Open(); !errors.Is(err, library.ErrNone) {
		t.Errorf("%v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, errs := planModule(dir, "a b"); len(errs) != 3 {
		t.Errorf("want three problems at once: %v", errs)
	}
}

// TestNewSays checks what systrap new prints and leaves when it cannot do what it is to do.
func TestNewSays(t *testing.T) {
	systrap := installed(t) + "/systrap"
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "full"), 0o755)
	os.WriteFile(filepath.Join(dir, "full/x"), nil, 0o644)
	os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
	here, _ := filepath.Abs("../..")
	for _, c := range []struct {
		env    []string
		args   string
		status int
		want   string
	}{
		{nil, "", 2, "systrap new: DIR is missing\n"},
		{nil, "a b", 2, "systrap new: one argument DIR, please\n"},
		{nil, "-update -name x full", 2, "systrap new: -name is for a module that is made, -update for one that exists\n"},
		{nil, "full", 1, "systrap: full: there is something in it; `systrap new -update full` .*\n"},
		{nil, "full -name .x", 1, "systrap: full: there is something in it; .*\nsystrap: -name: \"\\.x\" cannot be a module's path: .*\n"},
		{nil, "file", 1, "systrap: file: Not a directory\n"},
		{nil, "file/x", 1, "systrap: file/x: Not a directory\n"},
		{nil, "libsystrap", 1, "systrap: the folder's name: \"libsystrap\" is taken; -name PATH gives another\n"},
		{nil, "-update full", 1, "systrap: full: no go\\.mod here or above; `systrap new DIR` makes a module\n"},
		{nil, "-update " + here, 1, "systrap: \\S+: is libsystrap itself\n"},
		{[]string{"HOME="}, "x", 1, "systrap: no folder for the library's sources \\(.*\\); XDG_CACHE_HOME=FOLDER names one\n"},
		{[]string{"XDG_CACHE_HOME=" + dir + "/file"}, "x", 1, "systrap: the library's sources cannot be unpacked \\(.*not a directory\\); XDG_CACHE_HOME=FOLDER names another cache\n"},
	} {
		cmd := exec.Command(systrap, append([]string{"new"}, strings.Fields(c.args)...)...)
		cmd.Dir = dir
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir + "/home"}, c.env...)
		got, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != c.status || !regexp.MustCompile("^"+c.want+"$").Match(got) {
			t.Errorf("%v %s: status %d, %s", c.env, c.args, cmd.ProcessState.ExitCode(), got)
		}
	}
	if left, _ := filepath.Glob(dir + "/*/go.mod"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestNewNames has modules in a workspace, under other names, and in folders with odd ones.
func TestNewNames(t *testing.T) {
	systrap := installed(t) + "/systrap"
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "go.work"), []byte("go 1.26\n"), 0o644)
	os.MkdirAll(filepath.Join(dir, "it's new/x/.git"), 0o755) // what git would complain of
	cmd := exec.Command(systrap, "new", "-name", "example.com/it/finder", "it's new/x")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+dir+"/a cache", "GOWORK=", "PATH="+filepath.Dir(systrap)+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	want := `^it's new/x: a tool .*\n\n\tcd 'it'\\''s new/x'\n\tgo work use \.    # as \S+/go.work says which modules are looked at here\n` +
		`\tgo test\n\tsystrap build -o finder\.so \. && LD_PRELOAD=\$PWD/finder\.so ls -l\n$`
	if err != nil || !regexp.MustCompile(want).Match(out) {
		t.Errorf("%v, %s", err, out)
	}
	mod, err := os.ReadFile(filepath.Join(dir, "it's new/x/go.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module example.com/it/finder\n") {
		t.Errorf("%v, %s", err, mod)
	}
	build := exec.Command(systrap, "build", "-o", "finder.so", ".")
	build.Dir = filepath.Join(dir, "it's new/x")
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off", "GOMODCACHE="+dir+"/none", "XDG_CACHE_HOME="+dir+"/a cache")
	build.Env = append(build.Env, "GOCACHE="+goCache(t))
	if out, err := build.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "finder.so: ") {
		t.Errorf("systrap build: %v, %s", err, out)
	}
	for _, name := range []string{"main.go", "main_test.go"} {
		text, err := os.ReadFile(filepath.Join(dir, "it's new/x", name))
		if err != nil {
			t.Fatal(err)
		}
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) || strings.Contains(string(text), "{{") {
			t.Errorf("%s: %v, or gofmt would change it\n%s", name, err, text)
		}
	}
}

// goCache is the go command's cache, wherever the user's is.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
