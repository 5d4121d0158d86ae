package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// attaches is what was seen of them.
type attaches struct {
	took  []time.Duration // from the command's start to its message
	lines int
	eintr int
}

func (a *attaches) String() string {
	if len(a.took) == 0 {
		return "never attached"
	}
	t := slices.Sorted(slices.Values(a.took))
	return fmt.Sprintf("%d times attached and detached, command and all %.1f ms in the middle, %.1f at most; %d lines, %d with EINTR",
		len(t), 1e3*t[len(t)/2].Seconds(), 1e3*t[len(t)-1].Seconds(), a.lines, a.eintr)
}

// options of one round after the other.
var options = [][]string{{"-f"}, {"-f", "-y", "-T"}, {"-f", "-k"}, {"-f", "-c"}}

// round attaches to a process and detaches. With calm no call of it may end with EINTR meanwhile.
func (a *attaches) round(pid int, dir string, calm bool) error {
	log := filepath.Join(dir, "log")
	args := append(slices.Clone(options[len(a.took)%len(options)]), "-A", "-o", log, "-p", fmt.Sprint(pid))
	os.Remove(log)
	cmd := exec.Command("build/systrap", append([]string{"trace"}, args...)...)
	said, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	hung := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer hung.Stop()
	in := bufio.NewReader(said)
	first, _ := in.ReadString('\n')
	a.took = append(a.took, time.Since(begin))
	if !strings.Contains(first, "attached") {
		cmd.Process.Kill()
		rest, _ := io.ReadAll(in)
		cmd.Wait()
		return fmt.Errorf("round %d: not attached: %s%s", len(a.took), first, rest)
	}
	time.Sleep(time.Duration(5+len(a.took)%7*10) * time.Millisecond) // it is traced so long
	cmd.Process.Signal(syscall.SIGINT)
	rest, _ := io.ReadAll(in)
	cmd.Wait()
	ws := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if counts := slices.Contains(args, "-c"); !counts && (!ws.Signaled() || ws.Signal() != syscall.SIGINT) || !bytes.Contains(rest, []byte("detached")) {
		return fmt.Errorf("round %d: ended with %v: %s", len(a.took), cmd.ProcessState, rest)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	a.lines += bytes.Count(text, []byte("\n"))
	n := bytes.Count(text, []byte(" = -1 EINTR"))
	a.eintr += n
	if calm && n > 0 {
		return fmt.Errorf("round %d: EINTR:\n%s", len(a.took), text)
	}
	return nil
}
