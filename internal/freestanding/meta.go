package freestanding

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// metaVersion changes whenever verify could misread the metadata of an older build.
const metaVersion = 1

// metadata is what verify must know besides the code. It is stored as JSON in metaSection.
type metadata struct {
	Version   int                 `json:"version"`
	Go        string              `json:"go"`
	Packages  []string            `json:"packages"`  // freestanding, as symbol prefixes
	Functions []*asmFunc          `json:"functions"` // assembly functions with directives
	Sites     map[string]callSite `json:"sites"`     // by file:line
	Classes   []string            `json:"classes"`   // types of func values
	Values    map[string][]int    `json:"values"`    // link name → classes a value of it can have
	Vars      []exportedVar       `json:"vars,omitempty"`
}

// newMetadata joins what the sources say.
func newMetadata(goVersion string, d *directives, t *funcTypes) *metadata {
	return &metadata{
		Version: metaVersion, Go: goVersion, Packages: d.packages, Functions: d.funcs,
		Vars: d.vars, Sites: t.Sites, Classes: t.Names, Values: t.Functions,
	}
}

// closureName matches the names that the compiler gives to func literals.
var closureName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\.(func)?[0-9]+$`)
})

// resolve adds the func literals of the image to Values and drops what the image does not contain.
func (m *metadata) resolve(im *image, lines *lineTable, literals map[string][]int) {
	values := map[string][]int{}
	for _, f := range im.funcs {
		if !m.isFreestanding(packageOf(f.name)) {
			continue
		}
		if c, ok := m.Values[f.name]; ok {
			values[f.name] = c
		} else if c, ok := literals[lines.decls[f.addr]]; ok && closureName().MatchString(f.name) && !strings.ContainsAny(f.name, "[-") {
			values[f.name] = c
		}
	}
	for name, c := range m.Values {
		if _, ok := symbolNamed(im.funcs, name); ok {
			values[name] = c
		}
	}
	m.Values = values
}

// classesOf returns the types that a func value made of the function can have. Functions of
// packages that are not freestanding have one only if a freestanding package mentions them.
func (m *metadata) classesOf(name string) []int {
	if c, ok := m.Values[strings.TrimSuffix(name, ".abi0")]; ok {
		return c
	}
	if m.isFreestanding(packageOf(name)) {
		return []int{anyClass}
	}
	return nil
}

// matches reports whether a call through one of the types want can reach a function that has the
// types have.
func matches(want, have []int) bool {
	if len(have) == 0 {
		return false
	}
	if slices.Contains(want, anyClass) || slices.Contains(have, anyClass) {
		return true
	}
	return slices.ContainsFunc(have, func(c int) bool { return slices.Contains(want, c) })
}

func (m *metadata) isFreestanding(pkg string) bool { return slices.Contains(m.Packages, pkg) }

// asmFunc returns the directives of the function, nil if it has none.
func (m *metadata) asmFunc(name string) *asmFunc {
	name = strings.TrimSuffix(name, ".abi0")
	for _, f := range m.Functions {
		if f.Symbol == name {
			return f
		}
	}
	return nil
}

// keepSites drops the source lines that no reached call stands on.
func (m *metadata) keepSites(used map[string]bool) {
	maps.DeleteFunc(m.Sites, func(pos string, _ callSite) bool { return !used[pos] })
}

func (m *metadata) encode() ([]byte, error) { return json.Marshal(m) }

// readMetadata finds the metadata of a finished file.
func readMetadata(im *image) (*metadata, error) {
	s := im.section(metaSection)
	if s == nil {
		return nil, ErrNotOurs
	}
	m := &metadata{}
	if err := json.Unmarshal(s.data, m); err != nil {
		return nil, fmt.Errorf("section %s: %w", metaSection, err)
	}
	if m.Version != metaVersion {
		return nil, fmt.Errorf("section %s has version %d, this systrap reads %d: build the tool again", metaSection, m.Version, metaVersion)
	}
	return m, nil
}

// packageOf returns the package prefix of a link name, "" if it has none.
func packageOf(name string) string {
	name = strings.TrimPrefix(name, "type:.eq.")
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 {
		return ""
	}
	return name[:slash+1+dot]
}
