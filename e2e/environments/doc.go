// Command environments runs fixtures and programs in environments other than the
// tester's own: with processor features hidden, behind filters that make the kernel
// look older, in namespaces, under limits, with odd personalities and signals. In each,
// every program runs natively and under two tools, and must do the same.
//
//	go run ./e2e/environments [-o docs/ENVIRONMENTS.md] [-only name,name] [-programs name] [-v]
//
// An environment is entered by this command itself (-enter NAME -- program...), in the
// process that then executes the program. Differences that cannot be otherwise are in
// expected.go, with the reason; one that is not there fails, and so does an entry whose
// difference is gone. What this machine lacks is skipped with the reason.
package main
