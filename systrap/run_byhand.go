//go:build !systrap

package systrap

import _ "unsafe" // for go:linkname

// What `systrap build` compiles has the tag systrap. Without it this file makes `go build
// -buildmode=c-shared` of a tool fail (c-archive and plugin, too): the Go linker leaves a variable whose name
// begins with a dot out of the symbols that it hands to the system's linker (genelfsym, cmd/link/internal/ld/symtab.go),
// and then complains of the variable that refers to it, whose name is the message. Programs, `go vet`, `go test`
// and gopls do without the system's linker, or without Run. See docs/decisions/builds-by-hand.md.

//go:linkname byHand .not_by_go_build
var byHand bool

//go:linkname howToBuild a_tool_is_built_by:_systrap_build_-o_tool.so_./pkg
var howToBuild = &byHand

// onlyAsProgram is reached in an ordinary Go program.
func onlyAsProgram() { *howToBuild = true }
