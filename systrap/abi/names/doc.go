// Package names has the names of constants: flags, commands, types, errnos. The z*.go files are
// made by internal/genxlat from the specifications beside the code that uses them and the headers
// of a Debian machine; package text prints by them.
//
// Its data are read in the traced process.
//
//systrap:freestanding
package names

//go:generate go run libsystrap/internal/genxlat -specs ../../../tracetool -o .
