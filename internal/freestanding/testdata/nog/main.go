// Command nog enters Go without a g.
package main

var initFn = start

// libraryEntry is DT_INIT.
//
//systrap:entry stack=4096
//systrap:calls start
func libraryEntry()

var n int

func start() { n++ }

func main() {}
