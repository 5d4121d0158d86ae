package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// port is where all servers listen, one after the other.
const port = "28765"

// under runs s in mode m and returns its throughput under the load.
func (s *server) under(m mode, home string, load time.Duration) (float64, error) {
	args := append(append([]string{}, m.args...), s.command(home)...)
	cmd := exec.Command(args[0], args[1:]...)
	if s.unprivileged {
		cmd = asUser(home, args[0], args[1:]...)
	} else {
		cmd.Dir = home
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	// strace passes no signal on: the whole group gets it.
	cmd.SysProcAttr.Setpgid = true
	cmd.Env = append(os.Environ(), m.env...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended
		}
	}()
	if err := s.answers(ended); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, said.String())
	}
	drive := s.drive(home, load)
	ctx, stop := context.WithTimeout(context.Background(), load+time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, drive[0], drive[1:]...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s\n%s", drive[0], err, out, said.String())
	}
	found := s.rate.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("%s says no rate:\n%s", drive[0], out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// answers waits until s takes connections.
func (s *server) answers(ended <-chan error) error {
	const attempts, pause = 3000, 10 * time.Millisecond
	for range attempts {
		select {
		case err := <-ended:
			return fmt.Errorf("the server has ended: %v", err)
		case <-time.After(pause):
		}
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			conn.Close()
			time.Sleep(pause)
			return nil
		}
	}
	return fmt.Errorf("nobody listens on port %s", port)
}
