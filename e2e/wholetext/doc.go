// Command wholetext runs 26 programs under strace and under systrap trace and compares the whole texts, from the first line to the
// last: the calls of ld.so, of constructors and of children, signals and ends. It says of each program
//
//   - coverage: of strace's lines, those that are in ours, in order and thread by thread, by the name of the call,
//   - extra: of our lines, those that strace has not,
//   - by another thread: of the lines that are there, those that another thread has made, where threads race for work,
//   - equal: of the lines in both, those with the same text,
//   - floor: the same of strace compared with itself, as threads, clocks and pipes have their own way.
//
// It fails where coverage or equal lines are below 99.9 % and below the worst of the floors; where threads race, or the time counts
// (program.varies), below 80 %. SIGCHLD that a program has no handler for is counted apart. The programs run without randomised
// addresses (setarch -R), so addresses are compared, too; what differs between any two runs is left out (normal).
//
//	go run ./e2e/wholetext [-v] [-keep DIR] [PROGRAM...]
package main
