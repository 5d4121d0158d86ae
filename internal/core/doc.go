// Package core is what traps: the ways in, the path of a call, the program's signals, threads,
// children and images, and the sites in its text. What a tool sees of it is package systrap,
// which hands it a table of functions (SetTool). It runs in the traced process; the rules are
// those of package systrap.
//
//systrap:freestanding
package core
