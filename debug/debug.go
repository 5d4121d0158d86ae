// Package debug has what debuggers must know of a library of ours.
package debug

import _ "embed"

// GDB is the script that gdb loads for a library, as LIBRARY.so-gdb.py beside it.
//
//go:embed gdb.py
var GDB string

// LLDB is the same for lldb.
//
//go:embed lldb.py
var LLDB string
