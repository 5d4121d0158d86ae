package docs

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Where the decisions are, and their index.
const (
	decisions = "docs/decisions"
	index     = decisions + "/README.md"
)

// Bounds of a decision's length in lines.
const (
	leastLines = 8
	mostLines  = 40
)

var named = regexp.MustCompile(regexp.QuoteMeta(decisions) + `/([\w-]+\.md)`)

// CheckDecisions returns a line for each decision that lacks something, and for each name of one that does not exist.
func (t *Tree) CheckDecisions() (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	known := map[string]bool{}
	for _, name := range t.list(isCode) {
		for _, m := range named.FindAllStringSubmatch(t.Files[name], -1) {
			file := path.Join(decisions, m[1])
			known[file] = true
			if !t.names[file] {
				say("%s: there is no %s", name, file)
			}
		}
	}
	for _, name := range t.list(func(name string) bool { return path.Dir(name) == decisions && name != index }) {
		text, base := t.Files[name], path.Base(name)
		title, _, _ := strings.Cut(text, "\n")
		title, ok := strings.CutPrefix(title, "# ")
		if !ok || !strings.Contains(title, " ") {
			say("%s: its first line is no title", name)
		}
		if !strings.Contains(text, "\n**Rejected.**") {
			say("%s does not say what was rejected", name)
		}
		if n := strings.Count(text, "\n"); n < leastLines || n > mostLines {
			say("%s has %d lines, not %d to %d", name, n, leastLines, mostLines)
		}
		entry := fmt.Sprintf("\n- [%s](%s): %s\n", strings.TrimSuffix(base, ".md"), base, title)
		if strings.Count(t.Files[index], entry) != 1 {
			say("%s lacks the line:%s", index, strings.TrimSuffix(strings.Replace(entry, "\n", " ", 1), "\n"))
		}
		if !known[name] {
			say("%s: no source file names it", name)
		}
	}
	return lines
}

// isCode says whether a decision is looked for in a file; this package's own are about all of them.
func isCode(name string) bool {
	return isText(name) && path.Ext(name) != ".md" && path.Dir(name) != "internal/docs"
}
