// Package rooms keeps the imports of this repository to the picture in ARCHITECTURE.md, the fenced block
// that begins with ```rooms. It is the only place where the rooms and their order are written down:
//
//	# a heading
//	room          what lives there
//	    -> rooms that it imports, separated by commas
//
// A room is a package by its folder, or with /... all packages below a folder that have no line of their own; those
// import each other only if the arrow names the room itself. Rooms are drawn from the top down: an arrow leads to a
// room further down.
//
// Tests (_test.go) have a laxer rule. They may import what their package may, what can be reached from there by
// arrows, and the rooms that the line `tests` has arrows to.
// See docs/decisions/rooms-as-drawn.md.
package rooms

import (
	"fmt"
	"slices"
	"strings"
)

// Tests is the name of the line that says what all tests may import.
const Tests = "tests"

// Package is what a package of the module imports of the module, by folders.
type Package struct {
	Dir         string
	Imports     []string
	TestImports []string
}

// room is one line of the picture.
type room struct {
	name   string
	arrows []string
}

// Picture is what is drawn, from the top down.
type Picture struct{ rooms []room }

// Parse reads the picture out of the text of ARCHITECTURE.md.
func Parse(text string) (*Picture, error) {
	const begin, end = "\n```rooms\n", "\n```\n"
	_, block, found := strings.Cut(text, begin)
	if !found {
		return nil, fmt.Errorf("no block that begins with ```rooms")
	}
	block, _, found = strings.Cut(block, end)
	if !found || strings.Contains(block, "```") {
		return nil, fmt.Errorf("the block ```rooms has no end")
	}
	p := new(Picture)
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, "\n")
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || line[0] == '#':
		case line[0] != ' ':
			if p.find(words[0]) >= 0 {
				return nil, fmt.Errorf("%s is drawn twice", words[0])
			}
			p.rooms = append(p.rooms, room{name: words[0]})
		default:
			list, isArrow := strings.CutPrefix(strings.TrimSpace(line), "->")
			if !isArrow || len(p.rooms) == 0 {
				return nil, fmt.Errorf("neither a room nor an arrow: %q", line)
			}
			r := &p.rooms[len(p.rooms)-1]
			for to := range strings.SplitSeq(list, ",") {
				r.arrows = append(r.arrows, strings.TrimSpace(to))
			}
		}
	}
	return p, nil
}

// find returns the index of the room called name, or -1.
func (p *Picture) find(name string) int {
	return slices.IndexFunc(p.rooms, func(r room) bool { return r.name == name })
}

// roomOf returns the index of the room that a folder belongs to, that with the longest name if there are several, or
// -1.
func (p *Picture) roomOf(dir string) int {
	if i := p.find(dir); i >= 0 {
		return i
	}
	best := -1
	for i, r := range p.rooms {
		above, all := strings.CutSuffix(r.name, "...")
		if all && strings.HasPrefix(dir+"/", above) && (best < 0 || len(r.name) > len(p.rooms[best].name)) {
			best = i
		}
	}
	return best
}

// Check compares the picture with the packages that there are, and returns a line for each difference.
func Check(p *Picture, packages []Package) []string {
	c := checker{p: p, lives: make([]bool, len(p.rooms)), used: map[[2]int]bool{}}
	c.checkArrows()
	for _, pkg := range packages {
		from := p.roomOf(pkg.Dir)
		if from < 0 || p.rooms[from].name == Tests {
			c.say("%s is not in the picture", pkg.Dir)
			continue
		}
		c.lives[from] = true
		for _, to := range pkg.Imports {
			if !c.allowed(from, to, pkg.Dir) {
				c.say("%s imports %s: against the picture", pkg.Dir, to)
			}
		}
		for _, to := range pkg.TestImports {
			if !c.allowed(from, to, pkg.Dir) && !c.allowedInTest(from, to) {
				c.say("a test of %s imports %s: against the picture", pkg.Dir, to)
			}
		}
	}
	for i, r := range p.rooms {
		if r.name != Tests && !c.lives[i] {
			c.say("%s is drawn, and there is no such package", r.name)
			continue
		}
		for _, to := range r.arrows {
			if j := p.find(to); j >= 0 && !c.used[[2]int{i, j}] {
				c.say("%s -> %s is drawn, and nothing there imports it", r.name, to)
			}
		}
	}
	return c.lines
}

// checker is the state of a Check.
type checker struct {
	p     *Picture
	lives []bool          // whether a room has a package
	used  map[[2]int]bool // arrows that stand for an import, by the rooms' indices
	lines []string
}

func (c *checker) say(format string, args ...any) {
	c.lines = append(c.lines, fmt.Sprintf(format, args...))
}

// checkArrows looks for arrows that lead up, which is what a cycle has, and for those that lead nowhere.
func (c *checker) checkArrows() {
	for i, r := range c.p.rooms {
		for _, to := range r.arrows {
			switch j := c.p.find(to); {
			case j < 0:
				c.say("%s -> %s: there is no such room in the picture", r.name, to)
			case j < i:
				c.say("%s -> %s leads up: a cycle, or %s is drawn too high", r.name, to, to)
			case j == i && !strings.HasSuffix(r.name, "/..."):
				c.say("%s -> %s leads to itself", r.name, to)
			}
		}
	}
}

// allowed says whether an arrow leads from a room to that of a package, or the package is that at dir itself.
func (c *checker) allowed(from int, to, dir string) bool {
	if to == dir {
		return true
	}
	j := c.p.roomOf(to)
	if j < 0 || !slices.Contains(c.p.rooms[from].arrows, c.p.rooms[j].name) {
		return false
	}
	c.used[[2]int{from, j}] = true
	return true
}

// allowedInTest says whether tests of a room may import a package besides.
func (c *checker) allowedInTest(from int, to string) bool {
	if i := c.p.find(Tests); i >= 0 && c.allowed(i, to, "") {
		return true
	}
	j := c.p.roomOf(to)
	return j >= 0 && c.reaches(from, j)
}

// reaches says whether arrows lead from one room to another. They lead down, so this comes to an end.
func (c *checker) reaches(from, to int) bool {
	for _, name := range c.p.rooms[from].arrows {
		if j := c.p.find(name); j == to || j > from && c.reaches(j, to) {
			return true
		}
	}
	return false
}
