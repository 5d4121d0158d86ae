package systrap

import (
	"unsafe"

	"libsystrap/internal/core"
	"libsystrap/internal/tracelog"
)

// A library may hold several tools (`systrap build -o both.so ./a ./b`), which nest in
// order as layers between the program and the kernel: a's Enter sees the call as the
// program made it, b's as a has left it; a's Exit sees the result as b has left it. A
// library of one does not come here but for one comparison.
// See docs/decisions/tools-in-one-library.md.

var (
	tools     [core.MaxTools]Tool
	toolCount int32
)

// addTool adds t to the library.
func addTool(t Tool) {
	tools[toolCount] = t
	toolCount++
	sumTools()
}

// sumTools makes one tool for the core out of tools: its functions are those below, for
// what there is.
func sumTools() {
	sum := core.Tool{Name: tools[0].Name}
	if toolCount > 1 {
		l := LineOn(toolNames[:])
		for i := range tools[:toolCount] {
			if i > 0 {
				l.Byte('+')
			}
			l.Str(tools[i].Name)
		}
		sum.Name = unsafe.String(&toolNames[0], l.Len())
		sum.Enter = enterTools // it counts, too
	}
	for i := range tools[:toolCount] {
		t := &tools[i]
		if t.Init != nil {
			sum.Init = initTools
		}
		if t.Enter != nil {
			sum.Enter = enterTools
		}
		if t.Exec != nil {
			sum.Exec = execTools
		}
		if t.Exit != nil {
			sum.Exit = exitTools
		}
		if t.Signal != nil {
			sum.Signal = signalTools
		}
		if t.Fini != nil {
			sum.Fini = finiTools
		}
		if t.Leave != nil {
			sum.Leave = leaveTools
		}
	}
	core.SetTool(sum)
}

var toolNames [128]byte

// initTools calls the Inits in order; a tool whose Init returns false is left out. It
// returns false if none is left.
func initTools(p *core.Process) bool {
	if toolCount < 2 {
		return tools[0].Init((*Process)(p))
	}
	options := p.Options
	left := int32(0)
	for i := range tools[:toolCount] {
		t := &tools[i]
		tracelog.Tool = t.Name
		p.Options = optionsOf(options, i)
		if t.Init == nil || t.Init((*Process)(p)) {
			tools[left] = *t
			left++
		}
	}
	p.Options = options
	if toolCount = left; left > 0 {
		sumTools()
	}
	return left > 0
}

// optionsOf returns the part of SYSTRAP_OPTIONS for tool i: parts are separated by words
// "--", and if there is none, all is everybody's.
func optionsOf(o string, i int) string {
	start, part := 0, 0
	for k := 0; k+1 < len(o); k++ {
		if o[k] != '-' || o[k+1] != '-' || k > 0 && o[k-1] != ' ' || k+2 < len(o) && o[k+2] != ' ' {
			continue
		}
		if part == i {
			return trimSpaces(o[start:k])
		}
		part++
		start = k + 2
	}
	if part == i || part == 0 {
		return trimSpaces(o[start:])
	}
	return ""
}

func trimSpaces(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func enterTools(at *core.Call) core.Verdict {
	c := (*Call)(at)
	if toolCount < 2 {
		return core.Verdict(tools[0].Enter(c))
	}
	ch := core.ChainOf(at)
	*ch = core.Chain{Entering: true}
	for i := range tools[:toolCount] {
		c.User = 0
		ch.Entered++
		if tools[i].Enter != nil && tools[i].Enter(c) == Replace {
			ch.Users[i] = c.User
			ch.Entering = false
			return core.Replace
		}
		ch.Users[i] = c.User
	}
	ch.Entering = false
	return core.Pass
}

func exitTools(at *core.Call) {
	c := (*Call)(at)
	if toolCount < 2 {
		tools[0].Exit(c)
		return
	}
	ch := core.ChainOf(at)
	replaced := c.Replaced
	for i := int(ch.Entered) - 1; i >= 0; i-- {
		if !ch.Entering {
			c.User = ch.Users[i]
		}
		ch.Entering = false // a signal ended the call in the Enter of the last
		c.Replaced = replaced && i == int(ch.Entered)-1
		if tools[i].Exit != nil {
			tools[i].Exit(c)
		}
	}
	c.Replaced = replaced
}

func execTools(at *core.Call) {
	c := (*Call)(at)
	if toolCount < 2 {
		tools[0].Exec(c)
		return
	}
	ch := core.ChainOf(at)
	for i := range tools[:ch.Entered] {
		if tools[i].Exec != nil {
			c.User = ch.Users[i]
			tools[i].Exec(c)
			ch.Users[i] = c.User
		}
	}
}

func signalTools(at *core.Signal) {
	s := (*Signal)(at)
	if toolCount < 2 {
		tools[0].Signal(s)
		return
	}
	for i := range tools[:toolCount] {
		if tools[i].Signal != nil {
			tools[i].Signal(s)
		}
	}
}

func finiTools(s core.ExitStatus) {
	status := int(s)
	if toolCount < 2 {
		tools[0].Fini(status)
		return
	}
	for i := range tools[:toolCount] {
		if tools[i].Fini != nil {
			tools[i].Fini(status)
		}
	}
}

func leaveTools(p *core.Process) {
	for i := range tools[:toolCount] {
		if tools[i].Leave != nil {
			tools[i].Leave((*Process)(p))
		}
	}
}
