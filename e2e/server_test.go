package e2e

import "testing"

// TestRedis runs a server and clients that talk over a Unix socket; TCP ports
// would be shared with whatever else runs on the machine.
func TestRedis(t *testing.T) {
	program{name: "redis", needs: []string{"redis-server", "redis-cli"}, script: `
redis-server --port 0 --unixsocket "$PWD/s" --dir "$PWD" --save '' --appendonly no --daemonize no --loglevel warning > log 2>&1 &
server=$!
for i in $(seq 2000); do [ "$(redis-cli -s s ping 2>/dev/null)" = PONG ] && break; sleep 0.05; done
redis-cli -s s set k v; redis-cli -s s get k; redis-cli -s s incrby n 41; redis-cli -s s incr n
for i in $(seq 500); do echo "rpush l $i"; done | redis-cli -s s | tail -1
redis-cli -s s lrange l 0 2; redis-cli -s s eval 'return redis.call("llen", "l")' 0
redis-cli -s s bgsave >/dev/null; for i in $(seq 2000); do [ -f dump.rdb ] && break; sleep 0.05; done; ls dump.rdb
redis-cli -s s nonsense
redis-cli -s s shutdown nosave; wait $server; echo $?
rm -f dump.rdb log`, exes: []string{"redis-server", "redis-cli"}}.runAs(t)
}
