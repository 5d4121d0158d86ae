package freestanding

import "errors"

// What can be wrong before any code is looked at.
var (
	ErrNoGo     = errors.New("no `go` in PATH: building a tool needs the Go toolchain (https://go.dev/dl)")
	ErrNotMain  = errors.New("not a main package")
	ErrNoEntry  = errors.New("no package of the build declares an assembly function libraryEntry marked //systrap:entry stack=N (is libsystrap/systrap imported?)")
	ErrNotELF   = errors.New("not an ELF file")
	ErrClass    = errors.New("not a 64-bit little-endian x86-64 ELF file")
	ErrNotDyn   = errors.New("neither a position independent executable nor a shared library")
	ErrNotOurs  = errors.New("not built by systrap build: it has no .systrap section")
	ErrNoSyms   = errors.New("no symbol table (built with -ldflags=-s?)")
	ErrNoLines  = errors.New("no DWARF line table (built with -ldflags=-w?)")
	ErrRejected = errors.New("the code cannot run in the target")
	ErrGolden   = errors.New("differs from the golden file")
)

// errToolchain marks an assumption about the Go toolchain that does not hold (any more).
var errToolchain = errors.New("unexpected output of the Go toolchain")
