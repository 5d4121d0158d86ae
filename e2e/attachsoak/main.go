// Command attachsoak attaches systrap trace -p to programs under load, and detaches, many times each: a redis server, an HTTP server in Go
// that collects garbage all the time, one on a JVM, and a program each thread of which waits in another kind of call. No
// request may fail, no call end with EINTR, nothing of ours stay behind, and nothing grow. It prints what it saw of each.
//
//	go run ./e2e/attachsoak -rounds 200 [-only redis,go,jvm,waits]
//
// make attach-soak.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 200, "how often each program is attached to")
	only := flag.String("only", "", "programs, separated by commas")
	flag.Parse()
	failed := false
	for _, p := range programs {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), p.name) {
			continue
		}
		text, err := soak(p, *rounds)
		if err != nil {
			failed = true
			text += "\n  FAILED: " + strings.ReplaceAll(err.Error(), "\n", "\n  ")
		}
		fmt.Printf("%-6s %s\n", p.name, text)
	}
	if failed {
		os.Exit(1)
	}
}

// soak runs a program, and attaches to it so often.
func soak(p program, rounds int) (string, error) {
	if missing := p.missing(); missing != "" {
		return "skipped: " + missing, nil
	}
	dir, err := os.MkdirTemp("", "attachsoak-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if p.make != nil {
		if err := p.make(dir); err != nil {
			return "", err
		}
	}
	if p.ask == nil {
		return soakWaits(p, dir, rounds)
	}
	r, err := start(p, dir)
	if err != nil {
		return "", err
	}
	defer r.stop()
	l := load(p.ask)
	var all attaches
	var before, after state
	for i := range rounds {
		if err = all.round(r.pid(), dir, p.calm); err != nil {
			break
		}
		if i == rounds/10 {
			before = stateOf(r.pid())
		}
	}
	after = stateOf(r.pid())
	made, failures := l.end()
	text := fmt.Sprintf("%s; %d requests, %d failed; %s", &all, made, len(failures), after.since(before))
	switch {
	case err != nil:
	case len(failures) > 0:
		err = failures[0]
	case made == 0:
		err = fmt.Errorf("no request was made")
	default:
		err = after.check(before, p.steady)
	}
	return text, err
}
