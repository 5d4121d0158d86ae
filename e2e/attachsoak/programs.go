package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// program is one that is attached to.
type program struct {
	name   string
	needs  []string               // commands
	make   func(dir string) error // what it needs
	args   func(dir string) []string
	ask    func(n int) error // makes request n, and wants the right answer
	calm   bool              // none of its calls ends with EINTR natively
	steady bool              // it makes no mappings of its own under load
}

const redisPort, goPort, jvmPort = "17401", "17402", "17403"

var programs = []program{
	{name: "redis", needs: []string{"redis-server"}, calm: true, steady: true, ask: askRedis,
		args: func(dir string) []string {
			return []string{"redis-server", "--port", redisPort, "--bind", "127.0.0.1", "--save", "", "--dir", dir}
		}},
	{name: "go", needs: []string{"go"}, ask: askHTTP(goPort), make: compiles("go", "build", "-o", "DIR/server", "e2e/testdata/attachsoak/server.go"),
		args: func(dir string) []string { return []string{filepath.Join(dir, "server"), goPort} }},
	{name: "jvm", needs: []string{"java", "javac"}, ask: askHTTP(jvmPort), make: compiles("javac", "-d", "DIR", "e2e/testdata/attachsoak/Server.java"),
		args: func(dir string) []string { return []string{"java", "-Xmx64m", "-cp", dir, "Server", jvmPort} }},
	{name: "waits", needs: []string{"gcc"}, make: compiles("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", "DIR/waits", "e2e/testdata/running/waits.c"),
		args: func(dir string) []string { return []string{filepath.Join(dir, "waits")} }},
}

func (p *program) missing() string {
	for _, c := range p.needs {
		if _, err := exec.LookPath(c); err != nil {
			return "no " + c
		}
	}
	return ""
}

// compiles runs a command with DIR for the folder.
func compiles(words ...string) func(dir string) error {
	return func(dir string) error {
		args := strings.Fields(strings.ReplaceAll(strings.Join(words, " "), "DIR", dir))
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %v\n%s", args[0], err, out)
		}
		return nil
	}
}

// running is a program that runs.
type running struct{ cmd *exec.Cmd }

func (r *running) pid() int { return r.cmd.Process.Pid }

func (r *running) stop() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// start starts a server and waits until it answers.
func start(p program, dir string) (*running, error) {
	args := p.args(dir)
	cmd := exec.Command(args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &running{cmd}
	var err error
	for range 600 {
		if err = p.ask(0); err == nil {
			return r, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.stop()
	return nil, fmt.Errorf("no answer: %v: %s", err, said.String())
}

// loading is a load of requests.
type loading struct {
	over     atomic.Bool
	made     atomic.Int64
	wait     sync.WaitGroup
	lock     sync.Mutex
	failures []error
}

// load makes requests, four at a time, until its end.
func load(ask func(n int) error) *loading {
	l := &loading{}
	for range 4 {
		l.wait.Go(func() {
			for !l.over.Load() {
				n := l.made.Add(1)
				if err := ask(int(n)); err != nil {
					l.lock.Lock()
					l.failures = append(l.failures, fmt.Errorf("request %d: %w", n, err))
					l.lock.Unlock()
				}
			}
		})
	}
	return l
}

func (l *loading) end() (int64, []error) {
	l.over.Store(true)
	l.wait.Wait()
	return l.made.Load(), l.failures
}

// askRedis keeps a number on the server, and gets it back.
func askRedis(n int) error {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+redisPort, 20*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	for i := range 50 {
		value := fmt.Sprintf("%d-%d", n, i)
		want := fmt.Sprintf("+OK\r\n$%d\r\n%s\r\n", len(value), value)
		if _, err := fmt.Fprintf(c, "SET key%d %s\r\nGET key%d\r\n", n%8191, value, n%8191); err != nil {
			return err
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(c, got); err != nil {
			return err
		}
		if string(got) != want && n > 0 && !strings.HasPrefix(string(got), "+OK\r\n$") {
			return fmt.Errorf("%q, want %q", got, want)
		}
	}
	return nil
}

// askHTTP has a server say n, and what it makes of it.
func askHTTP(port string) func(n int) error {
	client := &http.Client{Timeout: 20 * time.Second}
	return func(n int) error {
		a, err := client.Get(fmt.Sprintf("http://127.0.0.1:%s/%d", port, n))
		if err != nil {
			return err
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if want := fmt.Sprintf("%d %d\n", n, 3*n+1); err != nil || string(b) != want {
			return fmt.Errorf("%q, %v, want %q", b, err, want)
		}
		return nil
	}
}

// soakWaits runs the program that waits again and again, attaches to each a few times, and wants of each what it says natively.
func soakWaits(p program, dir string, rounds int) (string, error) {
	run := func(meanwhile func(pid int) error) (string, error) {
		args := p.args(dir)
		cmd := exec.Command(args[0], args[1:]...)
		in, err := cmd.StdinPipe()
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		if err := cmd.Start(); err != nil {
			return "", err
		}
		time.Sleep(300 * time.Millisecond) // until all wait: it says nothing of it
		err = meanwhile(cmd.Process.Pid)
		in.Close()
		if end := cmd.Wait(); err == nil {
			err = end
		}
		return out.String(), err
	}
	want, err := run(func(int) error { return nil })
	if err != nil {
		return "", fmt.Errorf("natively: %w: %s", err, want)
	}
	var all attaches
	runs := 0
	for len(all.took) < rounds {
		runs++
		got, err := run(func(pid int) error {
			for range 5 {
				if err := all.round(pid, dir, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil && got != want {
			err = fmt.Errorf("%s\nnatively\n%s", got, want)
		}
		if err != nil {
			return all.String(), err
		}
	}
	return fmt.Sprintf("%s; %d runs of %d threads", &all, runs, strings.Count(want, "\n")), nil
}
