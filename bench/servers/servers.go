package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a program that answers a load.
type server struct {
	name, load, unit string
	needs            []string // programs
	call             string   // that it makes for each request
	// setup makes what the server needs in its folder, once.
	setup func(home string) error
	// command is the server's, in its folder; it stays in the foreground.
	command func(home string) []string
	// drive is the command of the load, and rate what it prints of the throughput.
	drive func(home string, load time.Duration) []string
	rate  *regexp.Regexp
	// unprivileged is set for one that does not run as root.
	unprivileged bool
}

var servers = []server{
	{
		name: "nginx", load: "wrk, 32 connections", unit: "requests/s", needs: []string{"nginx", "wrk"}, call: "writev",
		setup: func(home string) error {
			for name, text := range map[string]string{
				"index.html": strings.Repeat("0123456789abcde\n", 38),
				"nginx.conf": "daemon off; worker_processes 1; master_process off; pid nginx.pid; error_log stderr crit;\n" +
					"events { worker_connections 256; }\n" +
					"http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n" +
					"server { listen 127.0.0.1:" + port + "; root " + home + "; } }\n",
			} {
				if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		command: func(home string) []string { return []string{"nginx", "-p", home, "-c", "nginx.conf"} },
		drive:   wrk, rate: wrkRate,
	},
	{
		name: "node", load: "wrk, 32 connections", unit: "requests/s", needs: []string{"node", "wrk"}, call: "write",
		setup: func(home string) error {
			const text = `require("http").createServer((q, r) => r.end("0123456789abcde\n")).listen(` + port + `, "127.0.0.1")`
			return os.WriteFile(filepath.Join(home, "http.js"), []byte(text), 0o644)
		},
		command: func(home string) []string { return []string{"node", filepath.Join(home, "http.js")} },
		drive:   wrk, rate: wrkRate,
	},
	{
		name: "redis", load: "redis-benchmark -t get, 50 connections", unit: "requests/s", needs: []string{"redis-server", "redis-benchmark"}, call: "write",
		command: func(home string) []string {
			return []string{"redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"}
		},
		drive: func(_ string, load time.Duration) []string {
			// It counts requests, not seconds.
			return []string{"redis-benchmark", "-p", port, "-t", "get", "-c", "50", "-q", "-n", strconv.Itoa(int(load.Seconds() * 40000))}
		},
		rate: regexp.MustCompile(`GET: ([0-9.]+) requests per second`),
	},
	{
		name: "postgresql", load: "pgbench -S, 4 clients", unit: "transactions/s", needs: []string{pgBin("initdb"), pgBin("postgres"), "pgbench"}, call: "sendto",
		setup: func(home string) error {
			if out, err := asUser(home, pgBin("initdb"), "-D", filepath.Join(home, "data"), "-N", "-A", "trust", "-U", "bench").CombinedOutput(); err != nil {
				return fmt.Errorf("initdb: %w\n%s", err, out)
			}
			return nil
		},
		command: func(home string) []string {
			return []string{pgBin("postgres"), "-D", filepath.Join(home, "data"), "-p", port, "-k", home, "-h", "127.0.0.1", "-F"}
		},
		drive: func(_ string, load time.Duration) []string {
			// It listens before it serves.
			const at = " -h 127.0.0.1 -p " + port + " -U bench postgres"
			return []string{"sh", "-c", "until pgbench -q -i -s 1" + at + " >/dev/null 2>&1; do sleep 0.1; done; exec pgbench -n -S -c 4 -T " +
				strconv.Itoa(int(load.Seconds())) + at}
		},
		rate:         regexp.MustCompile(`tps = ([0-9.]+) \(without`),
		unprivileged: true,
	},
}

func wrk(_ string, load time.Duration) []string {
	return []string{"wrk", "-t", "1", "-c", "32", "-d", load.String(), "http://127.0.0.1:" + port + "/"}
}

var wrkRate = regexp.MustCompile(`Requests/sec: +([0-9.]+)`)

// pgBin returns the path of one of PostgreSQL's programs, which Debian keeps out of PATH.
func pgBin(name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return name
	}
	slices.Sort(found)
	return found[len(found)-1]
}

func lookPath(name string) string {
	path, _ := exec.LookPath(name)
	return path
}

// missing returns a program that s needs and that is not there, or "".
func (s *server) missing() string {
	for _, p := range s.needs {
		if lookPath(p) == "" {
			return p
		}
	}
	return ""
}

func (s *server) prepare(home string) error {
	if s.unprivileged {
		if cred := nobody(); cred != nil {
			if err := os.Chown(home, int(cred.Uid), int(cred.Gid)); err != nil {
				return err
			}
		}
	}
	if s.setup == nil {
		return nil
	}
	return s.setup(home)
}

// nobody is a user for servers that refuse root, nil if we are not root.
func nobody() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// asUser is a command of that user in folder home.
func asUser(home string, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = home
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: nobody()}
	return cmd
}
