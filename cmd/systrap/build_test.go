package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestBuildSays checks what systrap build prints: a line when all is well, and for each
// mistake one, or all problems of the code at once.
func TestBuildSays(t *testing.T) {
	systrap := installed(t) + "/systrap"
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	module := t.TempDir() // another module than the working directory's
	write := func(path, text string) {
		path = filepath.Join(module, path)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/m\ngo 1.26\nrequire libsystrap v0.0.0\nrequire golang.org/x/sys v0.0.0\nreplace libsystrap => "+here+"\n")
	sums, _ := os.ReadFile(filepath.Join(here, "go.sum"))
	write("go.sum", string(sums))
	mod, _ := os.ReadFile(filepath.Join(here, "go.mod"))
	if m := regexp.MustCompile(`golang.org/x/sys (\S+)`).FindSubmatch(mod); m != nil {
		text, _ := os.ReadFile(filepath.Join(module, "go.mod"))
		write("go.mod", strings.Replace(string(text), "x/sys v0.0.0", "x/sys "+string(m[1]), 1))
	}
	const good = "package main\n\nimport \"libsystrap/systrap\"\n\nfunc main() { systrap.Run(systrap.Tool{Name: \"x\"}) }\n"
	write("good/main.go", good)
	write("two/main.go", good)
	write("typo/main.go", "package main\n\nimport \"libsystrap/systrap\"\n\nfunc main() { systrap.Run(systrap.Tool{Nam: \"x\"}); undefined() }\n")
	write("bad/main.go", `package main

import "libsystrap/systrap"

var table = map[int]int{1: 2}
var list []uint64

func init() { table[2] = 3 }

func main() { systrap.Run(systrap.Tool{Name: "bad", Enter: enter}) }

func enter(c *systrap.Call) systrap.Verdict {
	list = append(list, c.Args[0])
	defer func() {}()
	return systrap.Pass
}
`)
	out := filepath.Join(t.TempDir(), "t.so")
	const success = `^\S*\.so: \d+ KB, proven to need no runtime: \d+ functions, at most \d+ of \d+ bytes of stack\n$`
	for _, c := range []struct {
		env    []string
		args   string
		status int
		want   string // a regular expression
	}{
		{nil, "-o " + out + " " + module + "/good", 0, success},
		{nil, "-o " + out + " " + module + "/good " + module + "/two", 0, success},
		{nil, "-v -o " + out + " " + module + "/good", 0, `(?s)stack \d+ of.*registers written: .*fault sites`},
		{nil, "-x " + module + "/good", 2, `^systrap build: flag provided but not defined: -x; see systrap build -h\n$`},
		{nil, "", 2, `^systrap build: \./pkg is missing\n$`},
		{nil, "a b c d e", 2, `^systrap build: 4 arguments \./pkg at most, please\n$`},
		{nil, module + "/none", 1, `^systrap: .*/none: No such file or directory\n$`},
		{nil, "-o /none/x.so " + module + "/good", 1, `^systrap: -o /none/x.so: /none: No such file or directory\n$`},
		{nil, "-o /tmp " + module + "/good", 1, `^systrap: -o /tmp: is a folder\n$`},
		{nil, "fmt", 1, `^systrap: fmt: not a main package\n$`},
		{nil, "-o " + out + " " + module + "/good " + module + "/good", 1, `^systrap: example.com/m/good is named twice\n$`},
		{[]string{"PATH=/none"}, module + "/good", 1, "^systrap: no `go` in PATH: .*\n$"},
		{[]string{"GOCACHE=/proc/none"}, module + "/good", 1, `^systrap: .*/proc/none.*\n$`},
		{[]string{"TMPDIR=/none"}, module + "/good", 1, `^systrap: .*/none.*\n$`},
		{nil, "-o " + out + " " + module + "/typo", 1, `^systrap: \S*main\.go:5:\d+: unknown field Nam .*\n\S*main\.go:5:\d+: undefined: undefined\n$`},
		{nil, "-o " + out + " " + module + "/bad", 1,
			`(?s)main\.go:5: dynamic package variable.*main\.go:8: init function.*main\.go:13: append that grows.*main\.go:15: defer.*\n4 problems: `},
	} {
		cmd := exec.Command(systrap, append([]string{"build"}, strings.Fields(c.args)...)...)
		cmd.Dir = t.TempDir() // outside of any module
		cmd.Env = append(append(os.Environ(), "GOFLAGS=-mod=mod"), c.env...)
		got, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != c.status || !regexp.MustCompile(c.want).Match(got) {
			t.Errorf("%v %s: status %d, %s", c.env, c.args, cmd.ProcessState.ExitCode(), got)
		}
	}
}
