package systrap

import "unsafe"

// A library may hold several tools (`systrap build -o both.so ./a ./b`), which nest in
// order as layers between the program and the kernel: a's Enter sees the call as the
// program made it, b's as a has left it; a's Exit sees the result as b has left it. A
// library of one does not come here but for one comparison.
// See docs/decisions/tools-in-one-library.md.

// maxTools is how many there can be (internal/freestanding, chain.go).
const maxTools = 4

var (
	tools     [maxTools]Tool
	toolCount int32
)

// chained is what a Call holds of each tool.
type chained struct {
	users [maxTools]uint64
	// entered is of how many tools the Enter was called; entering is set while one
	// of them runs.
	entered  uint8
	entering bool
}

// addTool adds t to the library. tool stands for all: its functions only say which there
// are.
func addTool(t Tool) {
	tools[toolCount] = t
	toolCount++
	sumTools()
}

// sumTools makes tool out of tools.
func sumTools() {
	if toolCount == 1 {
		tool = tools[0]
		logTool = tool.Name
		return
	}
	tool = Tool{Enter: enterNothing}
	l := LineOn(toolNames[:])
	for i := range tools[:toolCount] {
		t := &tools[i]
		if i > 0 {
			l.Byte('+')
		}
		l.Str(t.Name)
		if t.Init != nil {
			tool.Init = t.Init
		}
		if t.Exec != nil {
			tool.Exec = t.Exec
		}
		if t.Exit != nil {
			tool.Exit = t.Exit
		}
		if t.Signal != nil {
			tool.Signal = t.Signal
		}
		if t.Fini != nil {
			tool.Fini = t.Fini
		}
	}
	tool.Name = unsafe.String(&toolNames[0], l.Len())
	logTool = tool.Name
}

var toolNames [128]byte

func enterNothing(*Call) Verdict { return Pass }

// initTools calls the Inits in order; a tool whose Init returns false is left out. It
// returns false if none is left.
func initTools() bool {
	if toolCount < 2 {
		return tool.Init == nil || tool.Init(&self.Process)
	}
	options := self.Options
	left := int32(0)
	for i := range tools[:toolCount] {
		t := &tools[i]
		tool.Name = t.Name
		logTool = t.Name
		self.Options = optionsOf(options, i)
		if t.Init == nil || t.Init(&self.Process) {
			tools[left] = *t
			left++
		}
	}
	self.Options = options
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

func enterTools(c *Call) Verdict {
	if toolCount < 2 {
		return tool.Enter(c)
	}
	ch := &frameOf(c).chained
	*ch = chained{entering: true}
	for i := range tools[:toolCount] {
		c.User = 0
		ch.entered++
		if tools[i].Enter != nil && tools[i].Enter(c) == Replace {
			ch.users[i] = c.User
			ch.entering = false
			return Replace
		}
		ch.users[i] = c.User
	}
	ch.entering = false
	return Pass
}

func exitTools(c *Call) {
	if toolCount < 2 {
		tool.Exit(c)
		return
	}
	ch := &frameOf(c).chained
	replaced := c.Replaced
	for i := int(ch.entered) - 1; i >= 0; i-- {
		if !ch.entering {
			c.User = ch.users[i]
		}
		ch.entering = false // a signal ended the call in the Enter of the last
		c.Replaced = replaced && i == int(ch.entered)-1
		if tools[i].Exit != nil {
			tools[i].Exit(c)
		}
	}
	c.Replaced = replaced
}

func execTools(c *Call) {
	if toolCount < 2 {
		tool.Exec(c)
		return
	}
	ch := &frameOf(c).chained
	for i := range tools[:ch.entered] {
		if tools[i].Exec != nil {
			c.User = ch.users[i]
			tools[i].Exec(c)
			ch.users[i] = c.User
		}
	}
}

func signalTools(s *Signal) {
	if toolCount < 2 {
		tool.Signal(s)
		return
	}
	for i := range tools[:toolCount] {
		if tools[i].Signal != nil {
			tools[i].Signal(s)
		}
	}
}

func finiTools(status int) {
	if toolCount < 2 {
		tool.Fini(status)
		return
	}
	for i := range tools[:toolCount] {
		if tools[i].Fini != nil {
			tools[i].Fini(status)
		}
	}
}
