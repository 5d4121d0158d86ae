// Command suites runs test suites and load generators of real programs natively
// and under the library, and compares the outcome of every single test.
//
//	go run ./e2e/suites [-tools silent,trace] [-for 8m] [-list] [suite...]
//
// The suites are CPython's own tests (python/test_signal and so on), perl's t/op,
// redis-server under redis-benchmark, nginx under wrk, and the stressors of
// stress-ng's class os. packages.txt names their Debian packages; a suite whose
// program is missing is skipped with the reason, and -strict makes that a failure.
//
// Each suite runs once natively and once for each tool: silent (e2e/silent, which
// prints nothing) and trace (trace-syscalls with -o). A test that ended otherwise
// is run again, both ways, as these suites depend on time: only what stays
// different is a difference, what does not is printed as unsteady.
//
// known.txt explains every difference. One that it does not name, and an entry
// whose difference is gone, make the run fail: the list only shrinks.
//
// Logs of all runs are left in the directory -logs.
package main
