package docs

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// repository reads the files that there are.
func repository(t *testing.T) *Tree {
	tree, err := Read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestLinks(t *testing.T) {
	tree := repository(t)
	documents := tree.Documents()
	for _, must := range []string{"README.md", "ARCHITECTURE.md", index} {
		if !slices.Contains(documents, must) {
			t.Errorf("%s is not among the documents", must)
		}
	}
	for _, d := range documents {
		for _, line := range tree.CheckLinks(d) {
			t.Error(line)
		}
	}
}

func TestDecisions(t *testing.T) {
	for _, line := range repository(t).CheckDecisions() {
		t.Error(line)
	}
}

// fake is a repository of these files.
func fake(files map[string]string) *Tree {
	tree := &Tree{Files: files}
	tree.index()
	return tree
}

// TestLinksFail shows what is found, and what is let pass.
func TestLinksFail(t *testing.T) {
	tree := fake(map[string]string{
		"README.md": "# Top, and `more`\n[a](core/a.go) [b](docs/B.md#limits-of-it) [c](#top-and-more) [d](https://x.org/y)\n" +
			"`core/a.go` `core` `core/` `a.go` `core/*.go` `kernel/signal.c` `signal.c` `z*.go` `core.Run` `-f/x`\n" +
			"```\n[no](link) `core/none`\n```\n" +
			"| a row | `core`, `log` | `a.go`, `b.go`, `*.go`, `core/a.go` |\n| without folders | `a.go` |\n",
		"docs/B.md": "## Limits of it\n[up](../core/gone.go) [here](B.md#none) [self](#neither)\n" +
			"`core/gone.go` `gone.go` `core/*.s` `cellar/`\n" +
			"| a row | `core` | `a.go`, `b.go` |\n",
		"core/a.go": "",
		"log/b.go":  "",
	})
	if got := tree.CheckLinks("README.md"); len(got) != 0 {
		t.Errorf("found where nothing is wrong: %s", strings.Join(got, "; "))
	}
	want := []string{
		"docs/B.md: the link ../core/gone.go leads nowhere",
		"docs/B.md: the link B.md#none leads to no heading",
		"docs/B.md: the link #neither leads to no heading",
		"docs/B.md: b.go is not in core",
		"docs/B.md: there is no core/gone.go",
		"docs/B.md: there is no gone.go",
		"docs/B.md: there is no core/*.s",
		"docs/B.md: there is no cellar/",
	}
	if got := tree.CheckLinks("docs/B.md"); !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDecisionsFail shows that each thing that a decision can lack is missed.
func TestDecisionsFail(t *testing.T) {
	body := "\n\n**Rejected.** That.\n" + strings.Repeat("more\n", leastLines)
	tree := fake(map[string]string{
		index:                     "# Decisions\n\n- [good](good.md): One is good\n- [short](short.md): Another title\n",
		decisions + "/good.md":    "# One is good" + body,
		decisions + "/short.md":   "# Short",
		decisions + "/missed.md":  "# This is missed" + body,
		"core/a.go":               "// See docs/decisions/good.md.\n// See docs/decisions/gone.md.\n// See docs/decisions/short.md.\n",
		"docs/text.md":            "docs/decisions/missed.md",
		"internal/docs/x_test.go": "docs/decisions/missed.md",
	})
	want := []string{
		"core/a.go: there is no docs/decisions/gone.md",
		"docs/decisions/missed.md: no source file names it",
		"docs/decisions/README.md lacks the line: - [missed](missed.md): This is missed",
		"docs/decisions/README.md lacks the line: - [short](short.md): Short",
		"docs/decisions/short.md does not say what was rejected",
		"docs/decisions/short.md has 0 lines, not 8 to 40",
		"docs/decisions/short.md: its first line is no title",
	}
	got := tree.CheckDecisions()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
