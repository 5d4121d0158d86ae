package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"libsystrap/internal/testlog"
)

// state is how a part ended.
type state string

const (
	passed  state = "passed"
	failed  state = "FAILED"
	cut     state = "CUT"
	skipped state = "skipped"
)

// result is what came of a part.
type result struct {
	part
	testlog.Summary
	state   state
	why     string // of a state other than passed
	note    string // a few words, such as how much was compared
	figures string // a table to be kept
	took    time.Duration
}

// line is the result in a line.
func (r *result) line() string {
	s := fmt.Sprintf("%-8s %5.0f s", r.state, r.took.Seconds())
	if r.Passed+r.Failed+r.Skipped > 0 {
		s += fmt.Sprintf("  %d passed, %d failed, %d skipped", r.Passed, r.Failed, r.Skipped)
	}
	for _, more := range []string{r.note, r.why} {
		if more != "" {
			s += "  " + more
		}
	}
	return s
}

// run runs p's commands one after the other, within box.
func run(c *config, p part, box time.Duration) result {
	r := result{part: p, state: passed}
	begin := time.Now()
	path := filepath.Join(c.logs, p.name+".log")
	log, err := os.Create(path)
	if err != nil {
		r.state, r.why = failed, err.Error()
		return r
	}
	defer log.Close()
	os.Remove(p.kept(c))
	for _, words := range p.commands {
		status, inTime := runCommand(words, p.env, log, box-time.Since(begin))
		if !inTime {
			r.state, r.why = cut, fmt.Sprintf("killed when its time box of %v was over", box.Round(time.Second))
			break
		}
		if status != "" && r.state == passed {
			r.state, r.why = failed, fmt.Sprintf("%s: %s", strings.Join(words[:min(len(words), 4)], " "), status)
		}
	}
	r.took = time.Since(begin)
	text, err := os.ReadFile(path)
	if err != nil {
		r.state, r.why = failed, err.Error()
		return r
	}
	if b, err := os.ReadFile(p.kept(c)); err == nil {
		if err := json.Unmarshal(b, &r.Summary); err != nil {
			r.state, r.why = failed, err.Error()
		}
	}
	if p.read != nil {
		p.read(string(text), &r)
	}
	// A program that says it has passed and has run nothing has not.
	if r.state == passed && p.counts && r.Passed == 0 {
		r.state, r.why = failed, "nothing has run"
	}
	if r.state == passed && r.Failed > 0 {
		r.state = failed
	}
	return r
}

// runCommand runs a command with its output in log; status is "" if it succeeds. It is
// the only child meanwhile: what else ends is an orphan, which is reaped at once, as
// init would.
func runCommand(words, env []string, log *os.File, left time.Duration) (status string, inTime bool) {
	fmt.Fprintf(log, "$ %s %s\n", strings.Join(env, " "), strings.Join(words, " "))
	if left <= 0 {
		return "", false
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return err.Error(), true
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err.Error(), true
	}
	defer null.Close()
	pid, err := syscall.ForkExec(path, words, &syscall.ProcAttr{
		Env: append(os.Environ(), env...), Files: []uintptr{null.Fd(), log.Fd(), log.Fd()}, Sys: &syscall.SysProcAttr{Setpgid: true}})
	if err != nil {
		return err.Error(), true
	}
	done := make(chan syscall.WaitStatus, 1)
	go func() {
		for {
			var ws syscall.WaitStatus
			if p, err := syscall.Wait4(-1, &ws, 0, nil); p == pid || err == syscall.ECHILD {
				done <- ws
				return
			}
		}
	}()
	inTime = true
	var ws syscall.WaitStatus
	select {
	case ws = <-done:
	case <-time.After(left):
		inTime = false
		endDescendants(os.Getpid())
		ws = <-done
	}
	endDescendants(os.Getpid()) // what it has left behind
	for p := 1; p > 0; {
		p, _ = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
	}
	switch {
	case ws.Signaled():
		return ws.Signal().String(), inTime
	case ws.ExitStatus() != 0:
		return fmt.Sprintf("exit status %d", ws.ExitStatus()), inTime
	}
	return "", inTime
}

// becomeReaper makes orphans of all that is run our children, so that they can be found.
func becomeReaper() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// endDescendants kills the processes below pid until none lives.
func endDescendants(pid int) {
	for range 100 {
		live := descendants(pid)
		for _, p := range live {
			syscall.Kill(p, syscall.SIGKILL)
		}
		if len(live) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// descendants are the ids of the processes below pid that are not zombies.
func descendants(pid int) []int {
	children := map[int][]int{}
	dead := map[int]bool{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if len(fields) < 2 {
			continue
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], id)
		dead[id] = fields[0] == "Z" || fields[0] == "X"
	}
	var below []int
	todo := []int{pid}
	for len(todo) > 0 {
		next := children[todo[0]]
		todo = append(todo[1:], next...)
		for _, id := range next {
			if !dead[id] {
				below = append(below, id)
			}
		}
	}
	return below
}
