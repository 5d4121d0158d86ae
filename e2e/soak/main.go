// Command soak runs a program that does everything at once (testdata/load.c) under
// trace-syscalls and under the silent tool, in rounds, until the time is over:
// it must end by itself, with status 0, and of the trace no line may be torn,
// out of place or missing.
//
//	go run ./e2e/soak [-for 10m] [-round 20s] [-seed N]
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"libsystrap/e2e/tracelog"
)

func main() {
	length := flag.Duration("for", 10*time.Minute, "how long to run")
	round := flag.Duration("round", 20*time.Second, "how long one run of the load is")
	seed := flag.Int64("seed", time.Now().Unix()%1e6, "seed of the first round")
	keep := flag.String("keep", "build/soak", "directory for what a failed round leaves")
	flag.Parse()
	if err := soak(*length, *round, *seed, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// bench is where the rounds run.
type bench struct{ dir, load, library string }

// soak runs rounds, two under trace-syscalls for each under the silent tool.
func soak(length, round time.Duration, seed int64, keep string) error {
	os.Unsetenv("LD_PRELOAD")
	dir, err := os.MkdirTemp("", "systrap-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := bench{dir, filepath.Join(dir, "load"), filepath.Join(dir, "libprobe.so")}
	for _, args := range [][]string{
		{"gcc", "-O1", "-g", "-D_GNU_SOURCE", "-pthread", "-o", b.load, "e2e/soak/testdata/load.c"},
		{"gcc", "-O1", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", b.library, "e2e/testdata/lib/calls.c"},
		{"go", "run", "./cmd/systrap", "build", "-o", filepath.Join(dir, "trace.so"), "./cmd/trace-syscalls"},
		{"go", "run", "./cmd/systrap", "build", "-o", filepath.Join(dir, "silent.so"), "./e2e/silent"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", args, err, out)
		}
	}
	start := time.Now()
	for n := int64(0); time.Since(start) < length; n++ {
		tool := "trace"
		if n%3 == 2 {
			tool = "silent"
		}
		text, err := b.round(tool, round, seed+n)
		if err != nil {
			os.RemoveAll(keep)
			os.MkdirAll(keep, 0o755)
			exec.Command("cp", "-r", filepath.Join(dir, "w"), keep).Run()
			return fmt.Errorf("round %d, %s, seed %d: %w (its files are in %s)", n, tool, seed+n, err, keep)
		}
		fmt.Printf("%5.0f s: %s, seed %d: %s\n", time.Since(start).Seconds(), tool, seed+n, text)
	}
	return nil
}

// round runs the load once and checks what it left.
func (b *bench) round(tool string, length time.Duration, seed int64) (string, error) {
	work := filepath.Join(b.dir, "w")
	if err := os.RemoveAll(work); err != nil {
		return "", err
	}
	if err := os.Mkdir(work, 0o755); err != nil {
		return "", err
	}
	counts, log := filepath.Join(work, "counts"), filepath.Join(work, "log")
	if err := os.WriteFile(counts, nil, 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command(b.load, fmt.Sprint(int(length.Seconds())), fmt.Sprint(seed), counts, b.library)
	cmd.Dir = work
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LD_PRELOAD=" + filepath.Join(b.dir, tool+".so")}
	if tool == "trace" {
		cmd.Env = append(cmd.Env, "SYSTRAP_OPTIONS=-f -o "+log)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	hung := time.AfterFunc(4*length+time.Minute, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGABRT) })
	err := cmd.Wait()
	if !hung.Stop() {
		return "", fmt.Errorf("hangs: %v\n%s", err, out.String())
	}
	if err != nil || out.String() != "done\n" {
		return "", fmt.Errorf("%v\n%s", err, out.String())
	}
	made, total, err := readCounts(counts)
	if err != nil || tool != "trace" {
		return fmt.Sprintf("%d threads, %d marked calls", len(made), total), err
	}
	f, err := os.Open(log)
	if err != nil {
		return "", err
	}
	defer f.Close()
	l, err := tracelog.Read(f)
	if err == nil {
		err = l.CheckMarks(made)
	}
	if err == nil && len(l.Open) > 0 {
		err = fmt.Errorf("calls without an end: %v", l.Open)
	}
	return fmt.Sprintf("%d threads, %d marked calls, %d lines, %d of them unfinished", len(made), total, l.Lines, l.Unfinished), err
}

// readCounts reads how many marked calls each thread has made.
func readCounts(path string) (made map[int][]int, total int, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, 0, err
	}
	made = map[int][]int{}
	for line := range strings.Lines(string(b)) {
		var tid, n int
		if _, err := fmt.Sscanf(line, "%d %d\n", &tid, &n); err != nil {
			return nil, 0, fmt.Errorf("%s: %q: %w", path, line, err)
		}
		made[tid] = append(made[tid], n)
		total += n
	}
	return made, total, nil
}
