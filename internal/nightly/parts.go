package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"libsystrap/internal/testlog"
)

// part is one of the things to run.
type part struct {
	name, what string
	// commands are run one after the other; all of them succeed if the part passes.
	commands [][]string
	env      []string
	// box is how long they may take together.
	box time.Duration
	// missing says why the part cannot be run here, or "".
	missing func() string
	// read finds counts and figures in what the commands printed.
	read func(text string, r *result)
	// counts is set for a part that has run nothing if it counts nothing.
	counts bool
}

// kept is the file in which testrun leaves its summary.
func (p *part) kept(c *config) string { return filepath.Join(c.logs, p.name+".json") }

// trapOfToday is which trap the fixtures have behind the jump door: each on every third day.
func trapOfToday() string { return [...]string{"hlt", "int3", "ud2"}[time.Now().UTC().YearDay()%3] }

// parts are all there are, in the order they run: what takes the most comes last, and
// what measures comes before what fills caches and disks.
func parts(c *config) []part {
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) * c.scale).Round(time.Second) }
	minutes := func(n float64) time.Duration { return scaled(time.Duration(n * float64(time.Minute))) }
	// A package that hangs is ended by go test itself, within the box: it says where.
	goTest := func(name string, box float64, args ...string) []string {
		return append([]string{"go", "run", "./internal/testrun", "-o", filepath.Join(c.logs, name+".json"), "--", "-count=1",
			"-timeout", minutes(box * 0.9).String()}, args...)
	}
	install := func(list string) []string { return []string{"./e2e/install-packages", list} }
	fuzz := func(name, pkg string, more ...string) []string {
		return append([]string{"go", "test", "-run", "^$", "-fuzz", name, "-fuzztime", scaled(30 * time.Second).String()}, append(more, pkg)...)
	}
	all := []part{
		// Not scaled: apt must not be killed in the middle.
		{name: "packages", what: "the Debian packages of all parts", box: 25 * time.Minute, commands: [][]string{
			install("e2e/packages.txt"), install("e2e/suites/packages.txt"), install("e2e/packages-runtimes.txt"), install("instr/testdata/packages.txt")}},
		{name: "build", what: "`make all`", box: minutes(4), commands: [][]string{{"make", "all"}}},
		{name: "lint", what: "gofmt, vet, generated files", box: minutes(4), commands: [][]string{{"make", "lint"}}},
		{name: "golden", what: "stack depths and registers of the tools", box: minutes(2), commands: [][]string{{"make", "golden-check"}}},
		{name: "unit", what: "all tests but those of whole programs", box: minutes(10), counts: true,
			commands: [][]string{{"sh", "-c", strings.Join(goTest("unit", 10, "$(go list ./... | grep -v /e2e)"), " ")}}},
		{name: "e2e", what: "whole programs, native and trapped", box: minutes(15), counts: true,
			commands: [][]string{goTest("e2e", 15, "./e2e/...")}},
		{name: "traps", what: "fixtures with their calls by the jump door, and with ud2, int3 or hlt in the calls' places, one a day", box: minutes(12), counts: true, commands: [][]string{
			goTest("traps", 12, "-run", "TestFixtures", "./e2e")}, env: []string{"E2E_DOOR=jump", "E2E_TRAP=" + trapOfToday()}},
		{name: "environments", what: "fixtures in masked and narrow environments (docs/ENVIRONMENTS.md)", box: minutes(9), counts: true,
			commands: [][]string{{"go", "run", "./e2e/environments", "-o", "docs/ENVIRONMENTS.md"}}, read: readCounts},
		{name: "bench", what: "costs, in ratios", box: minutes(8), read: readBench,
			commands: [][]string{{"go", "test", "-run", "^$", "-bench", ".", "./bench"}}},
		{name: "soak", what: "mixed load, its trace read line by line", box: minutes(7), read: readSoak, counts: true,
			commands: [][]string{{"go", "run", "./e2e/soak", "-for", minutes(5).String()}}},
		{name: "fuzz", what: "decoder, ELF reader, unwinder, half a minute each", box: minutes(4), read: readFuzz, counts: true,
			commands: [][]string{fuzz("FuzzDecode", "./instr"), fuzz("FuzzImage", "./instr", "-fuzzminimizetime", "5x"), fuzz("FuzzFrame", "./systrap/unwind")}},
		{name: "scan-all", what: "instruction boundaries of files under /usr against objdump: as many as fit in 8 minutes, others each day", box: minutes(12),
			env: []string{"INSTR_FULL=" + minutes(8).String()}, read: readVerbose, counts: true,
			commands: [][]string{{"go", "test", "-v", "-count=1", "-timeout", "60m", "-run", "TestObjdump", "./instr"}}},
		{name: "suites", what: "test suites of real programs: as many as fit in 8 minutes, others each day", box: minutes(14), read: readSuites, counts: true,
			commands: [][]string{{"go", "run", "./e2e/suites", "-for", minutes(8).String()}}},
		{name: "runtimes", what: "runtimes with compilers of their own", box: minutes(12), env: []string{"E2E_RUNTIMES=1"}, counts: true,
			commands: [][]string{goTest("runtimes", 12, "-run", "Runtimes", "./e2e")}},
	}
	src, build, suite := os.Getenv("STRACE_SRC"), os.Getenv("STRACE_BUILD"), os.Getenv("STRACE_SUITE")
	report := filepath.Join(c.logs, "CONFORMANCE.md")
	return append(all, part{name: "conformance", what: "strace's own tests", box: minutes(30), read: readConformance, counts: true,
		missing: func() string {
			if src == "" || build == "" || suite == "" {
				return "STRACE_SRC, STRACE_BUILD and STRACE_SUITE do not name strace's trees"
			}
			return ""
		},
		commands: [][]string{{"go", "run", "./internal/conformance", "-src", src, "-build", build, "-runner", suite,
			"-tracer", absolute("build/strace"), "-logs", filepath.Join(c.logs, "conformance"), "-o", report}}})
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// skip notes one that was skipped.
func (r *result) skip(reason, name string) {
	if r.Skips == nil {
		r.Skips = map[string][]string{}
	}
	r.Skipped++
	r.Skips[reason] = append(r.Skips[reason], name)
}

