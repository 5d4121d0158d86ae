package rooms

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestImports compares the imports of the repository with the picture.
func TestImports(t *testing.T) {
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(string(text))
	if err != nil {
		t.Fatalf("ARCHITECTURE.md: %v", err)
	}
	packages := list(t)
	if len(packages) < 20 {
		t.Fatalf("go list knows of %d packages only", len(packages))
	}
	for _, line := range Check(p, packages) {
		t.Errorf("ARCHITECTURE.md: %s", line)
	}
}

// list asks the go command for all packages of the module.
func list(t *testing.T) (packages []Package) {
	touchSources(t)
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Module", "./...")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
			Module                             struct{ Path string }
		}
		if err := d.Decode(&l); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		own := func(paths []string) (dirs []string) {
			for _, path := range paths {
				if dir, ok := strings.CutPrefix(path, l.Module.Path+"/"); ok {
					dirs = append(dirs, dir)
				}
			}
			return dirs
		}
		packages = append(packages, Package{
			Dir:         strings.TrimPrefix(l.ImportPath, l.Module.Path+"/"),
			Imports:     own(l.Imports),
			TestImports: own(append(l.TestImports, l.XTestImports...)),
		})
	}
}

// notSources are folders without sources, in which files come and go: git tidies up in the background.
var notSources = map[string]bool{".git": true, "build": true}

// touchSources looks at each file that go list will read: the go command keeps a test's result until one of the files
// changes that the test itself has looked at.
func touchSources(t *testing.T) {
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && notSources[d.Name()] {
			return fs.SkipDir
		}
		if err == nil && (d.IsDir() || filepath.Ext(name) == ".go") {
			_, err = os.Stat(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

const drawn = "\n```rooms\n" + `tests
    -> helper
# upper floor
top         what is on top
    -> family/..., low
    -> bottom
family/...  several
    -> low
family/odd  with a line of its own
    -> helper
low         below
    -> bottom
bottom      the ground
helper      of tests
` + "\n```\n"

// sound is a repository as it is drawn.
func sound() []Package {
	return []Package{
		{Dir: "top", Imports: []string{"family/a", "low", "bottom"}, TestImports: []string{"top", "helper"}},
		{Dir: "family/a", Imports: []string{"low"}, TestImports: []string{"family/a", "bottom"}},
		{Dir: "family/b", Imports: []string{"low"}},
		{Dir: "family/odd", Imports: []string{"helper"}},
		{Dir: "low", Imports: []string{"bottom"}},
		{Dir: "bottom"},
		{Dir: "helper"},
	}
}

// TestCheckFails shows that each kind of difference is found, and what is said of it.
func TestCheckFails(t *testing.T) {
	add := func(dir string, to ...string) func([]Package) []Package {
		return func(ps []Package) []Package {
			i := slices.IndexFunc(ps, func(p Package) bool { return p.Dir == dir })
			ps[i].Imports = append(ps[i].Imports, to...)
			return ps
		}
	}
	same := func(ps []Package) []Package { return ps }
	for _, c := range []struct {
		name    string
		picture string
		change  func([]Package) []Package
		want    []string
	}{
		{"as drawn", drawn, same, nil},
		{"an import upwards", drawn, add("low", "top"), []string{"low imports top: against the picture"}},
		{"an import that skips", drawn, add("family/b", "bottom"), []string{"family/b imports bottom: against the picture"}},
		{"a sibling", drawn, add("family/b", "family/a"), []string{"family/b imports family/a: against the picture"}},
		{"not what its family may", drawn, add("family/odd", "low"), []string{"family/odd imports low: against the picture"}},
		{"two at once", drawn, add("bottom", "top", "low"), []string{
			"bottom imports top: against the picture", "bottom imports low: against the picture"}},
		{"an unknown package", drawn, func(ps []Package) []Package { return append(ps, Package{Dir: "cellar"}) },
			[]string{"cellar is not in the picture"}},
		{"an import of one", drawn, add("top", "cellar"), []string{"top imports cellar: against the picture"}},
		{"a test upwards", drawn, func(ps []Package) []Package {
			ps[4].TestImports = []string{"top"}
			return ps
		}, []string{"a test of low imports top: against the picture"}},
		{"a helper of tests elsewhere", drawn, add("low", "helper"), []string{"low imports helper: against the picture"}},
		{"a stale room", drawn, func(ps []Package) []Package { return slices.Delete(ps, 3, 4) },
			[]string{"family/odd is drawn, and there is no such package"}},
		{"a stale arrow", drawn, func(ps []Package) []Package {
			ps[0].Imports = ps[0].Imports[:2]
			return ps
		}, []string{"top -> bottom is drawn, and nothing there imports it"}},
		{"a cycle", strings.Replace(drawn, "the ground\n", "the ground\n    -> top\n", 1), add("bottom", "top"),
			[]string{"bottom -> top leads up: a cycle, or top is drawn too high"}},
		{"an arrow to nowhere", strings.Replace(drawn, "-> bottom\nfamily", "-> bottom, attic\nfamily", 1), same,
			[]string{"top -> attic: there is no such room in the picture"}},
		{"itself", strings.Replace(drawn, "the ground\n", "the ground\n    -> bottom\n", 1), same, []string{
			"bottom -> bottom leads to itself", "bottom -> bottom is drawn, and nothing there imports it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse(c.picture)
			if err != nil {
				t.Fatal(err)
			}
			if got := Check(p, c.change(sound())); !slices.Equal(got, c.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestParseFails shows that a picture that is none is not taken for an empty one.
func TestParseFails(t *testing.T) {
	for _, text := range []string{
		"no picture",
		"\n```rooms\na\n",
		"\n```rooms\n    -> a\n```\n",
		"\n```rooms\na  is here\n    or there\n```\n",
		"\n```rooms\na\nb\na\n```\n",
	} {
		if p, err := Parse(text); err == nil {
			t.Errorf("%q is parsed: %v", text, p)
		}
	}
}
