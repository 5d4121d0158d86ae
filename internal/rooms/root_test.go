package rooms

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// atRoot are the files that the repository has outside of its folders.
var atRoot = []string{".gitignore", "ARCHITECTURE.md", "Makefile", "README.md", "go.mod", "go.sum"}

// strays returns those of the files that belong to no room: at the root, or a core.
func strays(files []string) (out []string) {
	for _, f := range files {
		if !strings.Contains(f, "/") && !slices.Contains(atRoot, f) || path.Base(f) == "core" {
			out = append(out, f)
		}
	}
	return out
}

// TestStrays: what a command has left behind is not committed.
func TestStrays(t *testing.T) {
	if got := strays([]string{"o.c", "e2e/core", "README.md", "internal/core/x.go"}); !slices.Equal(got, []string{"o.c", "e2e/core"}) {
		t.Fatalf("the check finds %q", got)
	}
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Skip("not a checkout, or no git: ", err)
	}
	files := strings.Fields(string(out))
	if !slices.Contains(files, "README.md") {
		t.Fatalf("git lists %d files, without README.md", len(files))
	}
	if got := strays(files); got != nil {
		t.Errorf("not of this repository: %q", got)
	}
}
