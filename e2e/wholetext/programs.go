package main

// program is one to be traced. Scripts are bash's, in a directory of its own.
type program struct {
	name, command string
	setup         string
	// beside runs while the command does.
	beside string
	// needs is what must be there.
	needs string
	// varies is why no two runs are alike, by a name of DIFFERENCES.md: then a fifth may differ, where strace has more in its second
	// run.
	varies string
}

const (
	compute = `printf 'int f(void) { return 1; }\n' > a.c; printf 'int f(void); int main(void) { return f() - 1; }\n' > b.c
printf 'p: a.o b.o\n\tgcc -o p a.o b.o\n%%.o: %%.c\n\tgcc -O1 -c $<\n' > Makefile`
	repository = `export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_DATE=2024-01-01T00:00:00Z GIT_COMMITTER_DATE=2024-01-01T00:00:00Z
git init -q .; git config user.name t; git config user.email t@t
for i in 1 2 3 4; do echo $i > f$i; git add f$i; git commit -qm c$i; done; echo x >> f1; touch new`
	httpServer = `python3 -c '
from http.server import *
class H(BaseHTTPRequestHandler):
    def do_GET(s):
        s.send_response_only(200); s.send_header("Content-Length", "5"); s.end_headers(); s.wfile.write(b"hello")
    def log_message(s, *a): pass
HTTPServer(("127.0.0.1", 18199), H).serve_forever()' > /dev/null 2>&1 & echo $! > ../http.pid
for i in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:18199/ && break; sleep 0.1; done`
	redisClient = `for i in $(seq 100); do redis-cli -p 16499 ping > /dev/null 2>&1 && break; sleep 0.1; done
redis-cli -p 16499 set a 1; redis-cli -p 16499 get a; redis-cli -p 16499 shutdown nosave`
	nginxSetup = `mkdir logs html; seq 3000 > html/index.html; cat > n.conf <<'N'
daemon off; master_process off; pid n.pid; error_log logs/e; events { worker_connections 64; }
http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
server { listen 127.0.0.1:18198 reuseport; root html; } }
N`
	nginxClient = `for i in $(seq 100); do curl -s -o /dev/null http://127.0.0.1:18198/ && break; sleep 0.1; done
curl -s -o /dev/null http://127.0.0.1:18198/; curl -s -o /dev/null http://127.0.0.1:18198/none; sleep 0.3; kill -QUIT $(cat n.pid)`
	shuffled = `seq 200000 | sort -R --random-source=/etc/services > data`
)

var programs = []program{
	{name: "ls", command: "exec ls -la /usr"},
	{name: "cat", command: "exec cat /etc/passwd /etc/services"},
	{name: "cp", command: "exec cp -r src dst", setup: `mkdir -p src/d; for i in $(seq 40); do head -c $((i * 900)) /dev/zero > src/d/f$i; done`},
	{name: "find", command: "exec find /usr/share/doc -maxdepth 2 -name '*.gz' -newer /etc/passwd"},
	{name: "tar", varies: "pipe-timing", command: "exec tar czf o.tgz -C /usr/share/perl5 Debconf", needs: "tar"},
	{name: "gzip", command: "exec gzip -9k data", setup: "seq 100000 > data"},
	{name: "sed-awk", command: `seq 1000 | sed s/1/x/ | awk '{ n += length($0) } END { print n }'`},
	{name: "maps", command: `cat /proc/self/maps; while read l; do echo "$l"; done < /proc/self/maps`},
	{name: "python", command: `exec python3 -c 'import json, subprocess; print(json.dumps([1])); print(subprocess.check_output(["echo", "x"]))'`, needs: "python3"},
	{name: "python-threads", varies: "threads-race", command: `exec python3 -c '
import threading
t = [threading.Thread(target=print, args=(i,)) for i in range(6)]
for x in t: x.start(); x.join()'`, needs: "python3"},
	{name: "sqlite3", command: `exec sqlite3 t.db 'create table t(a, b); insert into t select value, value * 2 from generate_series(1, 2000); select count(*), sum(b) from t;'`, needs: "sqlite3"},
	{name: "git-log", command: "exec git --no-pager log --stat -p", setup: repository, needs: "git"},
	{name: "git-status", varies: "threads-race", command: "exec git --no-optional-locks status", setup: repository, needs: "git"},
	{name: "bash-pipe", varies: "event-timing", command: `cat /etc/passwd | sort | uniq -c | head -3; (cd / && pwd); x=$(date -d @0 +%s); echo $x > o; rm o`},
	{name: "make", command: "exec make -s p", setup: compute, needs: "make"},
	{name: "gcc", command: "exec gcc -O2 -o p a.c b.c", setup: compute, needs: "gcc"},
	{name: "node", varies: "threads-race", command: `exec node -e 'const fs = require("fs"); fs.writeFileSync("a", "x".repeat(1000)); console.log(fs.readFileSync("a").length)'`, needs: "node"},
	{name: "perl", command: `exec perl -e 'opendir D, "/etc"; my @x = sort readdir D; system("true"); my $p = fork; exit 3 if !$p; waitpid $p, 0; print $?'`, needs: "perl"},
	{name: "curl-file", command: "exec curl -s -o out file:///etc/services", needs: "curl"},
	{name: "curl-http", varies: "event-timing", command: "exec curl -s -o out http://127.0.0.1:18199/f", setup: httpServer, needs: "curl"},
	{name: "sort", command: "exec sort --parallel=1 -S 20M -o out data", setup: shuffled},
	{name: "sort-threads", varies: "threads-race", command: "exec sort --parallel=2 -S 20M -o out data", setup: shuffled},
	{name: "xz", varies: "threads-race", command: "exec xz -T2 --block-size=500000 -k data", setup: "seq 300000 > data", needs: "xz"},
	{name: "dd", command: "exec dd if=/dev/zero of=z bs=4k count=1000 conv=fsync status=none"},
	{name: "redis", varies: "event-timing", command: `exec redis-server --port 16499 --save "" --appendonly no --dir . --loglevel warning`, beside: redisClient, needs: "redis-server"},
	{name: "nginx", varies: "event-timing", command: "exec nginx -p . -c ./n.conf", setup: nginxSetup, beside: nginxClient, needs: "nginx"},
}
