package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"libsystrap/internal/freestanding"
	"libsystrap/internal/testdir"
)

// mode is a way of running a server.
type mode struct {
	name string
	env  []string // added to the environment
	args []string // before the command
	has  string   // a program that it needs
}

func main() {
	seconds := flag.Duration("for", 4*time.Second, "how long each load lasts")
	rounds := flag.Int("rounds", 3, "how often each server is loaded in each mode")
	only := flag.String("only", "", "servers to measure, by comma")
	flag.Parse()
	if err := measure(*seconds, *rounds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "servers:", err)
		os.Exit(1)
	}
}

func measure(load time.Duration, rounds int, only string) error {
	dir, err := testdir.Make("systrap-servers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o777); err != nil { // PostgreSQL runs as another user, and writes its trace here
		return err
	}
	noop := filepath.Join(dir, "noop.so")
	if _, err := freestanding.Build(freestanding.Options{Package: "libsystrap/bench/noop", Output: noop}); err != nil {
		return err
	}
	tracer, err := filepath.Abs("build/trace-syscalls.so")
	if err != nil {
		return err
	}
	out := filepath.Join(dir, "trace.out")
	modes := []mode{
		{name: "native"},
		{name: "no-op tool", env: []string{"LD_PRELOAD=" + noop}},
		{name: "-o FILE", env: []string{"LD_PRELOAD=" + tracer, "SYSTRAP_OPTIONS=-f -o " + out}},
		{name: "-yy -tt -T -o FILE", env: []string{"LD_PRELOAD=" + tracer, "SYSTRAP_OPTIONS=-f -yy -tt -T -o " + out}},
		{name: "strace -f -o FILE", args: []string{"strace", "-f", "-o", out}, has: "strace"},
	}
	fmt.Printf("throughput natively / traced, medians of %d rounds of %v; %d processors\n\n| server, load | natively |", rounds, load, runtime.NumCPU())
	for _, m := range modes[1:] {
		fmt.Printf(" %s |", m.name)
	}
	fmt.Printf("\n| --- | ---: |%s\n", strings.Repeat(" ---: |", len(modes)-1))
	for _, s := range servers {
		if only != "" && !slices.Contains(strings.Split(only, ","), s.name) {
			continue
		}
		if missing := s.missing(); missing != "" {
			fmt.Printf("| %s, %s | skipped: %s is not installed |\n", s.name, s.load, missing)
			continue
		}
		if err := measureServer(s, dir, modes, load, rounds, out); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// measureServer prints the row of s.
func measureServer(s server, dir string, modes []mode, load time.Duration, rounds int, out string) error {
	home := filepath.Join(dir, s.name)
	if err := os.Mkdir(home, 0o777); err != nil {
		return err
	}
	if err := s.prepare(home); err != nil {
		return err
	}
	natively := []float64{}
	ratios := make([][]float64, len(modes))
	for range rounds {
		base := 0.0
		for i, m := range modes {
			if m.has != "" && lookPath(m.has) == "" {
				continue
			}
			rate, err := s.under(m, home, load)
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			if i == 0 {
				base = rate
				natively = append(natively, rate)
			}
			if err := s.wasTraced(m, out); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			ratios[i] = append(ratios[i], base/rate)
		}
	}
	fmt.Printf("| %s, %s | %.0f %s |", s.name, s.load, median(natively), s.unit)
	for _, r := range ratios[1:] {
		if len(r) == 0 {
			fmt.Print(" not installed |")
		} else {
			fmt.Printf(" %.2f |", median(r))
		}
	}
	fmt.Println()
	return nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// wasTraced makes sure that the trace of the server has its calls, and removes it.
func (s *server) wasTraced(m mode, out string) error {
	if !strings.Contains(m.name, "FILE") {
		return nil
	}
	text, err := os.ReadFile(out)
	if err == nil && !strings.Contains(string(text), s.call+"(") {
		err = fmt.Errorf("no %s in the trace of %d bytes", s.call, len(text))
	}
	os.Remove(out)
	return err
}
