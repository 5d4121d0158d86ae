// Servers measures what tracing costs the throughput of real servers: nginx and node under wrk, redis under
// redis-benchmark, PostgreSQL under pgbench. Each is run natively, under a tool that does nothing, under trace-syscalls
// with two sets of options, and under strace, in turn; the load is never traced. `make bench-servers` runs it.
package main
