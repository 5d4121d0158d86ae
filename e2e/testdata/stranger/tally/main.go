// Tally says at a program's end how many system calls it has made, and how many failed.
package main

import (
	"example.com/stranger/counter"
	"libsystrap/systrap"
)

func main() {
	systrap.Run(systrap.Tool{Name: "tally", Enter: enter, Exit: exit, Fini: end})
}

var made, failed counter.Counter

func enter(*systrap.Call) systrap.Verdict {
	made.Add()
	return systrap.Pass
}

func exit(c *systrap.Call) {
	if c.Failed() {
		failed.Add()
	}
}

func end(int) {
	var buf [80]byte
	l := systrap.LineOn(buf[:])
	l.Int(made.Value())
	l.Str(" calls, ")
	l.Int(failed.Value())
	l.Str(" failed")
	systrap.Complain(&l)
}
