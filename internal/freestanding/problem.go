package freestanding

import (
	"fmt"
	"strings"
)

// Reason names why code was rejected. The values are stable; scripts may match them.
type Reason string

// What Go source must not do, found by the runtime function that the compiler calls for it.
const (
	ReasonAlloc     Reason = "heap allocation"
	ReasonAppend    Reason = "append that grows"
	ReasonConcat    Reason = "string concatenation"
	ReasonString    Reason = "string conversion"
	ReasonMap       Reason = "map"
	ReasonChan      Reason = "channel"
	ReasonGo        Reason = "goroutine"
	ReasonDefer     Reason = "defer"
	ReasonPanic     Reason = "panic or recover"
	ReasonInterface Reason = "interface conversion"
	ReasonCompare   Reason = "interface comparison"
	ReasonPrint     Reason = "print or println"
	ReasonCopy      Reason = "bulk copy of pointers"
	ReasonRuntime   Reason = "call into the runtime"
	ReasonPackage   Reason = "unmarked package"
	ReasonInit      Reason = "init function"
	ReasonVariable  Reason = "dynamic package variable"
	ReasonMethod    Reason = "interface method call"
	ReasonIndirect  Reason = "unbounded indirect call"
	ReasonRecursion Reason = "recursion"
	ReasonStack     Reason = "stack budget exceeded"
)

// What machine code must not do; compiled code never does, assembly or a damaged file may.
const (
	ReasonFS        Reason = "%fs or %gs access"
	ReasonGLoad     Reason = "unknown g load"
	ReasonR14       Reason = "R14 written by assembly"
	ReasonX15       Reason = "X15 written by assembly"
	ReasonDecode    Reason = "undecodable instruction"
	ReasonSyscall   Reason = "system call instruction"
	ReasonSP        Reason = "untracked stack pointer"
	ReasonBranch    Reason = "branch to nowhere"
	ReasonWrite     Reason = "write outside our variables"
	ReasonCalls     Reason = "unproven func variable"
	ReasonRemoved   Reason = "call of removed code"
	ReasonRedirect  Reason = "damaged redirection"
	ReasonReloc     Reason = "damaged relocation"
	ReasonHeader    Reason = "wrong header"
	ReasonUnreached Reason = "unverified code"
)

// What is wrong with the directives.
const (
	ReasonDirective Reason = "bad directive"
	ReasonNoFatal   Reason = "no fatal stub"
)

// Frame is one step of a call chain.
type Frame struct {
	Func string
	Pos  string // file:line of the rejected code, then of each call
}

// Problem is one rejection.
type Problem struct {
	Reason  Reason
	Pos     string // file:line
	What    string
	Instead string  // what to write instead
	Chain   []Frame // from the rejected code up to the entry
}

// Error formats p on several lines.
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

// Rejection is the error of a build or verification that found problems.
type Rejection struct {
	Problems []*Problem
}

// maxShown bounds the problems that Error prints.
const maxShown = 20

func (r *Rejection) Error() string {
	var b strings.Builder
	for i, p := range r.Problems {
		if i == maxShown {
			fmt.Fprintf(&b, "… and %d more\n", len(r.Problems)-i)
			break
		}
		b.WriteString(p.Error() + "\n")
	}
	plural := "s"
	if len(r.Problems) == 1 {
		plural = ""
	}
	fmt.Fprintf(&b, "%d problem%s: %v", len(r.Problems), plural, ErrRejected)
	return b.String()
}

// Unwrap makes errors.Is(err, ErrRejected) true.
func (r *Rejection) Unwrap() error { return ErrRejected }

// reject returns the problems as an error, nil if there are none.
func reject(problems []*Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Rejection{problems}
}
