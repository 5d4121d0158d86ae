package main

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// TestSources: all that a tool's build looks at is packed, nothing of tests, commands and other modules is, and
// the bytes are the same every time.
func TestSources(t *testing.T) {
	const root = "../../.."
	data, err := sources(root)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := sources(root); err != nil || !bytes.Equal(data, again) {
		t.Errorf("two runs give different bytes (%v)", err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.Comment) != 16 {
		t.Errorf("the ID is %q", z.Comment)
	}
	list := exec.Command("go", "list", "-deps", "-tags=systrap", "-f", "{{if not .Standard}}{{$p := .ImportPath}}{{range .GoFiles}}{{$p}}/{{.}}\n{{end}}{{range .SFiles}}{{$p}}/{{.}}\n{{end}}{{end}}",
		"./systrap/unwind", "./cmd/trace-syscalls")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if _, err := fs.Stat(z, name); err != nil && !strings.HasPrefix(name, "libsystrap/cmd/") {
			t.Error(err)
		}
	}
	for _, name := range []string{"golang.org/x/sys/go.mod", "golang.org/x/sys/LICENSE", "libsystrap/systrap/run_byhand.go"} {
		if _, err := fs.Stat(z, name); err != nil {
			t.Error(err)
		}
	}
	mod, err := fs.ReadFile(z, "libsystrap/go.mod")
	if err != nil || strings.Count(string(mod), "require ") != 1 || !strings.Contains(string(mod), "\nrequire golang.org/x/sys v") {
		t.Errorf("%v, go.mod:\n%s", err, mod)
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "_test.go") || strings.HasPrefix(f.Name, "libsystrap/cmd/") || path.Clean(f.Name) != f.Name {
			t.Errorf("%s is packed", f.Name)
		}
		if _, err := fs.ReadFile(z, f.Name); err != nil {
			t.Error(err)
		}
	}
}
