package core

import (
	_ "unsafe" // for go:linkname

	"libsystrap/internal/tracelog"
)

// loaded is set once we know that ld.so called us, as opposed to an ordinary
// Go program that has a tool's main.
var loaded bool

// Loaded says whether ld.so called us.
func Loaded() bool { return loaded }

// tool is what SetTool was given.
var tool Tool

// SetTool makes t what the program's calls are handed to, and its name that of messages.
func SetTool(t Tool) {
	tool = t
	tracelog.Tool = t.Name
	planCalls()
}

// mainMain is the tool's main, as the runtime calls it (runtime/proc.go).
//
//go:linkname mainMain main.main
func mainMain()

// toolMain reaches main.main without a direct call, so that the package links
// under go test, too.
var toolMain = mainMain
