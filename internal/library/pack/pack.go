package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"libsystrap/internal/library"
)

// roots are what a tool may import, also one that was copied from an example; all else follows from
// their imports. A pattern that matches nothing is no error.
var roots = []string{"./systrap/...", "./footprint/...", "./tracetool"}

// ways are how the packages may be built, as that decides which files they consist of: as a tool
// (package freestanding), and as go vet, go test and gopls see them.
var ways = []struct{ cgo, tags string }{{"0", "systrap"}, {"0", ""}, {"1", ""}, {"1", "race,msan,asan"}}

// listed is the part of `go list -json` that packing needs.
type listed struct {
	Dir, ImportPath, Name             string
	Standard                          bool
	GoFiles, CgoFiles, SFiles, HFiles []string
	CFiles, EmbedFiles, SysoFiles     []string
	Module                            *struct{ Path, Version, Dir, GoVersion string }
}

// sources returns the sources in the checkout at dir as a zip file. The bytes are the same for
// the same files.
func sources(dir string) ([]byte, error) {
	files := map[string]string{} // name in the zip file → file
	versions := map[string]string{}
	goVersion := ""
	for _, how := range ways {
		pkgs, err := list(dir, how.cgo, how.tags)
		if err != nil {
			return nil, err
		}
		for _, p := range pkgs {
			if p.Standard || p.Name == "main" {
				continue
			}
			if p.Module == nil {
				return nil, fmt.Errorf("%s belongs to no module", p.ImportPath)
			}
			folder := path.Join(p.Module.Path, strings.TrimPrefix(p.ImportPath, p.Module.Path))
			for _, names := range [][]string{p.GoFiles, p.CgoFiles, p.SFiles, p.HFiles, p.CFiles, p.EmbedFiles, p.SysoFiles} {
				for _, name := range names {
					files[path.Join(folder, name)] = filepath.Join(p.Dir, name)
				}
			}
			if p.Module.Path == library.Own {
				goVersion = p.Module.GoVersion
				continue
			}
			versions[p.Module.Path] = p.Module.Version
			for _, pattern := range []string{"go.mod", "LICENSE*", "PATENTS*"} {
				found, _ := filepath.Glob(filepath.Join(p.Module.Dir, pattern))
				for _, f := range found {
					files[path.Join(p.Module.Path, filepath.Base(f))] = f
				}
			}
		}
	}
	contents := map[string][]byte{path.Join(library.Own, "go.mod"): goMod(goVersion, versions)}
	for name, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		contents[name] = text
	}
	return write(contents)
}

// goMod is libsystrap's go.mod with what a tool needs and not what its tests and commands do, which
// `go mod tidy` would look for in the network.
func goMod(version string, versions map[string]string) []byte {
	text := fmt.Appendf(nil, "module %s\n\ngo %s\n", library.Own, version)
	for _, module := range slices.Sorted(maps.Keys(versions)) {
		text = fmt.Appendf(text, "\nrequire %s %s\n", module, versions[module])
	}
	return text
}

// list describes the roots and what they import.
func list(dir, cgo, tags string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-deps", "-tags=" + tags,
		"-json=Dir,ImportPath,Name,Standard,GoFiles,CgoFiles,SFiles,HFiles,CFiles,EmbedFiles,SysoFiles,Module", "--"}, roots...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1", "CGO_ENABLED="+cgo)
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &words)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// write makes a zip file in the order of the names, without times. Its comment is the ID.
func write(contents map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	id := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		fmt.Fprintf(id, "%q %d\n", name, len(contents[name]))
		id.Write(contents[name])
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(contents[name]); err != nil {
			return nil, err
		}
	}
	if err := z.SetComment(fmt.Sprintf("%x", id.Sum(nil)[:8])); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
