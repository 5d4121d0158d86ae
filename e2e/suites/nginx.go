package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

var nginxSuite = suite{name: "nginx", needs: []string{"nginx", "wrk"}, run: runNginx}

// runNginx runs nginx in mode m under the load of wrk, which is never traced,
// and reloads its configuration between two loads.
func runNginx(m *mode, only []string) (outcomes, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	server, err := m.start(&job{log: "nginx/server", timeout: time.Minute,
		args: []string{"nginx", "-p", ".", "-c", "nginx.conf", "-e", "error.log"},
		fill: func(dir string) error {
			if err := os.Mkdir(filepath.Join(dir, "html"), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, "html/big"), big, 0o644); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(strings.NewReplacer("DIR", dir, "PORT", port).Replace(nginxConf)), 0o644)
		}})
	if err != nil {
		return nil, err
	}
	defer server.discard()
	if !answers(port) {
		return nil, fmt.Errorf("nginx does not answer: %s", server.output())
	}
	native := *m
	native.name, native.lib, native.log = m.name+".wrk", "", ""
	got := outcomes{}
	url := "http://127.0.0.1:" + port
	for i, path := range []string{"/text", "/big", "/text"} {
		if i == 2 {
			server.cmd.Process.Signal(syscall.SIGHUP)
			time.Sleep(time.Second) // the old workers have left by then
		}
		status, output, err := native.do(&job{args: []string{"wrk", "-t2", "-c40", "-d4s", url + path}, timeout: time.Minute, log: fmt.Sprint("nginx/wrk", i)})
		if err != nil {
			return nil, err
		}
		got[fmt.Sprintf("load %d of %s", i, path)] = parseWrk(status, output)
	}
	got["content"] = fetched(url+"/big", big)
	server.cmd.Process.Signal(syscall.SIGQUIT)
	got["server"] = server.wait()
	got["access log"] = countAccess(filepath.Join(server.dir, "access.log"))
	return got, nil
}

const nginxConf = `daemon off;
worker_processes 2;
pid DIR/nginx.pid;
error_log DIR/error.log info;
events { worker_connections 512; }
http {
	access_log DIR/access.log;
	client_body_temp_path DIR/body;
	proxy_temp_path DIR/proxy;
	fastcgi_temp_path DIR/fastcgi;
	uwsgi_temp_path DIR/uwsgi;
	scgi_temp_path DIR/scgi;
	sendfile on;
	keepalive_requests 100;
	server {
		listen 127.0.0.1:PORT;
		root DIR/html;
		location /text { return 200 "text\n"; }
	}
}
`

var wrkRequests = regexp.MustCompile(`(\d+) requests in`)

// parseWrk says whether all requests were answered with 200.
func parseWrk(status, output string) string {
	n := wrkRequests.FindStringSubmatch(output)
	if status != "exit 0" || n == nil || n[1] == "0" {
		return fmt.Sprintf("fail: %s, requests %v", status, n)
	}
	for line := range strings.Lines(output) {
		if strings.Contains(line, "Non-2xx") || strings.Contains(line, "Socket errors") {
			return "fail: " + strings.TrimSpace(line)
		}
	}
	return "pass"
}

// fetched says whether url has the contents wanted.
func fetched(url string, want []byte) string {
	r, err := http.Get(url)
	if err != nil {
		return "fail: " + err.Error()
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || sha256.Sum256(b) != sha256.Sum256(want) {
		return fmt.Sprintf("fail: %d bytes, %v", len(b), err)
	}
	return "pass"
}

// countAccess says whether all requests in an access log got 200.
func countAccess(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return "fail: " + err.Error()
	}
	other := 0
	for line := range strings.Lines(string(b)) {
		if !strings.Contains(line, ` HTTP/1.1" 200 `) {
			other++
		}
	}
	if other > 0 || len(b) == 0 {
		return fmt.Sprintf("fail: %d bytes, %d requests without 200", len(b), other)
	}
	return "pass"
}
