package rooms

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	commentLine = regexp.MustCompile(`(?m)^//.*$`)
	textLine    = regexp.MustCompile(`(?m)^TEXT ·(\w+)\(SB\)`)
	spanFrom    = regexp.MustCompile(`(?s)LEAQ ·(\w+)\(SB\), AX\n\tMOVQ AX, from\+0\(FP\)\n\tLEAQ ·(\w+)\(SB\), AX\n\tMOVQ AX, to\+8\(FP\)`)
)

// calledByGo returns the functions that Go code calls, as they have its arguments, among those of a file that
// core.AddProgramCode is told to be the program's; spans is how many functions tell it.
func calledByGo(source string) (wrong []string, spans int) {
	source = commentLine.ReplaceAllString(source, "")
	texts := textLine.FindAllStringSubmatchIndex(source, -1)
	name := func(i int) string { return source[texts[i][2]:texts[i][3]] }
	for _, span := range spanFrom.FindAllStringSubmatch(source, -1) {
		spans++
		inside := false
		for i := range texts {
			if name(i) == span[1] {
				inside = true
			}
			if name(i) == span[2] {
				inside = false
			}
			end := len(source)
			if i+1 < len(texts) {
				end = texts[i+1][0]
			}
			if inside && strings.Contains(source[texts[i][0]:end], "(FP)") {
				wrong = append(wrong, name(i))
			}
		}
	}
	return wrong, spans
}

// TestProgramCode: no code of ours lies in what is said to run as the program. A signal there had its handler run on top of our stack.
func TestProgramCode(t *testing.T) {
	const bad = "TEXT ·f(SB), NOSPLIT, $0\n\tRET\nTEXT ·g(SB), NOSPLIT, $0-8\n\tMOVQ AX, ret+0(FP)\n\tRET\n" +
		"TEXT ·span(SB), NOSPLIT, $0-16\n\tLEAQ ·f(SB), AX\n\tMOVQ AX, from+0(FP)\n\tLEAQ ·span(SB), AX\n\tMOVQ AX, to+8(FP)\n\tRET\n"
	if got, n := calledByGo(bad); n != 1 || !slices.Equal(got, []string{"g"}) {
		t.Fatalf("the check finds %q in %d spans, want g in 1", got, n)
	}
	spans := 0
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if e != nil && e.IsDir() && notSources[e.Name()] {
			return fs.SkipDir
		}
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".s") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		wrong, n := calledByGo(string(b))
		spans += n
		if wrong != nil {
			t.Errorf("%s: %q are called by Go code and lie in a span of program code", path, wrong)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if spans < 5 {
		t.Errorf("%d spans found, want those of chost, hooklib and of three commands", spans)
	}
}
