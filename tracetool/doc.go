// Package tracetool prints the program's system calls as strace 6.1 prints them.
//
// The table of calls (table.go) says for each what its arguments are; the
// engine (printer.go) prints the arguments the kernel reads when the call is
// entered, and those it writes when the call returns, with one function for
// each kind of argument in the file named after its subject. The constants'
// names are in the generated files z*.go.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package tracetool

//go:generate go run libsystrap/internal/genxlat -o .
