package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// processesIn returns the ids of processes whose working directory is dir or
// below: those that a test started, daemons included.
func processesIn(dir string) []int {
	var pids []int
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		cwd, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if err != nil {
			continue
		}
		cwd = strings.TrimSuffix(cwd, " (deleted)")
		if cwd == dir || strings.HasPrefix(cwd, dir+"/") {
			pids = append(pids, pid)
		}
	}
	return pids
}

// describeProcesses says where the threads of a test that hangs are.
func describeProcesses(dir string) string {
	var b strings.Builder
	for _, pid := range processesIn(dir) {
		cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		fmt.Fprintf(&b, "process %d: %.100s\n", pid, strings.Join(strings.FieldsFunc(string(cmdline), isSpaceOrNul), " "))
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
		for _, task := range tasks {
			fmt.Fprintf(&b, "  thread %s:", filepath.Base(task))
			for _, f := range []string{"wchan", "syscall", "stack"} {
				text, err := os.ReadFile(filepath.Join(task, f))
				if err == nil && len(text) > 0 {
					fmt.Fprintf(&b, " %s=%s", f, strings.Join(strings.Fields(string(text)), " "))
				}
			}
			status, _ := os.ReadFile(filepath.Join(task, "status"))
			for _, line := range strings.Split(string(status), "\n") {
				for _, key := range []string{"State:", "SigPnd:", "ShdPnd:", "SigBlk:", "SigCgt:"} {
					if strings.HasPrefix(line, key) {
						fmt.Fprintf(&b, " %s", strings.Join(strings.Fields(line), ""))
					}
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func isSpaceOrNul(r rune) bool { return r == 0 || unicode.IsSpace(r) }

// grace is how long a command's helpers may take to end after it.
const grace = 15 * time.Second

// endLeftovers kills processes that outlive the command for long, and names
// them.
func endLeftovers(dir string) []string {
	var names []string
	pids := processesIn(dir)
	for end := time.Now().Add(grace); len(pids) > 0 && time.Now().Before(end); pids = processesIn(dir) {
		time.Sleep(10 * time.Millisecond)
	}
	for _, pid := range pids {
		comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		if err != nil {
			continue
		}
		names = append(names, strings.TrimSpace(string(comm)))
		syscall.Kill(pid, syscall.SIGKILL)
	}
	return names
}
