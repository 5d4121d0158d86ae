package main

import (
	"encoding/csv"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

var redisSuite = suite{name: "redis", needs: []string{"redis-server", "redis-benchmark", "redis-cli"}, run: runRedis}

// runRedis runs a server under the load of redis-benchmark, both in mode m. Each
// of the benchmark's tests is one; so are the server's counters and its end.
func runRedis(m *mode, only []string) (outcomes, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	server, err := m.start(&job{log: "redis/server", timeout: 2 * time.Minute,
		args: []string{"redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--io-threads", "2", "--appendonly", "yes"}})
	if err != nil {
		return nil, err
	}
	defer server.discard()
	if !answers(port) {
		return nil, fmt.Errorf("redis-server does not answer: %s", server.output())
	}
	got := outcomes{}
	for _, load := range []struct {
		name string
		args []string
	}{
		{"plain", []string{"-n", "3000", "-c", "20"}},
		{"pipelined", []string{"-n", "20000", "-c", "50", "-P", "16", "--threads", "2", "-t", "set,get,incr,lpush,lrange_100,mset"}},
	} {
		args := append([]string{"redis-benchmark", "-h", "127.0.0.1", "-p", port, "--csv"}, load.args...)
		status, output, err := m.do(&job{args: args, timeout: 5 * time.Minute, log: "redis/" + load.name})
		if err != nil {
			return nil, err
		}
		got[load.name+" status"] = status
		parseBenchmark(load.name, output, got)
	}
	cli := func(args ...string) string {
		out, err := exec.Command("redis-cli", append([]string{"-p", port}, args...)...).Output()
		if err != nil {
			return err.Error()
		}
		return string(out)
	}
	got["keys"] = strings.TrimSpace(cli("dbsize"))
	for line := range strings.Lines(cli("info", "stats")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "total_error_replies", "rejected_connections", "unexpected_error_replies", "total_connections_received":
			got[name] = value
		}
	}
	cli("shutdown", "nosave")
	got["server"] = server.wait()
	return got, nil
}

// parseBenchmark reads the table of redis-benchmark --csv.
func parseBenchmark(load, output string, got outcomes) {
	rows, err := csv.NewReader(strings.NewReader(output)).ReadAll()
	if err != nil || len(rows) < 2 {
		got[load+" table"] = fmt.Sprintf("fail: %v, %d rows", err, len(rows))
		return
	}
	for _, row := range rows[1:] {
		how := "pass"
		if perSecond, err := strconv.ParseFloat(row[1], 64); err != nil || perSecond <= 0 {
			how = "fail: " + row[1] + " requests a second"
		}
		got[load+" "+row[0]] = how
	}
}

// freePort returns a TCP port that nobody uses now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// answers waits until a server listens on port.
func answers(port string) bool {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			return true
		}
	}
	return false
}
