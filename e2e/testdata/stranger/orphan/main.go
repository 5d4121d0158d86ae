// Orphan has every process believe that its parent is process 1.
package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

func main() {
	systrap.Run(systrap.Tool{Name: "orphan", Enter: enter})
}

func enter(c *systrap.Call) systrap.Verdict {
	if c.Sysno == unix.SYS_GETPPID {
		c.Result = 1
		return systrap.Replace
	}
	return systrap.Pass
}
