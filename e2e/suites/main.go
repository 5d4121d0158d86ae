package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// suite is one set of tests.
type suite struct {
	name string
	// needs are the commands without which it is skipped; the first is what must be trapped.
	needs []string
	// run runs all tests, or only those named, and returns how each ended.
	run func(m *mode, only []string) (outcomes, error)
}

// outcomes says in a few words, by name, how tests ended.
type outcomes map[string]string

// suites are all there are, in the order they run.
func suites() []suite {
	all := []suite{redisSuite, nginxSuite, perlSuite}
	for _, m := range pythonModules {
		all = append(all, pythonSuite(m))
	}
	return append(all, stressSuites()...)
}

func main() {
	tools := flag.String("tools", "silent,trace", "tools to run under")
	logs := flag.String("logs", "build/suites", "directory for the logs")
	known := flag.String("known", "e2e/suites/known.txt", "the list of explained differences")
	list := flag.Bool("list", false, "print the suites' names")
	limit := flag.Duration("for", 0, "begin no suite after this time, and another one first each day; 0: run all")
	strict := flag.Bool("strict", false, "fail if a suite is skipped")
	flag.StringVar(&perlTree, "perl", "", "perl's source tree, for t/op; fetched with apt-get source if empty")
	flag.Parse()
	if *list {
		for _, s := range suites() {
			fmt.Println(s.name)
		}
		return
	}
	explained, err := readKnown(*known)
	if err == nil {
		err = runAll(strings.Split(*tools, ","), *logs, explained, flag.Args(), *strict, *limit)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "suites:", err)
		os.Exit(1)
	}
}

// runAll runs the suites whose names start with one of those wanted.
func runAll(tools []string, logs string, explained []knownEntry, wanted []string, strict bool, limit time.Duration) error {
	logs, err := filepath.Abs(logs)
	if err != nil {
		return err
	}
	modes, end, err := prepare(tools, logs)
	if err != nil {
		return err
	}
	defer end()
	failed := 0
	all := suites()
	if limit > 0 {
		all = from(all, time.Now().YearDay())
	}
	begin := time.Now()
	for _, s := range all {
		if !isWanted(s.name, wanted) {
			continue
		}
		if limit > 0 && time.Since(begin) > limit {
			fmt.Printf("%-32s not run: the time is over (-for %v), another day begins with it\n", s.name, limit)
			continue
		}
		if reason := s.missing(); reason != "" {
			fmt.Printf("%-32s SKIP: %s\n", s.name, reason)
			if strict {
				failed++
			}
			continue
		}
		failed += runSuite(&s, modes, explained)
	}
	if failed > 0 {
		return fmt.Errorf("%d failures", failed)
	}
	return nil
}

// from returns all, beginning with another one each day.
func from(all []suite, day int) []suite {
	n := day % len(all)
	return append(all[n:len(all):len(all)], all[:n]...)
}

func isWanted(name string, wanted []string) bool {
	for _, w := range wanted {
		if strings.HasPrefix(name, w) {
			return true
		}
	}
	return len(wanted) == 0
}

// runSuite runs s natively and under each tool, prints what differs and
// returns the number of failures.
func runSuite(s *suite, modes []*mode, explained []knownEntry) int {
	native, err := timed(s, modes[0], nil)
	if errors.Is(err, errSkip) {
		fmt.Printf("%-32s %v\n", s.name, err)
		return 0
	}
	if err != nil {
		fmt.Printf("%-32s native: %v\n", s.name, err)
		return 1
	}
	failed := 0
	for _, m := range modes[1:] {
		if err := m.check(s.needs[0]); err != nil {
			fmt.Printf("%-32s %s: %v\n", s.name, m.name, err)
			failed++
			continue
		}
		trapped, err := timed(s, m, nil)
		if err != nil {
			fmt.Printf("%-32s %s: %v\n", s.name, m.name, err)
			failed++
			continue
		}
		diffs := compareOutcomes(native, trapped)
		diffs, unsteady := again(s, modes[0], m, diffs)
		for _, u := range unsteady {
			fmt.Printf("    unsteady: %s\n", u)
		}
		failed += judge(s.name, m.name, diffs, explained)
	}
	return failed
}

// errSkip marks an error that is a reason to skip a suite.
var errSkip = errors.New("SKIP")

// timed runs s and prints a line about it.
func timed(s *suite, m *mode, only []string) (outcomes, error) {
	start := time.Now()
	got, err := s.run(m, only)
	if err == nil && len(got) == 0 {
		err = fmt.Errorf("no test has run")
	}
	if err == nil {
		fmt.Printf("%-32s %-7s %s in %.0f s\n", s.name, m.name, got.summary(), time.Since(start).Seconds())
	}
	return got, err
}
