package freestanding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"io"
	"os"
	"os/exec"
	"strings"
)

// goPackage is the part of `go list -json` that the build needs, and what it adds.
type goPackage struct {
	ImportPath string
	Dir        string
	Name       string
	Export     string // file with the compiled package
	Standard   bool
	DepOnly    bool
	GoFiles    []string
	CgoFiles   []string
	SFiles     []string
	ImportMap  map[string]string

	TestGoFiles, IgnoredGoFiles []string // only goDescribe asks for them

	freestanding bool
	files        []*ast.File
	sources      map[string][]byte // instead of the files of these names (chain.go)
}

// linkPath is the prefix of the package's symbols.
func (p *goPackage) linkPath() string {
	if p.Name == "main" {
		return "main"
	}
	return escapeImportPath(p.ImportPath)
}

// escapeImportPath spells an import path as symbol names do: in the last element, dots and a few
// other bytes are percent-encoded (cmd/internal/objabi.PathToPrefix).
func escapeImportPath(path string) string {
	slash := strings.LastIndexByte(path, '/')
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c <= ' ' || c == '.' && i > slash || c == '%' || c == '"' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// goEnv is the environment of every go command: no cgo, the baseline instruction set.
func goEnv() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1")
}

// goFlags are the build flags that change the compiled code, and one that leaves git alone: a library
// has no place for its version, and git fails in folders of another user. They override GOFLAGS.
func goFlags() []string {
	return []string{"-buildmode=pie", "-tags=systrap", "-trimpath=false", "-buildvcs=false"}
}

// goList describes the main package at pattern and everything it depends on, dependencies first.
func goList(dir, pattern string, flags ...string) ([]*goPackage, error) {
	args := append([]string{"list", "-deps", "-export",
		"-json=ImportPath,Dir,Name,Export,Standard,DepOnly,GoFiles,CgoFiles,SFiles,ImportMap"}, append(goFlags(), flags...)...)
	out, err := runGo(dir, append(args, "--", pattern)...)
	if err != nil {
		return nil, err
	}
	var pkgs []*goPackage
	mains := 0
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		p := &goPackage{}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if !p.DepOnly {
			mains++
			if p.Name != "main" {
				return nil, fmt.Errorf("%s: %w", p.ImportPath, ErrNotMain)
			}
		}
		pkgs = append(pkgs, p)
	}
	if mains != 1 {
		return nil, fmt.Errorf("%s names %d packages, want one main package", pattern, mains)
	}
	return pkgs, nil
}

// goCompile links the package at pattern as a position independent executable.
func goCompile(dir, pattern, entry, output string, flags ...string) error {
	args := append([]string{"build"}, append(goFlags(), flags...)...)
	_, err := runGo(dir, append(args, "-ldflags=-E "+entry+" -T "+textStart, "-o", output, "--", pattern)...)
	return err
}

// runGo runs the go command in dir; its own words are the error.
func runGo(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, goEnv()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, ErrNoGo
		}
		if text := goWords(stderr.String()); text != "" {
			return nil, errors.New(text)
		}
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}

// goWords is what the go command says without its headings ("# pkg", "go build pkg:").
func goWords(text string) string {
	var keep []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "go build ") && strings.HasSuffix(line, ":") {
			continue
		}
		keep = append(keep, line)
	}
	return strings.Join(keep, "\n")
}

// textStart puts the image's first byte at address 0, so that the loader
// places the library where it likes. At the linker's default, 0x400000, ld.so
// would ask for that very address, where programs that load others (wine) want
// it free.
// See docs/decisions/link-address-zero.md.
const textStart = "0x1000"
