package freestanding

import (
	"bytes"
	"errors"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Options control [Build].
type Options struct {
	Dir     string // directory of the module, "" for the current one
	Package string // path of the main package, as for go build
	Output  string // file to write
}

// Build compiles, converts and verifies a tool.
func Build(o Options) (*Report, error) {
	pkgs, err := goList(o.Dir, o.Package)
	if err != nil {
		return nil, err
	}
	d, err := scanDirectives(token.NewFileSet(), pkgs)
	if err != nil {
		return nil, err
	}
	if len(d.problems) > 0 {
		return nil, d.problems[0]
	}
	entry, err := d.libraryEntry()
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "systrap-build-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	exe := filepath.Join(tmp, "tool")
	if err := goCompile(o.Dir, o.Package, entry.Symbol, exe); err != nil {
		return nil, err
	}
	im, err := readImage(exe)
	if err != nil {
		return nil, err
	}
	p, err := provisional(im, d, entry)
	if err != nil {
		return nil, err
	}
	out, err := im.convert(p, soname(o.Output))
	if err != nil {
		return nil, err
	}
	return &Report{}, os.WriteFile(o.Output, out, 0o755)
}

// provisional keeps everything: no verification yet.
func provisional(im *image, d *directives, entry *asmFunc) (*plan, error) {
	s, ok := symbolNamed(im.funcs, entry.Symbol)
	if !ok {
		return nil, errors.New("no entry symbol")
	}
	p := &plan{init: s.addr, keepFunc: map[uint64]bool{}, keepSlot: func(uint64) bool { return true }}
	for _, f := range d.funcs {
		if s, ok := symbolNamed(im.funcs, f.Symbol); ok && f.Fatal {
			p.fatal = s.addr
		}
	}
	for _, f := range im.funcs {
		if p.fatal != 0 && isNeverTaken(f.name) && f.size >= 5 {
			p.redirect = append(p.redirect, f)
			continue
		}
		if strings.HasPrefix(f.name, "runtime.text") || strings.HasPrefix(f.name, "runtime.etext") {
			continue
		}
		p.keepFunc[f.addr] = true
		b := im.bytes(f.addr, f.size)
		for off := 0; ; {
			i := bytes.Index(b[off:], gLoad)
			if i < 0 {
				break
			}
			p.gLoads = append(p.gLoads, f.addr+uint64(off+i))
			off += i + len(gLoad)
		}
	}
	return p, nil
}

// Report is what was found.
type Report struct{}
