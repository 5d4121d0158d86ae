package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// job is a command that is run in a fresh directory of its own, or in dir.
type job struct {
	dir  string
	args []string
	// wrap goes before the command and is not traced itself.
	wrap    []string
	timeout time.Duration
	// log is the name of the file, beneath the log directory, for its output.
	log string
	// fill puts files into the directory.
	fill func(dir string) error
}

// running is a started job.
type running struct {
	cmd  *exec.Cmd
	dir  string
	log  string
	done chan error
	j    *job
}

// directory makes a directory that every user may write to.
func (m *mode) directory() (string, error) {
	dir, err := os.MkdirTemp(m.work, "job-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o1777)
}

// start starts j in mode m.
func (m *mode) start(j *job) (*running, error) {
	dir := j.dir
	if dir == "" {
		var err error
		if dir, err = m.directory(); err != nil {
			return nil, err
		}
	}
	if j.fill != nil {
		if err := j.fill(dir); err != nil {
			return nil, err
		}
	}
	if m.log != "" {
		// For programs that have other rights by then.
		if err := os.WriteFile(m.log, nil, 0o666); err != nil {
			return nil, err
		}
		if err := os.Chmod(m.log, 0o666); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(m.logs, strings.ReplaceAll(j.log, "/", "_")+"."+m.name)
	out, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	args := append(append(append([]string{}, j.wrap...), "env"), m.environment()...)
	args = append(args, j.args...)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = fixedEnv(dir)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r := &running{cmd: cmd, dir: dir, log: path, done: make(chan error, 1), j: j}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { r.done <- cmd.Wait() }()
	return r, nil
}

// wait waits for the job and ends it after its time-out. It returns how it
// ended. Its directory stays until discard.
func (r *running) wait() string {
	select {
	case <-r.done:
	case <-time.After(r.j.timeout):
		syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
		<-r.done
		return "time-out"
	}
	w := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if w.Signaled() {
		return fmt.Sprintf("signal %d", w.Signal())
	}
	return fmt.Sprintf("exit %d", w.ExitStatus())
}

// output returns what the job has printed so far.
func (r *running) output() string {
	b, err := os.ReadFile(r.log)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// discard ends what the job has left running and removes its files.
func (r *running) discard() {
	for _, pid := range processesIn(r.dir) {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	if r.j.dir == "" {
		os.RemoveAll(r.dir)
	}
}

// processesIn returns the ids of processes that work in dir or below it.
func processesIn(dir string) []int {
	var pids []int
	cwds, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range cwds {
		cwd, err := os.Readlink(link)
		if err != nil || cwd != dir && !strings.HasPrefix(cwd, dir+"/") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// do runs j to its end and returns its status and output.
func (m *mode) do(j *job) (status, output string, err error) {
	r, err := m.start(j)
	if err != nil {
		return "", "", err
	}
	defer r.discard()
	status = r.wait()
	return status, r.output(), nil
}
