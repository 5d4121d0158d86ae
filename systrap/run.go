package systrap

import (
	_ "unsafe" // for go:linkname

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// loaded is set once we know that ld.so called us, as opposed to an ordinary
// Go program that has a tool's main.
var loaded bool

// Run makes t the tool, or in a library of several the next one. It is all that a tool's main does; main must return
// then. In an ordinary Go program Run ends the process with status 2 and a line
// that says how a tool is built.
func Run(t Tool) {
	if !loaded {
		onlyAsProgram()
		Log(notALibrary[:])
		rawsys.Syscall(unix.SYS_EXIT_GROUP, 2, 0, 0, 0, 0, 0)
	}
	addTool(t)
}

var notALibrary = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', ':', ' ', 't', 'h', 'i', 's', ' ', 'i', 's', ' ', 'a', ' ',
	't', 'o', 'o', 'l', ':', ' ', 'b', 'u', 'i', 'l', 'd', ' ', 'i', 't', ' ', 'w', 'i', 't', 'h', ' ',
	'`', 's', 'y', 's', 't', 'r', 'a', 'p', ' ', 'b', 'u', 'i', 'l', 'd', '`', '\n'}

// mainMain is the tool's main, as the runtime calls it (runtime/proc.go).
//
//go:linkname mainMain main.main
func mainMain()

// toolMain reaches main.main without a direct call, so that the package links
// under go test, too.
var toolMain = mainMain
