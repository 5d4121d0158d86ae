// Command jumpstress runs checked calls under fast timers for a long time (../testdata/jump/stress.c): natively, with traps alone, and through the jump
// door; and calls of threads while their jumps are being undone (../testdata/door_flips.c). It prints the counts of each, and fails if
// anything was wrong, or if the calls did not come by the door.
//
//	go run ./e2e/jumpstress -for 10m
//
// make jump-stress.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// way is one way in which the program runs.
type way struct {
	name, tool string // the tool's package, "" natively
	env        []string
	jumps      bool
}

var ways = []way{
	{name: "native"},
	{name: "trap", tool: "./e2e/silent", env: []string{"SYSTRAP_DOOR=trap"}},
	{name: "jump", tool: "./e2e/silent", env: []string{"SYSTRAP_DOOR=jump"}, jumps: true},
	{name: "jump, no hooks", tool: "./bench/noop", env: []string{"SYSTRAP_DOOR=jump"}, jumps: true},
	{name: "jump, int3", tool: "./e2e/silent", env: []string{"SYSTRAP_DOOR=jump", "SYSTRAP_TRAP=int3"}, jumps: true},
	{name: "jump, traced", tool: "./cmd/trace-syscalls", env: []string{"SYSTRAP_DOOR=jump", "SYSTRAP_OPTIONS=-f -o /dev/null"}, jumps: true},
}

func main() {
	total := flag.Duration("for", 10*time.Minute, "time for all ways together")
	flag.Parse()
	if err := run(*total); err != nil {
		fmt.Fprintln(os.Stderr, "jumpstress:", err)
		os.Exit(1)
	}
}

func run(total time.Duration) error {
	dir, err := os.MkdirTemp("", "systrap-jumpstress-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "stress")
	for _, args := range [][]string{
		{"gcc", "-O1", "-g", "-pthread", "-D_GNU_SOURCE", "-fPIC", "-shared", "-fvisibility=hidden", "-o", filepath.Join(dir, "libstress.so"), "e2e/testdata/jump/stress.c"},
		{"gcc", "-o", bin, "e2e/testdata/jump/main.c", "-L" + dir, "-lstress", "-Wl,-rpath," + dir},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", args, err, out)
		}
	}
	flips := filepath.Join(dir, "flips")
	for _, args := range [][]string{
		{"gcc", "-O1", "-fPIC", "-shared", "-o", filepath.Join(dir, "libdoors.so"), "e2e/testdata/lib/doors.c"},
		{"gcc", "-O1", "-pthread", "-D_GNU_SOURCE", "-Ie2e/testdata", "-o", flips, "e2e/testdata/door_flips.c", "-ldl"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", args, err, out)
		}
	}
	var failed error
	for i, w := range ways {
		err := w.run(filepath.Join(dir, strconv.Itoa(i)), bin, total/time.Duration(len(ways)+1))
		if err == nil && w.jumps {
			err = w.flip(filepath.Join(dir, strconv.Itoa(i)), flips, total/time.Duration(len(ways)+1)/4)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", w.name, err))
		}
	}
	return failed
}

// flip has jumps undone under running threads for a time, with the tool that run has built in dir.
func (w *way) flip(dir, bin string, d time.Duration) error {
	const rounds = 500
	want := fmt.Sprintf("wrong 0, %d flips, own bytes %d of %d\n", 4*rounds+(rounds+1)/3, 2*rounds, 2*rounds)
	times := 0
	for end := time.Now().Add(d); time.Now().Before(end) || times == 0; times++ {
		cmd := exec.Command(bin, filepath.Join(filepath.Dir(dir), "libdoors.so"), strconv.Itoa(rounds))
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), w.env...), "LD_PRELOAD="+filepath.Join(dir, "stresstool.so"))
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != want {
			return fmt.Errorf("unpatching: %v: %q, want %q", err, out, want)
		}
	}
	fmt.Printf("%-16s %d times a page's jumps undone while threads ran through them\n", w.name, times*2*rounds)
	return nil
}

// run runs the program for a time in dir, and prints what it says.
func (w *way) run(dir, bin string, d time.Duration) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	cmd := exec.Command(bin, strconv.Itoa(max(1, int(d.Seconds()))))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), w.env...)
	report := filepath.Join(dir, "report")
	if w.tool != "" {
		lib := filepath.Join(dir, "stresstool.so")
		if out, err := exec.Command("go", "run", "./cmd/systrap", "build", "-o", lib, w.tool).CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		cmd.Env = append(cmd.Env, "LD_PRELOAD="+lib, "SYSTRAP_DISCOVER=1", "SYSTRAP_REPORT="+report, "STRESS_TOOL=/stresstool.so")
	}
	out, err := cmd.CombinedOutput()
	fmt.Printf("%-16s %s", w.name, out)
	if err != nil {
		return err
	}
	m := regexp.MustCompile(`calls (\d+) `).FindSubmatch(out)
	if m == nil {
		return errors.New("it does not say how many calls it has made")
	}
	calls, _ := strconv.Atoi(string(m[1]))
	if jumped, err := readJumped(report); w.tool != "" && (err != nil || w.jumps != (jumped >= calls)) {
		return fmt.Errorf("%d of %d calls came by the jump door (%v)", jumped, calls, err)
	}
	return nil
}

// readJumped adds up a report.
func readJumped(name string) (jumped int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var line struct{ Jumped int }
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			return 0, err
		}
		jumped += line.Jumped
	}
	return jumped, nil
}
