package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// compare runs s natively and trapped and fails for every difference that
// knownDifferences does not explain.
func compare(t *testing.T, s spec) {
	t.Helper()
	compareWith(t, s, silentLib)
}

func compareWith(t *testing.T, s spec, lib string) {
	t.Helper()
	if s.name == "" {
		s.name = t.Name()
	}
	diffs, err := differences(&s, lib)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	known, isKnown := knownDifferences[s.name]
	isKnown = isKnown && !nativeTwice
	switch {
	case isKnown && len(diffs) > 0:
		t.Logf("known difference (%s):\n%s", known.reason, strings.Join(diffs, "\n"))
	case isKnown && !known.sometimes:
		t.Errorf("%s: the known difference is gone (%s): take it out of knownDifferences", s.name, known.reason)
	case len(diffs) > 0:
		t.Errorf("%s: %.200s\n%s", s.name, strings.Join(s.args, " "), strings.Join(diffs, "\n"))
	}
}

// differences runs s natively and with lib preloaded and returns what is not
// equal, and what shows that the second run was not trapped.
func differences(s *spec, lib string) ([]string, error) {
	base := filepath.Join(workRoot, strings.NewReplacer("/", "_", " ", "_").Replace(s.name))
	dir := filepath.Join(base, "w")
	defer os.RemoveAll(base)
	native, err := execute(s, dir, filepath.Join(base, "native"), nil)
	if err != nil {
		return nil, fmt.Errorf("native run: %w", err)
	}
	want := s.status
	if want == "" {
		want = "exit 0"
	}
	if native.status != want {
		return nil, fmt.Errorf("the native run ended with %s, the test says %s; stderr:\n%s%s", native.status, want, native.stderr, native.hung)
	}
	reportPath := filepath.Join(base, "report")
	// Programs that give up their rights must be able to append, too.
	if err := os.WriteFile(reportPath, nil, 0o666); err != nil {
		return nil, err
	}
	if err := os.Chmod(reportPath, 0o666); err != nil {
		return nil, err
	}
	extra := []string{"LD_PRELOAD=" + lib, "SYSTRAP_REPORT=" + reportPath}
	if nativeTwice {
		extra = nil
	}
	trapped, err := execute(s, dir, filepath.Join(base, "trapped"), extra)
	if err != nil {
		return nil, fmt.Errorf("trapped run: %w", err)
	}
	diffs := diffOutcomes(s, native, trapped)
	if !nativeTwice {
		diffs = append(diffs, checkReport(reportPath, s.exes, s.counters)...)
	}
	return diffs, nil
}

var nativeTwice = os.Getenv("E2E_NATIVE_TWICE") != ""

func diffOutcomes(s *spec, native, trapped *outcome) []string {
	var diffs []string
	if trapped.hung != "" {
		diffs = append(diffs, "hangs:\n"+trapped.hung)
	}
	if native.status != trapped.status {
		diffs = append(diffs, fmt.Sprintf("status: %s, natively %s", trapped.status, native.status))
	}
	stderr := trapped.stderr
	if !nativeTwice {
		for _, re := range s.ownLines {
			own := regexp.MustCompile("(?m)^" + re + "\n")
			if !own.MatchString(stderr) {
				diffs = append(diffs, "standard error lacks our line "+re)
			}
			stderr = own.ReplaceAllString(stderr, "")
		}
	}
	norm := s.normalise
	if norm == nil {
		norm = func(text string) string { return text }
	}
	diffs = append(diffs, diffText("stdout", norm(native.stdout), norm(trapped.stdout))...)
	diffs = append(diffs, diffText("stderr", norm(native.stderr), norm(stderr))...)
	diffs = append(diffs, diffFiles(native.files, trapped.files)...)
	if n, t := fmt.Sprint(native.leftovers), fmt.Sprint(trapped.leftovers); n != t {
		diffs = append(diffs, fmt.Sprintf("processes left behind: %s, natively %s", t, n))
	}
	return diffs
}

// diffText shows the first lines that differ.
func diffText(what, native, trapped string) []string {
	if native == trapped {
		return nil
	}
	const most = 8
	n, t := strings.Split(native, "\n"), strings.Split(trapped, "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "%s differs (%d bytes, natively %d):", what, len(trapped), len(native))
	shown := 0
	for i := 0; (i < len(n) || i < len(t)) && shown < most; i++ {
		nl, tl := lineOf(n, i), lineOf(t, i)
		if nl != tl {
			fmt.Fprintf(&b, "\n  line %d: %s\n  native: %s", i+1, tl, nl)
			shown++
		}
	}
	return []string{b.String()}
}

func lineOf(lines []string, i int) string {
	const most = 300
	if i >= len(lines) {
		return "(end)"
	}
	if len(lines[i]) > most {
		return fmt.Sprintf("%q…", lines[i][:most])
	}
	return fmt.Sprintf("%q", lines[i])
}
