package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"libsystrap/internal/testdir"
)

func main() {
	enter := flag.String("enter", "", "enter this environment and execute the arguments")
	out := flag.String("o", "", "write the list to this file")
	only := flag.String("only", "", "environments to run, separated by commas")
	programs := flag.String("programs", "", "programs to run, separated by commas")
	list := flag.Bool("list", false, "print the environments' names")
	verbose := flag.Bool("v", false, "print what differs as expected, too")
	flag.Parse()
	if *enter != "" {
		fmt.Fprintf(os.Stderr, "environments: %s: %v\n", *enter, enterAndExec(*enter, flag.Args()))
		os.Exit(cannotEnter)
	}
	if *list {
		for _, e := range environments() {
			fmt.Printf("%-32s %s\n", e.name, e.what)
		}
		return
	}
	t, err := try(words(*only), words(*programs), *verbose)
	if err == nil && *out != "" {
		err = t.write(*out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "environments:", err)
		os.Exit(1)
	}
	fmt.Printf("environments: %d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	if t.failed > 0 {
		os.Exit(1)
	}
}

func words(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// trial is what has been tried.
type trial struct {
	mu       sync.Mutex
	self     string // this command
	dir      string
	libs     map[string]string
	programs []program
	skips    []string // programs that cannot be built
	rows     []row
	used     []bool // of expected
	verbose  bool

	passed, failed, skipped int // runs of a program under a tool, and environments skipped
}

// row is an environment's line of the list.
type row struct {
	environment
	skipped  string // why
	runs     int    // under tools
	equal    int
	failures int
	traced   int // runs of the tracer whose log has calls
	notes    []string
}

// tools are the libraries, in the order they are tried.
var tools = []struct{ name, pkg string }{{"silent", "./e2e/silent"}, {"trace", "./cmd/trace-syscalls"}}

// try runs all programs in all environments.
func try(only, wanted []string, verbose bool) (*trial, error) {
	os.Unsetenv("LD_PRELOAD")
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := testdir.Make("systrap-environments-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	t := &trial{dir: dir, libs: map[string]string{}, used: make([]bool, len(expected)), verbose: verbose}
	// Another user must reach all of it, this command, too.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	t.self = filepath.Join(dir, "environments")
	if err := copyFile(self, t.self); err != nil {
		return nil, err
	}
	for _, tool := range tools {
		t.libs[tool.name] = filepath.Join(dir, tool.name+".so")
		cmd := exec.Command("go", "run", "./cmd/systrap", "build", "-o", t.libs[tool.name], tool.pkg)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
		}
	}
	if t.programs, t.skips, err = build(dir, wanted); err != nil {
		return nil, err
	}
	if len(t.programs) == 0 {
		return nil, fmt.Errorf("no program to run: %v", t.skips)
	}
	for _, e := range environments() {
		if chosen(e.name, only) {
			t.environment(e)
		}
	}
	if len(t.rows) == 0 {
		return nil, fmt.Errorf("no environment %v", only)
	}
	if only == nil && wanted == nil {
		t.unused()
	}
	return t, nil
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}

// environment runs all programs in e.
func (t *trial) environment(e environment) {
	r := row{environment: e}
	if e.missing != nil {
		r.skipped = e.missing()
	}
	if r.skipped == "" {
		r.skipped = t.cannotEnter(&e)
	}
	if r.skipped == "" {
		work := make(chan program)
		var wg sync.WaitGroup
		for range max(2, runtime.NumCPU()) {
			wg.Go(func() {
				for p := range work {
					t.program(&r, p)
				}
			})
		}
		for _, p := range t.programs {
			if chosen(p.name, e.only) {
				work <- p
			}
		}
		close(work)
		wg.Wait()
	} else {
		t.skipped++
	}
	if r.skipped != "" {
		fmt.Printf("%-32s SKIP: %s\n", e.name, r.skipped)
	} else {
		fmt.Printf("%-32s %d of %d as natively, %d of %d traced\n", e.name, r.equal, r.runs, r.traced, r.runs/len(tools))
		if r.failures > 0 {
			r.notes = append(r.notes, fmt.Sprintf("%d differences that are not explained", r.failures))
		}
	}
	t.rows = append(t.rows, r)
}

// program runs p natively and under each tool.
func (t *trial) program(r *row, p program) {
	native := t.run(&r.environment, p, "")
	for _, tool := range tools {
		got := t.run(&r.environment, p, tool.name)
		what := native.differs(got)
		if what == "" && tool.name == "trace" && !got.traced && native.began() {
			what = "nothing is in the trace"
		}
		t.judge(r, p, tool.name, what, got)
	}
}

// judge counts a run; what says how it differs.
func (t *trial) judge(r *row, p program, tool, what string, got *outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.runs++
	if tool == "trace" && got.traced {
		r.traced++
	}
	if what == "" {
		r.equal++
		t.passed++
		return
	}
	i := explains(r.name, p.name, tool)
	if i >= 0 {
		t.used[i] = true
		t.passed++
		note := expected[i].reason
		if !slices.Contains(r.notes, note) {
			r.notes = append(r.notes, note)
		}
		if !t.verbose {
			return
		}
		fmt.Printf("  known: %s, %s, %s: %s\n", r.name, p.name, tool, what)
		return
	}
	t.failed++
	// One thing that is wrong is so in all programs.
	if r.failures++; r.failures <= 4 || t.verbose {
		fmt.Printf("  FAIL: %s, %s, %s: %s\n", r.name, p.name, tool, what)
	}
}

// unused fails for expectations that nothing differs by any more.
func (t *trial) unused() {
	for i, e := range expected {
		ran := false
		for _, r := range t.rows {
			ran = ran || r.skipped == "" && (e.environment == "" || e.environment == r.name)
		}
		if !t.used[i] && !e.sometimes && ran {
			t.failed++
			fmt.Printf("  FAIL: %s, %s, %s: is as natively now: take it out of expected.go\n", e.environment, e.program, e.tool)
		}
	}
}
