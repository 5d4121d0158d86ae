// Failcall makes chosen system calls fail with a chosen errno, without
// performing them.
//
//	systrap build -o failcall.so ./examples/failcall
//	SYSTRAP_OPTIONS=getdents64:EACCES LD_PRELOAD=./failcall.so ls
package main

import "libsystrap/systrap"

func main() {
	systrap.Run(systrap.Tool{Name: "failcall", Init: configure, Enter: enter})
}

// maxCalls is above the number of every call.
const maxCalls = 512

// rule says with what and when a call fails; the zero rule lets it pass.
type rule struct {
	errno int64
	// after is how many calls pass before the first that fails.
	after int64
	// seen counts the calls made so far, over all threads.
	seen counter
}

var rules [maxCalls]rule

func enter(c *systrap.Call) systrap.Verdict {
	if uint64(c.Sysno) >= maxCalls {
		return systrap.Pass
	}
	r := &rules[c.Sysno]
	if r.errno == 0 || r.seen.next() < r.after {
		return systrap.Pass
	}
	// The kernel's way to say so: the negated errno in the result.
	c.Result = -r.errno
	return systrap.Replace
}
