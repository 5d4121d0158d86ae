package main

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"libsystrap/internal/library"
)

// skeleton are the files of a new module.
//
//go:embed skeleton
var skeleton embed.FS

// skeletonFiles say what the files are called in the module; go.mod is last, so that what
// could not be written as a whole is no module.
var skeletonFiles = []struct{ from, to string }{
	{"main.go.tmpl", "main.go"},
	{"main_test.go.tmpl", "main_test.go"},
	{"README.md.tmpl", "README.md"},
	{"gitignore.tmpl", ".gitignore"},
	{"go.mod.tmpl", "go.mod"},
}

// libraryInCache is this command's library, unpacked.
type libraryInCache struct {
	*library.Sources
	dir     string
	written bool // just now
}

// unpackLibrary has the sources in this command be in the user's cache.
func unpackLibrary() (*libraryInCache, error) {
	sources, err := library.Open()
	if err != nil {
		return nil, err
	}
	cache, err := library.Cache()
	if err != nil {
		return nil, err
	}
	written, err := sources.Unpack(cache)
	if err != nil {
		return nil, err
	}
	return &libraryInCache{sources, sources.Dir(cache), written}, nil
}

// moduleDir is the folder of one module of the library, as a replace line of go.mod names it.
func (l *libraryInCache) moduleDir(path string) string { return filepath.Join(l.dir, path) }

// write writes the module's files.
func (m *newModule) write() error {
	var require, replace string
	for _, r := range m.lib.Modules {
		require += fmt.Sprintf("\t%s %s\n", r.Path, r.Version)
		replace += fmt.Sprintf("\t%s => %s\n", r.Path, modWord(m.lib.moduleDir(r.Path)))
	}
	fill := strings.NewReplacer("{{module}}", m.path, "{{tool}}", m.tool(), "{{systrap}}", strconv.Quote(m.systrap),
		"{{go}}", m.lib.Go, "{{require}}", require, "{{replace}}", replace)
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return err
	}
	for _, f := range skeletonFiles {
		text, err := skeleton.ReadFile("skeleton/" + f.from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(m.dir, f.to), []byte(fill.Replace(string(text))), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// plainWord says whether neither a shell nor go.mod needs quotes for s.
func plainWord(s string) bool { return s != "" && onlyOf(s, "_./+@%:=-") }

// modWord is a path as it stands in a go.mod file.
func modWord(path string) string {
	if plainWord(path) && !strings.Contains(path, "//") {
		return path
	}
	return fmt.Sprintf("%q", path)
}

// shellWord is s as one word of a command line.
func shellWord(s string) string {
	if plainWord(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// lookUp finds a command as a shell does, links followed.
func lookUp(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// workspace returns the go.work file that the go command takes for a folder, or "".
func workspace(dir string) string {
	if file, ok := os.LookupEnv("GOWORK"); ok && file != "" {
		if file == "off" {
			return ""
		}
		return file
	}
	return upwards(dir, "go.work")
}
