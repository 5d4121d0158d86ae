package e2e

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestLaunchInheritsSignals: what systrap trace was started with ignored or blocked is so for the command, whose end it passes
// on all the same: SIGCHLD, too, which it cannot ignore itself.
func TestLaunchInheritsSignals(t *testing.T) {
	need(t, "perl")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	const blockAll = `use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(grep { !/^(4|9|19|31|32|33)$/ } 1..64)); exec @ARGV`
	for name, before := range map[string]string{
		"SIGCHLD ignored":      `$SIG{CHLD} = "IGNORE"; exec @ARGV`,
		"SIGPIPE ignored":      `$SIG{PIPE} = "IGNORE"; exec @ARGV`,
		"stop signals ignored": `$SIG{$_} = "IGNORE" for qw(TSTP TTIN TTOU CONT); exec @ARGV`,
		"most ignored":         `$SIG{$_} = "IGNORE" for qw(HUP INT QUIT PIPE ALRM TERM USR1 USR2 CHLD TSTP TTIN TTOU WINCH IO PROF); exec @ARGV`,
		"blocked":              blockAll,
		"both":                 `$SIG{CHLD} = "IGNORE"; ` + blockAll,
	} {
		for _, script := range []string{
			"grep 'Sig[BI]' /proc/self/status", "exit 3", "kill -9 $$", "kill -TERM $$; exit 5", "kill -USR1 $$; exit 6",
			"(exit 4); echo $?; /bin/true; echo $?", `exec perl -e '$p = fork; exit 3 if !$p; print waitpid($p, 0) == $p, " $?\n"'`,
		} {
			run := func(words ...string) string {
				cmd := exec.Command("timeout", append([]string{"-s", "KILL", "240", "perl", "-e", before, "--"}, append(words, "sh", "-c", script)...)...)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				err := cmd.Run()
				if err == nil {
					return out.String() + "exit status 0"
				}
				return out.String() + err.Error()
			}
			want := run()
			for _, options := range [][]string{nil, {"-f"}, {"--preload"}, {"--preload", "-f"}} {
				got := run(append(append([]string{ours, "-o", filepath.Join(t.TempDir(), "log")}, options...), "--")...)
				if got != want {
					t.Errorf("%s: %v %s: %s\nnatively: %s", name, options, script, got, want)
				}
			}
		}
	}
}

// TestLaunchKilled kills who starts a program, the program, or all that it has started, at any moment: nothing is left of them, and who waits for the
// program is told of its end.
func TestLaunchKilled(t *testing.T) {
	needMachine(t, "ptrace")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	static := compileText(t, "int main(void) { return 0; }", "-static")
	log := filepath.Join(t.TempDir(), "log")
	const rounds, longest = 300, 12 * time.Millisecond
	seed := time.Now().UnixNano()
	r := rand.New(rand.NewSource(seed))
	for i := range rounds {
		words := [][]string{{"/bin/true"}, {static}, {"sh", "-c", "/bin/true; " + static + "; (exec /bin/true); exit 3"},
			{"sh", "-c", "for i in 1 2 3 4 5; do /bin/true & done; wait"}}[r.Intn(4)]
		args := append([]string{"-o", log, "--"}, words...)
		if r.Intn(2) == 0 {
			args = append([]string{"-f"}, args...)
		}
		mark := "LAUNCH_KILLED=" + strconv.Itoa(os.Getpid()) + "." + strconv.Itoa(i)
		cmd := exec.Command(ours, args...)
		cmd.Env = append(os.Environ(), mark)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.Int63n(int64(longest))))
		who := r.Intn(3)
		if who == 0 {
			cmd.Process.Kill()
		} else {
			for _, pid := range marked(mark) {
				if pid == cmd.Process.Pid {
					continue
				}
				syscall.Kill(pid, syscall.SIGKILL)
				if who == 1 {
					break
				}
			}
		}
		ended := make(chan struct{})
		go func() { cmd.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(defaultPatience):
			t.Errorf("round %d, seed %d: %v hangs (%d was killed): %v", i, seed, args, who, marked(mark))
			cmd.Process.Kill()
			<-ended
		}
		left := marked(mark)
		for until := time.Now().Add(defaultPatience); len(left) > 0 && time.Now().Before(until); left = marked(mark) {
			time.Sleep(5 * time.Millisecond)
		}
		for _, pid := range left {
			status, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
			t.Errorf("round %d, seed %d: %v (%d was killed) has left %d\n%.300s", i, seed, args, who, pid, status)
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if t.Failed() {
			return
		}
	}
}

// marked are the processes that have an environment with the variable mark.
func marked(mark string) (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if env, err := os.ReadFile("/proc/" + e.Name() + "/environ"); err == nil && bytes.Contains(env, []byte(mark+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}
