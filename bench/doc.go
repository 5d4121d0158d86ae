// Package bench measures what trapping costs, in ratios: against the program
// without it, against the smallest SIGILL handler that could do it, and against
// strace, all in one run and interleaved, since the machine's speed changes
// from minute to minute.
//
//	go test -run '^$' -bench . ./bench
//
// Where other programs on the machine would disturb real time, processor time
// is given, too, or instead.
//
// Each benchmark makes its own rounds and reports medians; the numbers of
// iterations and nanoseconds that the testing package prints beside them mean
// nothing. A table of all results follows at the end. $BENCH_ROUNDS multiplies
// the rounds (default 1).
//
// Fixtures in C are compiled when a benchmark runs; without gcc or strace the
// part that needs them is skipped with its reason.
package bench
