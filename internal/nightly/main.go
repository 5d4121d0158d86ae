// Command nightly runs everything there is to run, each part in a box of time, and
// writes what came of it:
//
//	go run ./internal/nightly [-total 78m] [-scale 1] [-only unit,e2e] [-o docs/QUALITY.md]
//
// A part that fails does not stop the others. A part that is not done when its box is
// over is killed, with all that it started, and the report says so. The exit status is
// 0 only if every part that could run has passed. STRACE_SRC, STRACE_BUILD and
// STRACE_SUITE name the trees of conformance (`make conformance`); without them it is
// skipped. Logs are in build/nightly.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// config is the command line.
type config struct {
	total time.Duration // after which no part begins
	scale float64       // of each part's time
	only  []string
	out   string
	logs  string
}

func main() {
	var c config
	var only string
	flag.DurationVar(&c.total, "total", 78*time.Minute, "how long all may take")
	flag.Float64Var(&c.scale, "scale", 1, "factor for each part's time")
	flag.StringVar(&only, "only", "", "parts to run, separated by commas")
	flag.StringVar(&c.out, "o", "docs/QUALITY.md", "the report")
	flag.StringVar(&c.logs, "logs", "build/nightly", "directory for the logs")
	list := flag.Bool("list", false, "print the parts' names and boxes")
	flag.Parse()
	if only != "" {
		c.only = strings.Split(only, ",")
	}
	all := parts(&c)
	if *list {
		for _, p := range all {
			fmt.Printf("%-14s %v\n", p.name, p.box)
		}
		return
	}
	ok, err := nightly(&c, all)
	if err != nil {
		fmt.Fprintln(os.Stderr, "nightly:", err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// nightly runs the parts and writes the report; ok says that none has failed.
func nightly(c *config, all []part) (ok bool, err error) {
	for _, name := range c.only {
		if !slices.ContainsFunc(all, func(p part) bool { return p.name == name }) {
			return false, fmt.Errorf("no part %q", name)
		}
	}
	if err := os.MkdirAll(c.logs, 0o755); err != nil {
		return false, err
	}
	if err := becomeReaper(); err != nil {
		return false, err
	}
	m := describeMachine()
	begin := time.Now()
	var done []result
	for _, p := range all {
		if len(c.only) > 0 && !slices.Contains(c.only, p.name) {
			continue
		}
		fmt.Printf("%-14s ", p.name)
		r := result{part: p}
		left := c.total - time.Since(begin)
		why := ""
		if p.missing != nil {
			why = p.missing()
		}
		switch {
		case why != "":
			r.state, r.why = skipped, why
		case left <= 0:
			r.state, r.why = cut, fmt.Sprintf("not begun: the %v for all parts were over", c.total)
		default:
			r = run(c, p, min(p.box, left))
		}
		fmt.Println(r.line())
		done = append(done, r)
		// Written each time: what is known survives a machine that is turned off.
		if err := writeReport(c, m, done, time.Since(begin)); err != nil {
			return false, err
		}
	}
	return !slices.ContainsFunc(done, func(r result) bool { return r.state == failed || r.state == cut }), nil
}
