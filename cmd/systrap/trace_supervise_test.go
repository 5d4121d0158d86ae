package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTraceWaits checks that with -f the command line lasts as long as what it
// started, and ends as the command did.
func TestTraceWaits(t *testing.T) {
	tests := []struct {
		name, script string
		status       int // -1: a signal
		late         bool
	}{
		{"child outlives the command", "(sleep 0.4; echo late >$OUT) & exit 3", 3, true},
		{"nothing of it is open", "setsid sh -c 'exec sh -c \"sleep 0.4; echo late >$OUT\" <&- >&- 2>&-' & exit 0", 0, true},
		{"killed child", "sleep 6000 & sleep 0.2; kill -9 $!; exit 4", 4, false},
		{"command killed", "kill -9 $$", -1, false},
		{"command killed, child lives", "(sleep 0.4; echo late >$OUT) & kill -9 $$", -1, true},
		{"command terminated", "kill $$", -1, false},
	}
	for _, test := range tests {
		out := filepath.Join(t.TempDir(), "out")
		o := runInstalled(t, []string{"OUT=" + out}, "strace", "-f", "-o", out+".trace", "sh", "-c", test.script)
		text, _ := os.ReadFile(out)
		if o.status != test.status || (string(text) == "late\n") != test.late {
			t.Errorf("%s: %q, %+v", test.name, text, o)
		}
	}
}

// TestTraceKilledLine checks the line that the command cannot write any more.
func TestTraceKilledLine(t *testing.T) {
	tests := []struct {
		words, script, want string
	}{
		{"-f", "kill -9 $$", "+++ killed by SIGKILL +++\n"},
		{"-f", "sleep 10 & kill -9 $$", "[pid PID] +++ killed by SIGKILL +++\n"},
		{"-qq -f", "kill -9 $$", ""},
		{"-f -e signal=!KILL", "kill -9 $$", ""},
		{"-f", "exit 9", ""},
	}
	for _, test := range tests {
		o := runInstalled(t, nil, "strace", append(strings.Fields(test.words), "sh", "-c", "echo $$; "+test.script)...)
		pid := strings.TrimSpace(o.stdout)
		want := strings.ReplaceAll(test.want, "PID", strings.Repeat(" ", max(0, 5-len(pid)))+pid)
		if o.stderr != want || pid == "" {
			t.Errorf("%s %q: got %q, want %q", test.words, test.script, o.stderr, want)
		}
	}
}

// TestTraceRelays checks what becomes of a signal that is sent to the command
// line itself.
func TestTraceRelays(t *testing.T) {
	const script = "trap 'echo caught; exit 5' TERM; echo $$; sleep 3 & wait; exit 6"
	const caught = "trap 'kill -9 $!; exit 5' TERM; sleep 200 & echo $$; wait; exit 6"
	const leaves = "(sleep 2; exec sleep 2) & echo $$"
	const stays = "(sleep 10; exec sleep 20) & echo $$"
	tests := []struct {
		words, script string
		status        int // -1: the signal
	}{
		{"-f", caught, 5},
		{"-f -o /dev/null", script, 6},
		{"-f -I2 -o /dev/null", caught, 5},
		{"-f -I3", script, 6},
		// The command has ended: what it left is not waited for any longer.
		{"-f", stays, -1},
		{"-f -o /dev/null", leaves, 0},
	}
	for _, test := range tests {
		cmd := exec.Command(filepath.Join(installed(t), "strace"), append(strings.Fields(test.words), "sh", "-c", test.script)...)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		var pid int
		fmt.Fscan(out, &pid)
		// Once the command is gone it has been waited for.
		for strings.HasPrefix(test.script, "(") && syscall.Kill(pid, 0) == nil {
			time.Sleep(time.Millisecond)
		}
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != test.status || pid == 0 {
			t.Errorf("%s: status %d, want %d (process %d)", test.words, got, test.status, pid)
		}
	}
}

// TestTraceInheritsSignals: what was blocked and ignored when the trace began is so in
// the command, whether it is our child (-f), or takes our place.
func TestTraceInheritsSignals(t *testing.T) {
	if _, err := exec.LookPath("perl"); err != nil {
		t.Skip(err)
	}
	if out, err := exec.Command("env", "--block-signal=HUP", "true").CombinedOutput(); err != nil {
		t.Skipf("env is not that of coreutils 8.31: %v, %s", err, out)
	}
	// /proc has the kernel's view, in which SIGILL is ours.
	status := []string{"perl", "-e", `open F, "/proc/self/status"; print grep /SigBlk/, <F>; print "$_ $SIG{$_}\n" for qw(PIPE ILL USR1 INT)`}
	before := []string{"env", "--block-signal=HUP,TERM,RTMIN", "--ignore-signal=PIPE,ILL,USR1"}
	run := func(words ...string) string {
		out, err := exec.Command(words[0], words[1:]...).Output()
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return string(out)
	}
	want := run(append(before[:len(before):len(before)], status...)...)
	for _, options := range []string{"", "-f", "-c"} {
		words := append(before[:len(before):len(before)], filepath.Join(installed(t), "strace"), "-o", "/dev/null")
		words = append(append(words, strings.Fields(options)...), status...)
		if got := run(words...); got != want {
			t.Errorf("%s: %swant %s", options, got, want)
		}
	}
}
