package bench

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// redisSocket is where the server listens.
func redisSocket(b *testing.B) string {
	dir, err := tools()
	if err != nil {
		b.Fatal(err)
	}
	return filepath.Join(dir, "redis.sock")
}

// redisServer is a server without files.
func redisServer(b *testing.B) command {
	return command{args: []string{"redis-server", "--port", "0", "--unixsocket", redisSocket(b), "--save", "", "--appendonly", "no"}}
}

// benchmarkRedis starts the server c, has redis-benchmark, which is never traced,
// make its requests, and ends the server. The time is that of the requests, the
// processor time that of the server.
func benchmarkRedis(c command, b *testing.B) (wall, cpu time.Duration) {
	socket := redisSocket(b)
	os.Remove(socket)
	server := exec.Command(c.args[0], c.args[1:]...)
	server.Env = append(os.Environ(), c.env...)
	// strace passes no signal on with -o: the whole group gets it.
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := server.Start(); err != nil {
		b.Skip(err)
	}
	killer := time.AfterFunc(timeout, func() { syscall.Kill(-server.Process.Pid, syscall.SIGKILL) })
	defer killer.Stop()
	for range 1000 {
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close()
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	start := time.Now()
	out, err := exec.Command("redis-benchmark", "-s", socket, "-n", "20000", "-c", "10", "-t", "set,get", "-q").CombinedOutput()
	wall = time.Since(start)
	if err != nil {
		b.Errorf("redis-benchmark: %v\n%s", err, out)
	}
	syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
	server.Wait()
	return wall, server.ProcessState.UserTime() + server.ProcessState.SystemTime()
}
