package freestanding

import (
	"fmt"
	"strings"
)

// Reason names why code was rejected. The values are stable; tests and scripts may match them.
type Reason string

// Reasons of the source reader.
const (
	ReasonDirective Reason = "bad directive"
)

// Frame is one step of a call chain, innermost first.
type Frame struct {
	Func string
	Pos  string // file:line of the call
}

// Problem is one rejection.
type Problem struct {
	Reason  Reason
	Pos     string // file:line
	What    string
	Instead string // what to write instead
	Chain   []Frame
}

// Error formats p on several lines: position, reason and what, the advice, and the call chain from
// the rejected code up to the entry.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", p.Pos, p.Reason, p.What)
	if p.Instead != "" {
		fmt.Fprintf(&b, "\n\tinstead: %s", p.Instead)
	}
	for i, f := range p.Chain {
		word := "called from"
		if i == 0 {
			word = "in"
		}
		fmt.Fprintf(&b, "\n\t%s %s (%s)", word, f.Func, f.Pos)
	}
	return b.String()
}