func (r *result) fail(name, output string) {
	r.Failed++
	r.Failures = append(r.Failures, testlog.Failure{Name: name, Output: output})
}

var countsLine = regexp.MustCompile(`(?m)(\d+) passed, (\d+) failed, (\d+) skipped`)

// readCounts reads the last line of that form.
func readCounts(text string, r *result) {
	all := countsLine.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return
	}
	m := all[len(all)-1]
	r.Passed, r.Failed, r.Skipped = number(m[1]), number(m[2]), number(m[3])
	for _, l := range failLine.FindAllStringSubmatch(text, -1) {
		r.Failures = append(r.Failures, testlog.Failure{Name: l[1]})
	}
}

var (
	failLine    = regexp.MustCompile(`(?m)^ *FAIL:? (.*)$`)
	verboseLine = regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): (\S+)`)
	filesLine   = regexp.MustCompile(`(\d+ files, \d+ MB of text), \d+ functions`)
)

// readVerbose reads the output of go test -v.
func readVerbose(text string, r *result) {
	for _, m := range verboseLine.FindAllStringSubmatch(text, -1) {
		switch m[1] {
		case "PASS":
			r.Passed++
		case "FAIL":
			r.fail(m[2], "")
		case "SKIP":
			r.skip("see the log", m[2])
		}
	}
	if m := filesLine.FindStringSubmatch(text); m != nil {
		r.note = m[1]
	}
}

// readBench keeps the table at the end.
func readBench(text string, r *result) {
	if i := strings.LastIndex(text, " processors, load averages"); i >= 0 {
		table := text[strings.LastIndexByte(text[:i], '\n')+1:]
		table, _, _ = strings.Cut(table, "\nPASS\n")
		r.figures = strings.TrimSpace(table)
	} else if r.state == passed {
		r.state, r.why = failed, "no table"
	}
	if strings.Contains(r.figures, "MISSED") {
		r.note = "a bar is missed"
	}
}

var (
	soakRound = regexp.MustCompile(`(?m)^ *\d+ s: \w+, seed \d+: `)
	soakFault = regexp.MustCompile(`(?m)^soak: (round .*)$`)
)

func readSoak(text string, r *result) {
	r.Passed = len(soakRound.FindAllString(text, -1))
	if m := soakFault.FindStringSubmatch(text); m != nil {
		r.fail(m[1], "")
	}
	r.note = fmt.Sprintf("%d rounds", r.Passed+r.Failed)
}

var fuzzRuns = regexp.MustCompile(`(?m)^fuzz: elapsed: .*execs: (\d+)`)

func readFuzz(text string, r *result) {
	execs := 0
	for _, run := range strings.Split(text, "\n$ ") {
		n := 0
		for _, m := range fuzzRuns.FindAllStringSubmatch(run, -1) {
			n = max(n, number(m[1]))
		}
		execs += n
		if name, _, ok := strings.Cut(run, " -fuzztime"); ok {
			name = name[strings.LastIndexByte(name, ' ')+1:]
			if n > 0 && !strings.Contains(run, "\nFAIL") {
				r.Passed++
			} else {
				r.fail(name, "")
			}
		}
	}
	r.note = fmt.Sprintf("%d runs", execs)
}

var (
	suiteLine = regexp.MustCompile(`(?m)^(\S+) +(silent|trace) +(\d+) tests`)
	suiteSkip = regexp.MustCompile(`(?m)^(\S+) +(?:SKIP: |SKIP )?(SKIP: .*|not run: .*|.* is not installed.*)$`)
)

// readSuites counts each test once for each tool, in the suite's first run.
func readSuites(text string, r *result) {
	seen := map[string]bool{}
	for _, m := range suiteLine.FindAllStringSubmatch(text, -1) {
		if key := m[1] + m[2]; !seen[key] {
			seen[key] = true
			r.Passed += number(m[3])
		}
	}
	for _, m := range failLine.FindAllStringSubmatch(text, -1) {
		r.fail(m[1], "")
	}
	r.Passed = max(0, r.Passed-r.Failed)
	for _, m := range suiteSkip.FindAllStringSubmatch(text, -1) {
		r.skip(strings.TrimPrefix(m[2], "SKIP: "), m[1])
	}
	r.note = fmt.Sprintf("%d suites, each under two tools", (len(seen)+1)/2)
}

var conformanceRow = regexp.MustCompile(`(?m)^\| that strace itself passes here \| (\d+) \| (\d+) \|`)

func readConformance(text string, r *result) {
	if m := conformanceRow.FindStringSubmatch(text); m != nil {
		r.Passed = number(m[1])
		r.skip("cannot be attempted inside the process, or are known to differ (tracetool/CONFORMANCE.md)", fmt.Sprintf("%d tests", number(m[2])-r.Passed))
		r.Skipped = number(m[2]) - r.Passed
		r.note = fmt.Sprintf("%s of strace's %s", m[1], m[2])
	}
}
