package core

import (
	"libsystrap/internal/sys"
)

// The types of package systrap, where their documentation is: they have the same fields.

// Verdict is systrap.Verdict.
type Verdict uint8

const (
	Pass Verdict = iota
	Replace
	// Turn has the program call the function whose frame Call.Turn returned.
	Turn
)

// Call is systrap.Call: what a tool sees of a call. What only we know of it lies beside it,
// in the entry stub's frame.
type Call struct {
	Sysno       int64
	Args        [6]uint64
	Result      int64
	PC          uint64
	SP          uint64
	User        uint64
	Child       bool
	CloneFlags  uint64
	Replaced    bool
	NoReturn    bool
	Interrupted bool
	NotMade     bool
	Doubtful    bool
}

// Failed says whether Result is a negated errno.
func (c *Call) Failed() bool { return c.Result < 0 && c.Result >= -sys.MaxErrno }

// Process is systrap.Process.
type Process struct {
	Pid              int
	Options          string
	Execed           bool
	Begun, Untold    bool
	LogGone          bool
	Attached, Others bool
	Stopped          int
	Path, Args, Env  uint64
}

// Signal is systrap.Signal.
type Signal struct {
	Signo   int
	Info    uint64
	PC      uint64
	Handler uint64
}

// Fatal says whether the signal ends the process.
func (s *Signal) Fatal() bool { return s.Handler == 0 }

// Tool is what the tools of the library want to be called for, as one: functions of package
// systrap, which calls theirs. nil is for what none of them wants.
type Tool struct {
	Name   string
	Init   func(*Process) bool
	Enter  func(*Call) Verdict
	Exec   func(*Call)
	Exit   func(*Call)
	Signal func(*Signal)
	Fini   func(ExitStatus)
	Leave  func(*Process)
}

// ExitStatus is that of Tool.Fini: a type of its own tells the verifier these functions from
// those of the tools (internal/freestanding, funcvalue.go).
type ExitStatus int

// Chain is what a library of several tools keeps of a call (systrap/chain.go).
type Chain struct {
	// Users are the tools' Call.User.
	Users [MaxTools]uint64
	// Entered is of how many tools the Enter was called; Entering is set while one
	// of them runs.
	Entered  uint8
	Entering bool
}

// MaxTools is how many there can be (internal/freestanding, chain.go).
const MaxTools = 4

// ChainOf returns what is kept of c.
func ChainOf(c *Call) *Chain { return &frameOf(c).chain }
