package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	verbose := flag.Bool("v", false, "say what differs")
	keep := flag.String("keep", "", "keep the traces in this directory")
	flag.Parse()
	ok, err := runAll(flag.Args(), *verbose, *keep)
	if err != nil {
		fmt.Fprintln(os.Stderr, "wholetext:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// enough is the least coverage, and the least part of equal lines, in percent, where strace itself has it.
const enough = 99.9

// slack is how much less than the floor is not less: the lines that are counted apart are in it.
const slack = 0.1

// loose is the same where no two runs are alike (program.varies).
const loose = 80

// tries is how often a program runs at most: threads and pipes have their own way each time.
const tries = 4

func runAll(names []string, verbose bool, keep string) (ok bool, err error) {
	systrap, err := filepath.Abs("build/strace")
	if err != nil {
		return false, err
	}
	dir := keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "wholetext"); err != nil {
			return false, err
		}
		defer os.RemoveAll(dir)
	}
	ok = true
	sum, alike, all := figures{}, figures{}, map[string]int{}
	byFloor := 0
	for _, p := range programs {
		if len(names) > 0 && !slices.Contains(names, p.name) {
			continue
		}
		if p.needs != "" {
			if _, err := exec.LookPath(p.needs); err != nil {
				fmt.Printf("%-15s SKIP: no %s\n", p.name, p.needs)
				continue
			}
		}
		var f *figures
		floor := [2]float64{100, 100}
		good := false
		for range tries {
			var logs [3]map[string][]line
			for i, tracer := range [...]string{"strace", systrap, "strace"} {
				text, err := p.run(dir, tracer, i)
				if err != nil {
					return false, fmt.Errorf("%s under %s: %w", p.name, tracer, err)
				}
				logs[i] = threads(text)
			}
			f = compare(logs[0], logs[1])
			again := compare(logs[0], logs[2])
			if p.varies == "threads-race" {
				f.move()
				again.move()
			}
			floor[0], floor[1] = min(floor[0], again.coverage()), min(floor[1], again.fidelity())
			good = f.coverage() >= min(enough, floor[0]-slack) && f.fidelity() >= min(enough, floor[1]-slack)
			if p.varies != "" {
				good = good || f.coverage() >= loose && f.fidelity() >= loose
			}
			if good {
				break
			}
		}
		mark := ""
		switch {
		case !good:
			mark, ok = "  FAILS", false
		case f.coverage() < enough || f.fidelity() < enough:
			if mark = "  by the floor"; p.varies != "" {
				mark = "  " + p.varies
			}
			byFloor++
		}
		fmt.Printf("%-15s %6d lines, coverage %6.2f %%, %d extra, %d by another thread, equal %6.2f %%, %d ignored signals, floor %6.2f %% %6.2f %%%s\n", p.name, f.lines, f.coverage(), f.extra, f.moved, f.fidelity(), f.ignored, floor[0], floor[1], mark)
		if verbose || !good {
			fmt.Println(strings.Join(f.examples, "\n"))
		}
		sum.add(f)
		if p.varies == "" {
			alike.add(f)
		}
		for what, counts := range map[string]map[string]int{"missing": f.missing, "extra": f.more, "differs": f.other} {
			for name, n := range counts {
				all[what+" "+name] += n
			}
		}
	}
	fmt.Printf("%d lines, coverage %.2f %%, %d extra, %d by another thread, equal %.2f %%, %d ignored signals; %d programs vary\n", sum.lines, sum.coverage(), sum.extra, sum.moved, sum.fidelity(), sum.ignored, byFloor)
	fmt.Printf("of these %d lines of programs without threads, pipes or clocks that race: coverage %.2f %%, %d extra, equal %.2f %%\n", alike.lines, alike.coverage(), alike.extra, alike.fidelity())
	for _, what := range slices.Sorted(maps.Keys(all)) {
		if all[what] != 0 {
			fmt.Printf("  %s: %d\n", what, all[what])
		}
	}
	return ok, nil
}

// run runs p under a tracer and returns the trace.
func (p *program) run(dir, tracer string, turn int) (string, error) {
	work := filepath.Join(dir, "w") // one name for all
	log := filepath.Join(dir, p.name+"."+strconv.Itoa(turn))
	os.RemoveAll(work)
	os.Remove(log)
	if err := os.Mkdir(work, 0o755); err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if p.setup != "" {
		if out, err := p.bash(work, p.setup).CombinedOutput(); err != nil {
			return "", fmt.Errorf("setup: %w\n%s", err, out)
		}
	}
	defer p.endServer(dir)
	cmd := exec.Command("timeout", "120", "setarch", "-R", tracer, "-f", "-o", log, "bash", "-c", p.command)
	cmd.Dir, cmd.Env = work, environment
	if err := cmd.Start(); err != nil {
		return "", err
	}
	if p.beside != "" {
		p.bash(work, p.beside).Run()
	}
	err := cmd.Wait()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		return "", err
	}
	text, err := os.ReadFile(log)
	if len(text) == 0 && err == nil {
		err = fmt.Errorf("no trace")
	}
	return string(text), err
}

var environment = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC0", "HOME=/nonexistent", "PYTHONHASHSEED=0", "PERL_HASH_SEED=0", "GIT_CONFIG_GLOBAL=/dev/null"}

func (p *program) bash(work, script string) *exec.Cmd {
	cmd := exec.Command("timeout", "60", "bash", "-c", script)
	cmd.Dir, cmd.Env = work, environment
	return cmd
}

// endServer ends what setup has left running.
func (p *program) endServer(dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "http.pid"))
	if err != nil {
		return
	}
	os.Remove(filepath.Join(dir, "http.pid"))
	if pid, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
		syscall.Kill(pid, syscall.SIGTERM)
	}
}
