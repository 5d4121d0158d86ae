package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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
	s = s.asAllAre()
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
	if err := writableByAll(reportPath); err != nil {
		return nil, err
	}
	extra := []string{"LD_PRELOAD=" + lib, "SYSTRAP_REPORT=" + reportPath}
	traceLog := filepath.Join(base, "trace")
	if s.trace {
		if err := writableByAll(traceLog); err != nil {
			return nil, err
		}
		extra = append(extra, "SYSTRAP_OPTIONS=-v -yy -k -tt -T -s 100 -e inject=getcpu:delay_exit=1 -o "+traceLog)
	}
	run := *s
	if s.launched {
		tracer, err := ourStrace()
		if err != nil {
			return nil, err
		}
		if err := writableByAll(traceLog); err != nil {
			return nil, err
		}
		extra = []string{"SYSTRAP_REPORT=" + reportPath}
		run.args = append([]string{tracer, "-f", "-tt", "-o", traceLog, "--"}, s.args...)
		if !s.injected {
			run.args = slices.Insert(run.args, 1, "--preload")
		}
	}
	if s.rewritten {
		if err := rewriteInPlace(s.args[0], lib); err != nil {
			return nil, err
		}
		extra = []string{"SYSTRAP_REPORT=" + reportPath}
	}
	if nativeTwice {
		extra, run = nil, *s
	}
	trap := trapAsked(s.env)
	if slices.Contains(s.env, "SYSTRAP_DISCOVER=only") {
		trap = "" // nothing is patched
	}
	trapped, err := execute(&run, dir, filepath.Join(base, "trapped"), extra)
	if err != nil {
		return nil, fmt.Errorf("trapped run: %w", err)
	}
	diffs := diffOutcomes(s, native, trapped)
	if !nativeTwice {
		diffs = append(diffs, checkReport(reportPath, s.exes, s.counters, trap)...)
		if s.trace || s.launched {
			diffs = append(diffs, checkTrace(traceLog, s.ownLines)...)
		}
		if s.injected {
			diffs = append(diffs, checkInjected(traceLog)...)
		}
	}
	if len(diffs) > 0 && (s.trace || s.launched) {
		diffs = append(diffs, traceTail(traceLog)...)
	}
	return diffs, nil
}

// allTraps is the kind of trap that every test's sites have, allDoors the door that its calls come by, if
// they are set: `make traps`, `make doors`.
var allTraps, allDoors = os.Getenv("E2E_TRAP"), os.Getenv("E2E_DOOR")

// asAllAre is s with the trap and the door of all tests, where it does not ask for others.
func (s *spec) asAllAre() *spec {
	with := *s
	if allTraps != "" && trapAsked(s.env) == "" {
		with.env = append(slices.Clone(with.env), "SYSTRAP_TRAP="+allTraps)
	}
	if allDoors != "" && doorAsked(s.env) == "" {
		with.env = append(searchedAtOnce(slices.Clone(with.env)), "SYSTRAP_DOOR="+allDoors)
	}
	return &with
}

// trapAsked and doorAsked return what an environment asks for, "" for nothing.
func trapAsked(env []string) string { return lastValue(env, "SYSTRAP_TRAP=") }
func doorAsked(env []string) string { return lastValue(env, "SYSTRAP_DOOR=") }

// lastValue returns what follows prefix in the last string of env that has it.
func lastValue(env []string, prefix string) (value string) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, prefix); ok {
			value = v
		}
	}
	return value
}

// writableByAll makes an empty file that programs that give up their rights can
// append to, too.
func writableByAll(name string) error {
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		return err
	}
	return os.Chmod(name, 0o666)
}

// traceLine is any line of a trace with -k and -tt, also of trace-sysfoot's (E2E_TRACE).
var traceLine = regexp.MustCompile(`^(\d+ +\d\d:\d\d:\d\d\.\d{6} ([a-z_][a-z0-9_]*\(|<\.\.\. |--- |\+\+\+ |~~~ )| > | ~ )`)

// takeOwn takes the lines that match re out of text, of which there must be one.
func takeOwn(text, re string, diffs []string) (string, []string) {
	own := regexp.MustCompile("(?m)^" + re + "\n")
	if !own.MatchString(text) {
		diffs = append(diffs, "there is no line of ours like "+re)
	}
	return own.ReplaceAllString(text, ""), diffs
}

// checkInjected says whether a trace lacks the call that every program makes for its thread-local storage, before ld.so
// loads libraries: it has not been there from the beginning.
func checkInjected(name string) []string {
	if b, err := os.ReadFile(name); err == nil && !strings.Contains(string(b), "arch_prctl(ARCH_SET_FS") {
		return []string{"not injected: the trace does not begin with the program"}
	}
	return nil
}

// checkTrace says what is wrong with a trace: it is empty, a line of it is torn, or
// one of our own lines is not there. One that somebody still writes (a daemon) is looked at again.
func checkTrace(name string, ownLines []string) (diffs []string) {
	begun := time.Now()
	for diffs = checkText(name, ownLines); diffs != nil && isOpen(name) && time.Since(begun) < defaultPatience; {
		time.Sleep(20 * time.Millisecond)
	}
	if diffs != nil {
		diffs = checkText(name, ownLines)
	}
	return diffs
}

// isOpen says whether a process has the file open.
func isOpen(name string) bool {
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	return slices.ContainsFunc(links, func(link string) bool {
		to, err := os.Readlink(link)
		return err == nil && to == name
	})
}

// checkText is checkTrace of what is there now.
func checkText(name string, ownLines []string) (diffs []string) {
	b, err := os.ReadFile(name)
	if err != nil {
		return []string{err.Error()}
	}
	text := strings.TrimRight(string(b), "\x00") // the last process may have been killed
	if !strings.Contains(text, "(") {
		return []string{"the trace has no calls"}
	}
	for _, re := range ownLines {
		text, diffs = takeOwn(text, strings.Replace(re, "silent: ", "(trace-syscalls|strace): ", 1), diffs)
	}
	for line := range strings.Lines(text) {
		if !traceLine.MatchString(line) || !strings.HasSuffix(line, "\n") {
			return append(diffs, fmt.Sprintf("torn line in the trace: %.200q", line))
		}
	}
	return diffs
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
			if s.trace || s.launched {
				break // they are in the trace
			}
			stderr, diffs = takeOwn(stderr, re, diffs)
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
