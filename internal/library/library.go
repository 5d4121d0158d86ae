// Package library holds the sources of libsystrap in the command line, so that a module
// anywhere on the machine can be built with the library that its `systrap` came with,
// without a network: `systrap new` unpacks them into the user's cache and has go.mod's replace
// lines lead there.
//
// What is in them is what `go list -deps` says of the packages that a tool may import
// (internal/library/pack), own ones and golang.org/x/sys/unix. No list of folders is kept anywhere.
// See docs/decisions/sources-in-the-command.md.
package library

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed sources
var embedded embed.FS

// ErrNone is the error of a command line that was built without the sources.
var ErrNone = errors.New("this systrap has no sources of the library in it, as a plain `go build` made it; `make all` in libsystrap's repository makes one that has")

// Sources are the modules that a tool is built from.
type Sources struct {
	ID      string   // names the contents: the same for the same files
	Go      string   // the version in libsystrap's go.mod
	Modules []Module // libsystrap itself and what it requires, sorted by path
	zip     *zip.Reader
}

// Module is one module of the sources, in the folder of its path.
type Module struct {
	Path, Version string
}

// Own is the module path of libsystrap.
const Own = "libsystrap"

// Open returns the sources in the command line, or [ErrNone].
func Open() (*Sources, error) {
	data, err := embedded.ReadFile("sources/library.zip")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	return read(data)
}

// read makes Sources of a file that pack made.
func read(data []byte) (*Sources, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("the sources in systrap: %w", err)
	}
	s := &Sources{ID: z.Comment, zip: z}
	mod, err := fs.ReadFile(z, path.Join(Own, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("the sources in systrap: %w", err)
	}
	s.Modules = []Module{{Own, "v0.0.0"}}
	for line := range strings.Lines(string(mod)) { // as pack writes them
		switch words := strings.Fields(line); {
		case len(words) == 2 && words[0] == "go":
			s.Go = words[1]
		case len(words) == 3 && words[0] == "require":
			s.Modules = append(s.Modules, Module{words[1], words[2]})
		}
	}
	slices.SortFunc(s.Modules, func(a, b Module) int { return strings.Compare(a.Path, b.Path) })
	return s, nil
}
