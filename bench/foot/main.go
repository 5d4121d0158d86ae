// Foot is a tool that asks for the footprint of every call that has one and does nothing with it: what it costs more than noop is
// the price of package footprint.
package main

import (
	"libsystrap/footprint"
	"libsystrap/systrap"
)

func main() { systrap.Run(systrap.Tool{Name: "foot", Enter: enter, Exit: exit}) }

func enter(c *systrap.Call) systrap.Verdict {
	if !footprint.Touches(c.Sysno) {
		return systrap.Pass
	}
	for it := footprint.Before(c); it.Next(); {
	}
	c.User = uint64(footprint.Save(c))
	return systrap.Pass
}

func exit(c *systrap.Call) {
	if !footprint.Touches(c.Sysno) {
		return
	}
	for it := footprint.After(c, footprint.Saved(c.User)); it.Next(); {
	}
}
