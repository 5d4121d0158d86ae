package freestanding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
)

// A library of several tools is built from a main package of ours that calls the main function of
// each. A main package cannot be imported, so the go command is shown (-overlay) what it would find if
// each were an ordinary package with one exported function more. Nothing is written but to a temporary
// folder, and positions stay those of the tools' own files.
// See docs/decisions/tools-in-one-library.md.

// MaxTools is how many tools a library can hold (systrap/chain.go).
const MaxTools = 4

const (
	chainName = "systrapchain" // the last element of the main package's import path
	toolName  = "tool"         // what the tools' packages are called in place of main
	toolMain  = "SystrapMain"  // the function that calls a tool's main
)

// chain is what was made up for one build.
type chain struct {
	dir     string                       // temporary folder, "" if there is one tool
	sources map[string]map[string][]byte // import path → file → contents
}

// newChain changes o to build the package of all its tools, if there are several.
func newChain(o *Options) (*chain, error) {
	c := &chain{}
	if len(o.More) == 0 {
		return c, nil
	}
	patterns := append([]string{o.Package}, o.More...)
	if len(patterns) > MaxTools {
		return nil, fmt.Errorf("a library can hold %d tools, not %d", MaxTools, len(patterns))
	}
	var tools []*goPackage
	var errs []error
	for _, pattern := range patterns {
		p, err := goDescribe(o.Dir, pattern)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, other := range tools {
			if other.ImportPath == p.ImportPath {
				errs = append(errs, fmt.Errorf("%s is named twice", p.ImportPath))
			}
		}
		tools = append(tools, p)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "systrap-chain-"); err != nil {
		return nil, err
	}
	if err := c.write(o, tools); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

// goDescribe describes the main package at pattern alone.
func goDescribe(dir, pattern string) (*goPackage, error) {
	args := append([]string{"list", "-json=ImportPath,Dir,Name,GoFiles,TestGoFiles,IgnoredGoFiles"}, goFlags()...)
	out, err := runGo(dir, append(args, "--", pattern)...)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	p := &goPackage{}
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	if err := dec.Decode(&goPackage{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s names several packages, want one main package", pattern)
	}
	if p.Name != "main" {
		return nil, fmt.Errorf("%s: %w", p.ImportPath, ErrNotMain)
	}
	return p, nil
}

// write makes the files that the go command is to see.
func (c *chain) write(o *Options, tools []*goPackage) error {
	c.sources = map[string]map[string][]byte{}
	replace := map[string]string{}
	put := func(path string, text []byte) error {
		real := filepath.Join(c.dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(path)))
		replace[path] = real
		return os.WriteFile(real, text, 0o644)
	}
	var imports, calls bytes.Buffer
	for i, p := range tools {
		sources := map[string][]byte{}
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			text, err := renamed(path)
			if err != nil {
				return err
			}
			sources[path] = text
		}
		for _, name := range append(p.TestGoFiles, p.IgnoredGoFiles...) {
			replace[filepath.Join(p.Dir, name)] = "" // their package clause would be another one
		}
		extra := filepath.Join(p.Dir, "zsystrap_"+chainName+".go")
		sources[extra] = fmt.Appendf(nil, "package %s\n\nfunc %s() { main() }\n", toolName, toolMain)
		for path, text := range sources {
			if err := put(path, text); err != nil {
				return err
			}
		}
		c.sources[p.ImportPath] = sources
		fmt.Fprintf(&imports, "import t%d %q\n", i, p.ImportPath)
		fmt.Fprintf(&calls, "\tt%d.%s()\n", i, toolMain)
	}
	// Beside the first tool, so that it may be an internal package.
	main := fmt.Appendf(nil, "package main\n\n%s\nfunc main() {\n%s}\n", &imports, &calls)
	if err := put(filepath.Join(tools[0].Dir, chainName, "main.go"), main); err != nil {
		return err
	}
	c.sources[tools[0].ImportPath+"/"+chainName] = map[string][]byte{filepath.Join(tools[0].Dir, chainName, "main.go"): main}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	file := filepath.Join(c.dir, "overlay.json")
	o.Package, o.flags = tools[0].ImportPath+"/"+chainName, []string{"-overlay=" + file}
	return os.WriteFile(file, overlay, 0o644)
}

// renamed returns a source file with its package clause changed from main.
func renamed(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, text, parser.PackageClauseOnly)
	if err != nil {
		return nil, err
	}
	at := fset.Position(file.Name.Pos()).Offset
	return append(append(append([]byte{}, text[:at]...), toolName...), text[at+len(file.Name.Name):]...), nil
}

// mark gives the listed packages the sources that were made up for them.
func (c *chain) mark(pkgs []*goPackage) {
	for _, p := range pkgs {
		p.sources = c.sources[p.ImportPath]
	}
}

// remove removes what was written.
func (c *chain) remove() {
	if c.dir != "" {
		os.RemoveAll(c.dir)
	}
}
