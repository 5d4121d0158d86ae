// Package docs keeps the documents in step with the repository: what they link to and name exists, and each decision
// in docs/decisions is told of in its index and in the code where it lives.
package docs

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Tree is the repository's files by path, with the contents of those that are text.
type Tree struct {
	Files map[string]string
	names map[string]bool // of files and folders
	bases map[string]bool // last components of files
}

// Read reads the repository below root; what the build makes is none of it.
func Read(root fs.FS) (*Tree, error) {
	t := &Tree{Files: map[string]string{}}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "build"):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text := ""
		if isText(name) {
			b, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			text = string(b)
		}
		t.Files[name] = text
		return nil
	})
	t.index()
	return t, err
}

// isText says whether a file's contents are looked at.
func isText(name string) bool {
	return path.Base(name) == "Makefile" || slices.Contains([]string{".md", ".go", ".s", ".c", ".cc", ".h", ".py"}, path.Ext(name))
}

// index notes all names.
func (t *Tree) index() {
	t.names, t.bases = map[string]bool{".": true}, map[string]bool{}
	for name := range t.Files {
		t.bases[path.Base(name)] = true
		for ; name != "."; name = path.Dir(name) {
			t.names[name] = true
		}
	}
}

// list returns the paths of the files that ok is true for, in order.
func (t *Tree) list(ok func(string) bool) (names []string) {
	for name := range t.Files {
		if ok(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// exists says whether there is a file or folder at name, which may be a pattern.
func (t *Tree) exists(name string) bool {
	if t.names[name] {
		return true
	}
	for n := range t.names {
		if ok, err := path.Match(name, n); ok && err == nil {
			return true
		}
	}
	return false
}

// Documents returns the paths of all documents.
func (t *Tree) Documents() []string {
	return t.list(func(name string) bool { return path.Ext(name) == ".md" && !strings.Contains(name, "testdata/") })
}

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	pathLike = regexp.MustCompile(`^[\w.*-]+(/[\w.*-]+)*/?$`)
	fence    = regexp.MustCompile("(?ms)^```.*?^```$")
	heading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// CheckLinks returns a line for each relative link of a document, and each name of a file or folder in backticks, that
// leads nowhere. A name with a path counts as one if its first component is a folder of the repository; one without, by
// its ending. A file in a table's row is in one of the folders that the row names.
func (t *Tree) CheckLinks(document string) (lines []string) {
	text := fence.ReplaceAllString(t.Files[document], "")
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		to, anchor, _ := strings.Cut(m[1], "#")
		if strings.Contains(to, ":") {
			continue // another site's
		}
		target := path.Join(path.Dir(document), to)
		if to == "" {
			target = document
		}
		switch {
		case !t.names[target]:
			lines = append(lines, fmt.Sprintf("%s: the link %s leads nowhere", document, m[1]))
		case anchor != "" && !slices.Contains(t.anchors(target), anchor):
			lines = append(lines, fmt.Sprintf("%s: the link %s leads to no heading", document, m[1]))
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") {
			lines = append(lines, t.checkRow(document, line)...)
		}
	}
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		name := m[1]
		if !pathLike.MatchString(name) {
			continue
		}
		name = strings.TrimSuffix(name, "/")
		first, _, deep := strings.Cut(name, "/")
		switch {
		case deep && t.names[first] && !t.exists(name), !deep && strings.HasSuffix(m[1], "/") && !t.names[name],
			!deep && isSource(name) && !strings.Contains(name, "*") && !t.bases[name]:
			lines = append(lines, fmt.Sprintf("%s: there is no %s", document, m[1]))
		}
	}
	return lines
}

// checkRow looks at a table's row that names folders and files: each file is in one of the folders.
func (t *Tree) checkRow(document, row string) (lines []string) {
	var folders, files []string
	for _, m := range quoted.FindAllStringSubmatch(row, -1) {
		_, isFile := t.Files[m[1]]
		switch {
		case t.names[m[1]] && !isFile:
			folders = append(folders, m[1])
		case isSource(m[1]) && path.Base(m[1]) == m[1] && t.bases[m[1]]:
			files = append(files, m[1])
		}
	}
	for _, f := range files {
		in := func(folder string) bool { return t.names[path.Join(folder, f)] }
		if len(folders) > 0 && !slices.ContainsFunc(folders, in) {
			lines = append(lines, fmt.Sprintf("%s: %s is not in %s", document, f, strings.Join(folders, ", ")))
		}
	}
	return lines
}

// isSource says whether a name without a path is one of ours: C files are named that are the kernel's or gdb's.
func isSource(name string) bool {
	return slices.Contains([]string{".go", ".s", ".py"}, path.Ext(name)) && name != path.Ext(name)
}

// anchors returns what links to the headings of a document end with.
func (t *Tree) anchors(document string) (anchors []string) {
	for _, m := range heading.FindAllStringSubmatch(t.Files[document], -1) {
		slug := notSlug.ReplaceAllString(strings.ToLower(m[1]), "")
		anchors = append(anchors, strings.ReplaceAll(slug, " ", "-"))
	}
	return anchors
}
