package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// besideProgram prints its ids, waits for its standard input to end and ends with 7.
const besideProgram = `#include <stdio.h>
#include <unistd.h>
int main(void) {
	char b[1];
	printf("%d %d\n", getpid(), getppid());
	fflush(stdout);
	return read(0, b, 1) == 0 ? 7 : 8;
}
`

// holders returns the processes that have a file open, but for one of them.
func holders(path string, but int) (pids []int) {
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && to == path {
			if pid, _ := strconv.Atoi(strings.Split(l, "/")[2]); pid != but && (len(pids) == 0 || pids[len(pids)-1] != pid) {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// runBeside runs a tracer with -D, and says how the processes are related while the program runs, how it ended and what became of the trace.
func runBeside(t *testing.T, tracer, option, program string, end unix.Signal) string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command(tracer, option, "-f", "-o", log, program)
	cmd.Env = fixedEnv("/")
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	defer cmd.Process.Kill()
	var pid, parent int
	if _, err := fmt.Fscan(out, &pid, &parent); err != nil {
		return fmt.Sprint("the program says nothing: ", err)
	}
	go io.Copy(io.Discard, out)
	said := fmt.Sprintln("the program is our child:", pid == cmd.Process.Pid, parent == os.Getpid())
	tracers := holders(log, pid)
	if len(tracers) != 1 {
		return said + fmt.Sprintln("there is not one tracer:", tracers)
	}
	group, _ := unix.Getpgid(tracers[0])
	session, _ := unix.Getsid(tracers[0])
	ours, _ := unix.Getpgid(pid)
	sessionHere, _ := unix.Getsid(pid)
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tracers[0]))
	said += fmt.Sprintln("the tracer's group is ours, its own:", group == ours, group == tracers[0],
		"its session is ours, its own:", session == sessionHere, session == tracers[0],
		"its parent is one of us:", strings.Contains(string(status), fmt.Sprintf("PPid:\t%d\n", pid)) || strings.Contains(string(status), fmt.Sprintf("PPid:\t%d\n", os.Getpid())))
	if end == 0 {
		in.Close()
	} else {
		unix.Kill(pid, end)
	}
	cmd.Wait()
	said += fmt.Sprintln("ended with", cmd.ProcessState)
	for len(holders(log, 0)) != 0 {
		time.Sleep(time.Millisecond)
	}
	text, _ := os.ReadFile(log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	last := lines[len(lines)-1]
	return said + fmt.Sprintln("whole:", strings.Contains(lines[0], " execve(\""+program+"\", [\""+program+"\"], 0x"), strings.Count(string(text), "getppid()"),
		last[strings.Index(last, "+")+1:])
}

// TestDaemonize: with -D the traced program is the child of who has started the trace, and the tracer a grandchild, in the process group
// and session that strace's is in.
func TestDaemonize(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	strace, _ := exec.LookPath("strace")
	for _, flags := range [][]string{nil, {"-static"}} {
		program := compileText(t, besideProgram, flags...)
		for _, option := range []string{"-D", "-DD", "-DDD", "--daemonize", "--daemonize=pgroup", "--daemonize=session"} {
			for _, end := range []unix.Signal{0, unix.SIGTERM} {
				t.Run(fmt.Sprint(option, flags, end), func(t *testing.T) {
					want, got := runBeside(t, strace, option, program, end), runBeside(t, ours, option, program, end)
					if strings.HasPrefix(want, "the program says nothing") {
						t.Skip("strace gives its own tracer 3 seconds (alarm)")
					}
					if got != want || !strings.Contains(want, "our child: true true") {
						t.Errorf("%sstrace: %s", got, want)
					}
				})
			}
		}
	}
	// What has the table of -c, a program that is not there, and ld.so's way.
	log := filepath.Join(t.TempDir(), "log")
	program := compileText(t, besideProgram)
	for _, c := range []struct {
		words  []string
		status int
		log    string
	}{
		{[]string{"-D", "-c", "-o", log, program}, 7, " total\n"},
		{[]string{"-D", "-o", log, "--preload", program}, 7, "+++ exited with 7 +++\n"},
		{[]string{"-D", "-o", log, "/none"}, 1, ""},
	} {
		cmd := exec.Command(ours, c.words...)
		out, _ := cmd.Output()
		for len(holders(log, 0)) != 0 {
			time.Sleep(time.Millisecond)
		}
		text, _ := os.ReadFile(log)
		if cmd.ProcessState.ExitCode() != c.status || !strings.HasSuffix(string(text), c.log) {
			t.Errorf("%v: status %d, %q, the trace: %s", c.words, cmd.ProcessState.ExitCode(), out, text)
		}
	}
}
