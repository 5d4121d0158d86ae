package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"libsystrap/internal/freestanding"
	"libsystrap/internal/library"
)

// updateModule has the go.mod of the module that dir belongs to lead to this command's library.
func updateModule(dir, name string) int {
	if name != "" {
		fmt.Fprintln(os.Stderr, "systrap new: -name is for a module that is made, -update for one that exists")
		return exitUsage
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return fail(err)
	}
	root := moduleOf(abs)
	if root == "" {
		return fail(fmt.Errorf("%s: no go.mod here or above; `systrap new DIR` makes a module", dir))
	}
	mod, err := readModFile(root)
	if err != nil {
		return fail(err)
	}
	if mod.Module.Path == library.Own {
		return fail(fmt.Errorf("%s: is libsystrap itself", root))
	}
	lib, err := unpackLibrary()
	if err != nil {
		return fail(err)
	}
	args := []string{"mod", "edit"}
	if version.Compare("go"+mod.Go, "go"+lib.Go) < 0 {
		args = append(args, "-go="+lib.Go)
	}
	for _, m := range lib.Modules {
		if !mod.requires(m.Path) {
			args = append(args, "-require="+m.Path+"@"+m.Version)
		}
		args = append(args, "-replace="+m.Path+"="+lib.moduleDir(m.Path))
	}
	if _, err := goCommand(root, args...); err != nil {
		return fail(err)
	}
	switch before := mod.replacement(library.Own); before {
	case lib.moduleDir(library.Own):
		fmt.Printf("%s: is built with the library in %s, as before\n", root, lib.dir)
	case "":
		fmt.Printf("%s: is built with the library in %s now\n", root, lib.dir)
	default:
		fmt.Printf("%s: is built with the library in %s now, and not in %s any more\n", root, lib.dir, filepath.Dir(before))
	}
	return exitOK
}

// modFile is the part of `go mod edit -json` that matters here.
type modFile struct {
	Module  struct{ Path string }
	Go      string
	Require []struct{ Path string }
	Replace []struct{ Old, New struct{ Path string } }
}

// readModFile reads the go.mod in a folder.
func readModFile(root string) (*modFile, error) {
	out, err := goCommand(root, "mod", "edit", "-json")
	if err != nil {
		return nil, err
	}
	m := &modFile{}
	return m, json.Unmarshal(out, m)
}

func (m *modFile) requires(path string) bool {
	for _, r := range m.Require {
		if r.Path == path {
			return true
		}
	}
	return false
}

// replacement is where a replace line has a module's sources, or "".
func (m *modFile) replacement(path string) string {
	for _, r := range m.Replace {
		if r.Old.Path == path {
			return r.New.Path
		}
	}
	return ""
}

// goCommand runs the go command in a folder; what it says is the error.
func goCommand(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, freestanding.ErrNoGo
	}
	if err != nil && words.Len() > 0 {
		return nil, errors.New(strings.TrimSpace(words.String()))
	}
	return out, err
}
