// Outer is one of the two tools of TestChain.
package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/e2e/chain/layer"
	"libsystrap/systrap"
)

const name = "outer"

func main() {
	systrap.Run(systrap.Tool{Name: name, Init: begin, Enter: enter, Exec: execs, Exit: exit, Signal: signal, Fini: end})
}

func begin(p *systrap.Process) bool {
	layer.Say(name, "init, options", int64(len(p.Options)), 0)
	return p.Options != "out"
}

func enter(c *systrap.Call) systrap.Verdict {
	if !layer.Heard(c) {
		return systrap.Pass
	}
	layer.Say(name, "enter", int64(c.Args[0]&0o777), int64(c.User))
	c.User = 11
	switch c.Sysno {
	case unix.SYS_UMASK:
		c.Args[0] |= 11
	case unix.SYS_GETSID:
		c.Result = -int64(unix.EPERM)
		return systrap.Replace
	}
	return systrap.Pass
}

func execs(c *systrap.Call) { layer.Say(name, "exec", 0, int64(c.User)) }

func exit(c *systrap.Call) { layer.Exit(name, c) }

func signal(s *systrap.Signal) { layer.Say(name, "signal", int64(s.Signo), 0) }

func end(status int) { layer.Say(name, "fini", int64(status), 0) }
