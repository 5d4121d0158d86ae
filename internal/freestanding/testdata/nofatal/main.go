// Command nofatal has no function marked fatal.
package main

var initFn = start

// libraryEntry is DT_INIT.
//
//systrap:entry stack=4096
//systrap:calls start
func libraryEntry()

var table [4]int

var n int

func start() { n = table[n] } // want "no fatal stub"

func main() {}
