package systrap

import (
	"golang.org/x/sys/unix"

	"libsystrap/internal/core"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
)

// Run makes t the tool, or in a library of several the next one. It is all that a tool's main does; main must return
// then. In an ordinary Go program Run ends the process with status 2 and a line
// that says how a tool is built.
func Run(t Tool) {
	if !core.Loaded() {
		onlyAsProgram()
		tracelog.Write(notALibrary[:])
		rawsys.Syscall(unix.SYS_EXIT_GROUP, 2, 0, 0, 0, 0, 0)
	}
	addTool(t)
}

var notALibrary = [...]byte{'s', 'y', 's', 't', 'r', 'a', 'p', ':', ' ', 't', 'h', 'i', 's', ' ', 'i', 's', ' ', 'a', ' ',
	't', 'o', 'o', 'l', ':', ' ', 'b', 'u', 'i', 'l', 'd', ' ', 'i', 't', ' ', 'w', 'i', 't', 'h', ' ',
	'`', 's', 'y', 's', 't', 'r', 'a', 'p', ' ', 'b', 'u', 'i', 'l', 'd', '`', '\n'}
